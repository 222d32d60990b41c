# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The video codec: what is taken out of an archive, what is never, and how it is installed on a host of a few attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Key, RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest, converge, plan
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources import _codec_archive as archive

from .test_requests import resource

BOTH = (archive.WIDE, archive.NARROW)
INFS = ("x86_version/scpr.inf", "x64_version/scpr64.inf")


class Fake:
    """A host whose views have the drivers given; what SYSTEM runs registers one for the program's view, or returns `code`."""

    name = "pc01"
    staging = "C:\\Windows\\uamops"

    def __init__(self, bits: int = 64, wide: str = "", narrow: str = "", code: int = 0) -> None:
        self.system = SimpleNamespace(bits=bits, directory="C:\\Windows")
        self.drivers = {False: wide, True: narrow}
        self.lines: list[str] = []
        self.delivered: list[str] = []
        self.removed: list[str] = []
        self.notes: list[str] = []
        self._code = code
        self.registry = SimpleNamespace(expect=lambda _path: None, key=self._key)
        self.files = SimpleNamespace(
            make_folder=lambda _path: None, use=lambda **_options: None, deliver=self._deliver, remove=self.removed.append, remove_staged=self.removed.append
        )

    def _key(self, path: str) -> Key:
        driver = self.drivers["WOW6432Node" in path]
        return Key({"vidc.spv1": RegistryValue("vidc.spv1", "REG_SZ", driver)} if driver else {})

    def _deliver(self, _local: Path, remote: str, _sha256: str, _way: str) -> SimpleNamespace:
        self.delivered.append(remote)
        return SimpleNamespace(describe=lambda: "3 bytes")

    def as_system(self, lines: Sequence[str], _time_limit: float, _purpose: str) -> int:
        """As Host's."""
        self.lines += lines
        if "rundll32" in lines[0]:
            self.drivers["SysWOW64" in lines[0]] = "new.dll"
        elif self._code == 0:
            self.drivers = dict.fromkeys(self.drivers, "new.dll")
        return self._code

    def prepare_staging(self) -> None:
        """As Host's."""

    def ready(self) -> None:
        """As Host's."""

    def forget(self) -> None:
        """As Host's."""

    def tell(self, note: str) -> None:
        """As Host's."""

    def await_restart(self, note: str) -> None:
        """As Host's."""
        self.notes.append(note)


def _zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def _vendor(folder: Path) -> str:
    return str(_zip(folder / "codec.zip", {**dict.fromkeys(INFS, b"inf"), "x86_version/scpr.dll": b"dll", "x64_version/scpr64.dll": b"dll"}))


def _converge(fake: Fake, **options: Any) -> Any:
    return converge(cast(Host, fake), [resource("video_codec", **options)])[0]


@pytest.mark.parametrize(
    ("names", "views", "asked", "chosen"),
    [
        (INFS, BOTH, (), INFS[::-1]),
        (INFS, (archive.NARROW,), (), (INFS[0],)),
        ((*INFS, "Setup.EXE"), BOTH, (), ("Setup.EXE",)),
        ((*INFS, "a.exe", "b.exe"), BOTH, (), INFS[::-1]),
        ((*INFS, "a.exe", "b.exe"), BOTH, ("B.EXE",), ("b.exe",)),
        (INFS, BOTH, ("\\X86_version\\SCPR.inf",), (INFS[0],)),
    ],
)
def test_what_is_installed(names: Sequence[str], views: Sequence[str], asked: Sequence[str], chosen: Sequence[str]) -> None:
    """What is named; else the only installer; else the .inf for each view that lacks the codec."""
    assert archive.choose(names, views, asked, "codec.zip") == chosen


@pytest.mark.parametrize(
    ("names", "asked", "sentence"),
    [
        (("a.exe", "b.exe"), (), "more than one installer"),
        ((), (), "no .inf file for 64-bit"),
        ((*INFS, "amd64/b.inf"), (), "more than one .inf file for 64-bit"),
        (("readme.txt",), ("readme.txt",), "neither an .exe nor an .inf"),
        ((), ("x.inf",), "none at all"),
    ],
)
def test_what_is_not_clear_is_asked(names: Sequence[str], asked: Sequence[str], sentence: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadRequest, match=sentence):
        archive.choose(names, BOTH, asked, "codec.zip")


def test_only_what_lies_beside_it_goes_along(tmp_path: Path) -> None:
    """Neither other folders nor those below it; an installer goes alone."""
    path = _zip(tmp_path / "a.zip", {"x64/a.inf": b"1", "x64/a.dll": b"2", "x64/more/b.dll": b"3", "c.dll": b"4"})
    assert archive.companions(path, "a.zip", "x64/a.inf", alone=False) == {"a.inf": b"1", "a.dll": b"2"}
    assert archive.companions(path, "a.zip", "c.dll", alone=True) == {"c.dll": b"4"}


