# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework on a host of a few attributes: which release will do, what the installer's exit codes mean, where its file lies."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._registry import Key, RegistryValue
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import Cache
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest, Missing, State, converge, plan
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources import _brought_file

from .test_requests import resource

_472, _48 = 461814, 528049
_SHARE = "\\\\fs01\\software\\ndp48.exe"


class Fake:
    """A host with a release, an installer that returns `code` and, unless `late`, brings 4.8."""

    name = "ws2016"
    staging = "C:\\Windows\\uamops"
    system = SimpleNamespace(directory="C:\\Windows")

    def __init__(self, release: int | None, code: int = 0, *, late: bool = False, pending: bool = False, hashes: str | None = "ab") -> None:
        self.release = release
        self.lines: list[str] = []
        self.delivered: list[str] = []
        self.removed: list[str] = []
        self.notes: list[str] = []
        self.reboot_required = False
        self._code, self._late = code, late
        self.restart = SimpleNamespace(reasons=lambda: ("servicing",) if pending else ())
        self.registry = SimpleNamespace(expect=lambda _path: None, key=self._key)
        self.files = SimpleNamespace(
            make_folder=lambda _path: None, use=lambda **_options: None, deliver=self._deliver, remove=self.removed.append, sha256=lambda _path: hashes
        )

    def _key(self, path: str) -> Key | None:
        return Key() if self.release is None else Key({"release": RegistryValue("Release", "REG_DWORD", self.release)})

    def _deliver(self, local: Path, remote: str, sha256: str, way: str) -> SimpleNamespace:
        assert hashlib.sha256(local.read_bytes()).hexdigest() == sha256
        self.delivered.append(f"{remote} {way}")
        return SimpleNamespace(describe=lambda: "3 bytes")

    def as_system(self, lines: list[str], _time_limit: float, _purpose: str) -> int:
        """As Host's."""
        self.lines += lines
        if lines[0].startswith("copy"):
            return 0
        if not self._late and self._code in (0, 1641, 3010):
            self.release = _48
        return self._code

    def ready(self) -> None:
        """As Host's."""

    def expect_restart(self) -> None:
        """As Host's."""

    def forget(self) -> None:
        """As Host's."""

    def tell(self, note: str) -> None:
        """As Host's."""
        self.notes.append(note)


def run(host: Fake, **options: Any) -> State | None:
    """Converge one resource and return what was wanted."""
    (change,) = converge(cast(Host, host), [resource("dotnet_framework", **options)])
    return change.after if change.changed else None


@pytest.fixture
def installer(tmp_path: Path) -> str:
    """A file of the controller."""
    path = tmp_path / "ndp48.exe"
    path.write_bytes(b"exe")
    return str(path)


@pytest.mark.parametrize("release", [528040, _48, 533320])
def test_a_release_that_is_high_enough_is_as_required(release: int) -> None:
    """Every number of 4.8 and of later versions will do, and nothing runs."""
    host = Fake(release)
    assert run(host) is None
    assert host.lines == []


@pytest.mark.parametrize(("release", "version"), [(_472, "4.7.2 (release 461814)"), (None, "before 4.5"), (378758, "4.5.1 (release 378758)")])
def test_too_low_a_release_is_drift_in_a_plan_and_an_error_in_a_run(release: int | None, version: str) -> None:
    """Both name the version that is there; the run also what is needed and what to do."""
    (change,) = plan(cast(Host, Fake(release)), [resource("dotnet_framework")])
    assert change.changed
    assert version in change.warnings[0]
    with pytest.raises(Missing) as error:
        run(Fake(release))
    assert version in str(error.value)
    assert "needs 4.8 (release 528040); give installer" in str(error.value)


def test_the_installer_is_brought_run_as_system_and_removed(installer: str) -> None:
    """A file of the controller goes into our folder and does not stay after a success."""
    host = Fake(_472)
    assert run(host, installer=installer) == {"release": 528040}
    assert host.delivered == ["C:\\Windows\\uamops\\ndp48.exe auto"]
    assert host.lines == ['"C:\\Windows\\uamops\\ndp48.exe" /q /norestart']
    assert host.removed == ["C:\\Windows\\uamops\\ndp48.exe"]
    assert not host.reboot_required


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("code", [3010, 1641, 0x80070BC2])
def test_a_restart_that_windows_wants_is_said_and_no_error(installer: str, code: int, *, late: bool) -> None:
    """The release may show after the restart only: that is no failed change."""
    host = Fake(_472, code, late=late)
    assert run(host, installer=installer) == {"release": 528040}
    assert host.reboot_required
    assert "takes effect when ws2016 has been restarted" in host.notes[-1]