@pytest.mark.parametrize("name", ["../a.inf", "a/../../b.inf", "/etc/a.inf", "C:/a.inf", "..\\a.inf"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    """An archive with such a name is used for nothing, whatever else is in it."""
    path = _zip(tmp_path / "a.zip", {"a.inf": b"", name: b""})
    with pytest.raises(BadRequest, match="leads out of it"):
        archive.listed(path, "a.zip")


def test_links_odd_names_and_passwords_are_refused(tmp_path: Path) -> None:
    """A symbolic link, a name that a command line or Windows reads otherwise, an encrypted file."""
    link = ZipInfo("a.inf")
    link.external_attr = 0o120777 << 16
    with ZipFile(tmp_path / "link.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    with pytest.raises(BadRequest, match="leads out of it"):
        archive.listed(tmp_path / "link.zip", "link.zip")
    odd = _zip(tmp_path / "odd.zip", {"x/a.inf": b"", "x/b%c&.dll": b""})
    with pytest.raises(BadRequest, match="not taken to a host"):
        archive.companions(odd, "odd.zip", "x/a.inf", alone=False)
    locked = _zip(tmp_path / "locked.zip", {"a.inf": b"x"})
    data = bytearray(locked.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + place] |= 1
    locked.write_bytes(data)
    with pytest.raises(BadRequest, match="protected by a password"):
        archive.companions(locked, "locked.zip", "a.inf", alone=True)


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the archive says, by what really comes out of it, and by the number of its files."""
    path = _zip(tmp_path / "bomb.zip", {"a.inf": bytes(5000), "b.dll": bytes(5000)})
    monkeypatch.setattr(archive, "_MOST_BYTES", 8000)
    with pytest.raises(BadRequest, match="unpacks to more than"):
        archive.companions(path, "bomb.zip", "a.inf", alone=False)
    monkeypatch.setattr(archive, "_MOST_BYTES", 4000)
    with ZipFile(path) as opened, pytest.raises(BadRequest, match="which is no codec"):
        archive._read(opened.open("a.inf"), "bomb.zip", "a.inf")
    monkeypatch.setattr(archive, "_MOST_ENTRIES", 1)
    with pytest.raises(BadRequest, match="holds 2 files"):
        archive.listed(path, "bomb.zip")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"<html>"])
def test_what_is_no_archive_is_told(tmp_path: Path, data: bytes) -> None:
    """One sentence, whatever the reader of archives raises."""
    path = tmp_path / "page.zip"
    path.write_bytes(data)
    with pytest.raises(BadRequest, match=r"page\.zip is no archive that can be opened"):
        archive.listed(path, "page.zip")


def test_each_view_is_set_up_by_its_own_rundll32(tmp_path: Path) -> None:
    """The 32-bit .inf from SysWOW64 where there is one; never a mode that could ask for a restart; the path without quotation marks."""
    fake = Fake()
    change = _converge(fake, package=_vendor(tmp_path))
    assert fake.lines == [
        '"C:\\Windows\\System32\\rundll32.exe" setupapi.dll,InstallHinfSection DefaultInstall 128 C:\\Windows\\uamops\\codec0\\scpr64.inf',
        '"C:\\Windows\\SysWOW64\\rundll32.exe" setupapi.dll,InstallHinfSection DefaultInstall 128 C:\\Windows\\uamops\\codec1\\scpr.inf',
    ]
    assert fake.removed == ["C:\\Windows\\uamops\\codec0", "C:\\Windows\\uamops\\codec1"]
    assert change.after == {"64-bit": "present", "32-bit": "present"}
    assert not _converge(fake, package=_vendor(tmp_path)).changed


def test_on_32_bit_windows_there_is_one_view(tmp_path: Path) -> None:
    """Its programs are 32-bit ones, and its only rundll32 is in System32."""
    fake = Fake(bits=32)
    assert _converge(fake, package=_vendor(tmp_path)).after == {"32-bit": "present"}
    assert [line.split("\\")[2] for line in fake.lines] == ["System32"]
    assert fake.delivered == ["C:\\Windows\\uamops\\codec0\\scpr.inf", "C:\\Windows\\uamops\\codec0\\scpr.dll"]


def test_an_installers_exit_code_counts(tmp_path: Path) -> None:
    """A failure is told and leaves the file; a restart that it wants is said, and what shows after it only is no failed change."""
    setup = tmp_path / "setup.exe"
    setup.write_bytes(b"exe")
    failing = Fake(code=5)
    with pytest.raises(ApplyFailed, match="could not install the codec on pc01"):
        _converge(failing, package=str(setup), arguments="/S")
    assert failing.removed == []
    late = Fake(code=3010)
    assert _converge(late, package=str(setup), arguments="/S").changed
    assert "has been restarted" in late.notes[0]
    assert late.removed == ["C:\\Windows\\uamops\\setup.exe"]


def test_any_of_the_drivers_will_do() -> None:
    """Names in any case; which file is registered does not matter; without the codec a plan says what is missing where."""
    have = Fake(wide="a.dll", narrow="b.dll")
    (change,) = plan(cast(Host, have), [resource("video_codec", drivers=["vidc.none", "VIDC.SPV1"])])
    assert (change.changed, change.before) == (False, {"64-bit": "a.dll", "32-bit": "b.dll"})
    (change,) = plan(cast(Host, Fake(wide="a.dll")), [resource("video_codec")])
    assert "lacks the codec vidc.spv1 for 32-bit programs; give package" in change.warnings[0]