def test_a_release_that_does_not_come_without_a_restart_is_an_error(installer: str) -> None:
    """Exit code 0 alone proves nothing."""
    with pytest.raises(Exception, match="read back they are not in place"):
        run(Fake(_472, late=True), installer=installer)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (5100, "does not meet its requirements"),
        (1602, "cancelled it"),
        (0x80070643, "rolled back (exit code 0x80070643)"),
        (0x800B010A, "does not trust the installer's signature"),
        (0x80240017, "does not fit this version of Windows"),
        (4711, "see its log (exit code 4711)"),
    ],
)
def test_exit_codes_are_told_in_words(installer: str, code: int, sentence: str) -> None:
    """The reason, the code as Microsoft writes it, and where the logs are; the file stays for the next run."""
    host = Fake(_472, code)
    with pytest.raises(ApplyFailed) as error:
        run(host, installer=installer)
    assert sentence in str(error.value)
    assert "logs are in C:\\Windows\\Temp" in str(error.value)
    assert host.removed == []


def test_a_pending_restart_is_a_warning_only_if_something_is_to_be_installed(installer: str) -> None:
    """A host that waits for a restart may refuse the installer."""
    for release, expected in ((_472, 1), (_48, 0)):
        (change,) = plan(cast(Host, Fake(release, pending=True)), [resource("dotnet_framework", installer=installer)])
        assert len([warning for warning in change.warnings if "waits for a restart" in warning]) == expected


def test_a_share_is_copied_by_the_host_and_its_hash_compared() -> None:
    """SYSTEM copies the file; another content than the pinned one is never run."""
    host = Fake(_472, hashes="a" * 64)
    run(host, installer=_SHARE, sha256="A" * 64)
    assert host.lines[0] == f'copy /b /y "{_SHARE}" "C:\\Windows\\uamops\\ndp48.exe"'
    other = Fake(_472, hashes="b" * 64)
    with pytest.raises(BadRequest, match="not the file that sha256 names"):
        run(other, installer=_SHARE, sha256="A" * 64)
    assert len(other.lines) == 1
    assert other.removed == ["C:\\Windows\\uamops\\ndp48.exe"]


def test_uploads_wait_in_the_same_queue_as_those_of_packages(installer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slots are shared by whoever names the same folder: that of packages is `.slots` in the cache."""
    host, asked = Fake(_472), []
    used: dict[str, Any] = {}
    monkeypatch.setattr(_brought_file, "slots", lambda folder, _count: asked.append(folder))
    host.files.use = used.update
    run(host, installer=installer)
    used["slots"]()
    assert asked == [Cache().folder / ".slots"]


def test_a_file_of_the_host_is_run_where_it_lies_and_stays() -> None:
    """Nothing is sent, and nothing of other people's is removed."""
    host = Fake(_472)
    run(host, installer="D:/Setup/ndp48.exe", delivery="host")
    assert host.lines == ['"D:\\Setup\\ndp48.exe" /q /norestart']
    assert (host.delivered, host.removed) == ([], [])
    with pytest.raises(BadRequest, match="There is no file D:"):
        run(Fake(_472, hashes=None), installer="D:\\Setup\\ndp48.exe")


def test_a_file_of_the_controller_is_checked_before_anything_is_sent(installer: str) -> None:
    """A plan refuses a file that is missing or not the pinned one; a host that needs nothing does not ask for it."""
    for options in ({"installer": f"{installer}.gone"}, {"installer": installer, "sha256": "0" * 64}):
        with pytest.raises(BadRequest):
            plan(cast(Host, Fake(_472)), [resource("dotnet_framework", **options)])
        assert not plan(cast(Host, Fake(_48)), [resource("dotnet_framework", **options)])[0].changed


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"release": 4}, "no release of the .NET Framework"),
        ({"installer": "https://example.com/ndp48.exe"}, "needs sha256"),
        ({"installer": _SHARE}, "comes from a share and needs sha256"),
        ({"installer": "/tmp/ndp48.exe", "delivery": "host"}, "lies on the host or on a share"),
        ({"installer": _SHARE, "sha256": "a" * 64, "delivery": "smb"}, "delivery smb has no meaning"),
        ({"installer": "/tmp/x.exe", "sha256": "abc"}, "no SHA-256"),
        ({"installer": "/tmp/x.exe", "arguments": "/q & format"}, "cmd.exe would act on"),
        ({"installer": 'C:\\a"b.exe'}, "can't be written into a batch file"),
    ],
)
def test_bad_requests_are_refused_at_once(options: dict[str, Any], sentence: str) -> None:
    """Without a host being asked."""
    with pytest.raises(BadRequest, match=sentence):
        resource("dotnet_framework", **options)
