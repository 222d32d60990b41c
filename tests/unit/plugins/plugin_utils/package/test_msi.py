# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an MSI file says about itself, and what is said about files that are none."""

from __future__ import annotations

import hashlib
import random
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import olefile
import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package import Package, UpgradeRow, read_package
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package._database import Database, stream_name
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import BadRequest

FAMILY = "{5C6BE3B5-31A0-4B7D-9B5C-7E0B6F2B9A11}"
AGENT = "UACoreSvcSetup-10.7.0.msi"


def test_package_of_the_agent(packages: Path) -> None:
    """Everything that a plan needs is read from the file: codes, version, names, bounds, size and checksum."""
    path = packages / AGENT
    older = UpgradeRow(FAMILY, "", "10.7.0", minimum_inclusive=False, maximum_inclusive=False, only_detect=False)
    newer = UpgradeRow(FAMILY, "10.7.0", "", minimum_inclusive=False, maximum_inclusive=False, only_detect=True)
    package = read_package(path)
    assert package == Package(
        path=path,
        product_code="{5C6BE3B5-31A0-4B7D-0032-000000001070}",
        upgrade_code=FAMILY,
        version="10.7.0",
        name="Netwrix Auditor User Activity Core Service",
        manufacturer="Netwrix Corporation",
        language=1033,
        architecture="x86",
        size=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        upgrades=(older, newer),
    )
    assert [package.removes(version) for version in ("10.6.0", "10.7.0", "10.8.0")] == [True, False, False]


def test_architecture_of_a_package(packages: Path) -> None:
    """The summary's template says what Windows a package is for."""
    assert read_package(packages / "UACoreSvcSetup-10.8.0-x64.msi").architecture == "x64"


@pytest.mark.parametrize(
    ("file", "name", "manufacturer", "language"),
    [
        ("Umlauts-1.0.msi", "Übermäßig schöne Prüfgröße", "Café Größe & Söhne", 1031),
        ("Japanese-1.0.msi", "検査用パッケージ", "ソフト工業", 1041),
    ],
)
def test_texts_are_in_the_code_page_of_the_database(packages: Path, file: str, name: str, manufacturer: str, language: int) -> None:
    """Names are read in the database's code page, 1252 and 932 here."""
    package = read_package(packages / file)
    assert (package.name, package.manufacturer, package.language) == (name, manufacturer, language)


def test_package_is_read_once_until_it_changes(packages: Path, tmp_path: Path) -> None:
    """The same file gives the same object; a file that was replaced is read anew."""
    path = tmp_path / "agent.msi"
    shutil.copyfile(packages / AGENT, path)
    first = read_package(path)
    assert read_package(path) is first
    shutil.copyfile(packages / "UACoreSvcSetup-10.8.0-x64.msi", path)
    assert read_package(path).version == "10.8.0"


def test_reader_is_loaded_when_it_is_needed() -> None:
    """Importing the package's code does not load the library that reads compound files."""
    code = "import sys, ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._package; sys.exit('olefile' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False).returncode == 0


def test_missing_library_is_one_sentence(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without olefile a read says what to install."""
    shutil.copyfile(packages / AGENT, tmp_path / "a.msi")
    monkeypatch.setitem(sys.modules, "olefile", None)
    with pytest.raises(BadRequest, match="pip install olefile"):
        read_package(tmp_path / "a.msi")


def test_cabinets_stay_on_the_disk(packages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of all streams only the tables that are asked for are read, and the summary."""
    shutil.copyfile(packages / AGENT, tmp_path / "a.msi")
    asked: list[str] = []
    openstream = olefile.OleFileIO.openstream

    def spy(self: olefile.OleFileIO, name: list[str]) -> object:
        asked.append(name[0])
        return openstream(self, name)

    monkeypatch.setattr(olefile.OleFileIO, "openstream", spy)
    read_package(tmp_path / "a.msi")
    tables = ("_StringPool", "_StringData", "_Columns", "Property", "Upgrade", "InstallExecuteSequence")
    assert sorted(asked) == sorted([*map(stream_name, tables), "\x05SummaryInformation"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "an empty file"),
        (b"MZ\x90\x00", "a program"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><title>Sign in", "a web page"),
        (b"<HTML>", "a web page"),
        (b"MSCF\0\0", "a cabinet"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        (b"version https://git-lfs.github.com/spec/v1", "the pointer of Git LFS"),
        (b"hello", "something else"),
    ],
)
def test_what_is_no_msi_is_called_by_its_name(tmp_path: Path, content: bytes, kind: str) -> None:
    """Whoever gives another file reads what it is."""
    path = tmp_path / "agent.msi"
    path.write_bytes(content)
    with pytest.raises(BadRequest, match=f"agent.msi is no MSI file but {kind}"):
        read_package(path)


def test_zip_archive_is_called_so(tmp_path: Path) -> None:
    """A download that holds the MSI in an archive is to be extracted."""
    with zipfile.ZipFile(tmp_path / "agent.msi", "w") as archive:
        archive.writestr("agent.msi", "x")
    with pytest.raises(BadRequest, match="a ZIP archive; extract the MSI from it first"):
        read_package(tmp_path / "agent.msi")


def test_path_that_leads_to_no_file(tmp_path: Path) -> None:
    """A missing file, a folder and a path through a file are refused with the path."""
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match=r"There is no file .*/missing.msi on the controller"):
        read_package(tmp_path / "missing.msi")
    with pytest.raises(BadRequest, match="is no file; give the path"):
        read_package(tmp_path)
    with pytest.raises(BadRequest, match="can't be read: Not a directory"):
        read_package(tmp_path / "file" / "agent.msi")


def _class_of(content: bytes, kind: str) -> bytes:
    """The same file as another kind of Windows Installer's: the class of the root entry."""
    place = content.index("Root Entry".encode("utf-16-le")) + 80
    return content[:place] + bytes.fromhex(kind) + content[place + 16 :]


@pytest.mark.parametrize(("kind", "text"), [("8610", r"a patch \(MSP\)"), ("8210", r"a transform \(MST\)")])
def test_other_files_of_windows_installer(packages: Path, tmp_path: Path, kind: str, text: str) -> None:
    """A patch and a transform look like a package and are none."""
    path = tmp_path / "other.msi"
    path.write_bytes(_class_of((packages / AGENT).read_bytes(), f"{kind}0c0000000000c000000000000046"))
    with pytest.raises(BadRequest, match=f"is {text} of Windows Installer, not an installation package"):
        read_package(path)


def test_compound_file_of_something_else(packages: Path, tmp_path: Path) -> None:
    """A compound file without an installer's tables, a document of old for one, is no package."""
    name = stream_name("_StringPool").encode("utf-16-le")
    content = (packages / AGENT).read_bytes()
    (tmp_path / "a.msi").write_bytes(content.replace(name, b"X\0" * (len(name) // 2)))
    with pytest.raises(BadRequest, match="is a document or another compound file"):
        read_package(tmp_path / "a.msi")


def test_cut_files_are_refused_or_complete(packages: Path, tmp_path: Path) -> None:
    """Wherever a download stops, the file is refused in one sentence."""
    content = (packages / AGENT).read_bytes()
    path = tmp_path / "a.msi"
    for size in [*range(9, 600, 40), *range(1024, len(content) - 511, 512)]:
        path.write_bytes(content[:size])
        with pytest.raises(BadRequest, match=r"is cut off|is a damaged MSI file"):
            read_package(path)


def test_summary_that_promises_too_much(packages: Path, tmp_path: Path) -> None:
    """A summary that says that it has four billion properties, or a text as long, costs neither time nor memory."""
    content = (packages / "UACoreSvcSetup-10.8.0-x64.msi").read_bytes()
    start = content.index(b"\xe0\x85\x9f\xf2\xf9\x4f\x68\x10\xab\x91\x08\x00\x2b\x27\xb3\xd9") + 20
    text = content.index(b"x64;1033") - 4
    for place in (start + 4, text):
        broken = content[:place] + b"\xff\xff\xff\xff" + content[place + 4 :]
        path = tmp_path / f"{place}.msi"
        path.write_bytes(broken)
        assert _outcome(path) in ("x64", "damaged")


def _outcome(path: Path) -> str:
    try:
        return read_package(path).architecture
    except BadRequest:
        return "damaged"


def test_damaged_files_never_end_in_a_traceback(packages: Path, tmp_path: Path) -> None:
    """With any bytes changed a file is read or refused; nothing else comes out."""
    chance = random.Random(1)
    content = (packages / AGENT).read_bytes()
    path = tmp_path / "a.msi"
    refused = []
    for _case in range(150):
        broken = bytearray(content)
        for _change in range(chance.randrange(1, 30)):
            broken[chance.randrange(8, len(broken))] = chance.randrange(256)
        path.write_bytes(broken)
        try:
            read_package(path)
        except BadRequest as error:
            refused.append(str(error))
    assert len(refused) > 20
    assert all(text.endswith(".") for text in refused)


def _database(strings: list[bytes], page: int, *, long: bool = False) -> Database:
    """A database of one table, T with the text column N and the number column V, that has one row for each string: (string, its number)."""
    names = [b"T", b"N", b"V"]
    pool = struct.pack("<I", page | (0x80000000 if long else 0))
    for text in [*names, *strings]:
        pool += struct.pack("<HH", len(text), 1) if len(text) < 65536 else struct.pack("<HHI", 0, 1, len(text))
    pack = (lambda number: struct.pack("<I", number)[:3]) if long else (lambda number: struct.pack("<H", number))
    columns = pack(1) * 2 + struct.pack("<HH", 0x8001, 0x8002) + pack(2) + pack(3) + struct.pack("<HH", 0x8000 | 0x2D48 & 0x7FFF, 0x8000 | 0x0502)
    numbers = range(len(names) + 1, len(names) + len(strings) + 1)
    rows = b"".join(map(pack, numbers)) + b"".join(struct.pack("<H", 0x8000 ^ number) for number in numbers)
    streams = {"_StringPool": pool, "_StringData": b"".join([*names, *strings]), "_Columns": columns, "T": rows}
    return Database({stream_name(name): content for name, content in streams.items()}.get)


@pytest.mark.parametrize("long", [False, True])
def test_long_texts_and_long_references(long: bool) -> None:
    """A text of more than 64 kB has its length in a second entry; a database of many texts has numbers of three bytes for them."""
    texts = [b"before", b"x" * 70000, b"after"]
    assert _database(texts, 1252, long=long).rows("T") == [{"N": text.decode(), "V": number} for number, text in enumerate(texts, 4)]


@pytest.mark.parametrize(
    ("page", "raw", "text"),
    [
        (1252, b"\xdc", "Ü"),
        (932, b"\x8a\xc4", "監"),
        (936, b"\xc9\xf3", "审"),
        (1251, b"\xc0", "А"),
        (28605, b"\xa4", "€"),
        (65001, "監".encode(), "監"),
        (0, "Ü".encode(), "Ü"),
        (0, b"\xdc", "Ü"),
        (932, b"\x8a", "\ufffd"),
        (4711, b"A\xdc", "A\ufffd"),
    ],
)
def test_code_pages(page: int, raw: bytes, text: str) -> None:
    """Every code page of Windows is read; what does not fit, or has a page that nobody knows, loses its odd letters and nothing else."""
    assert _database([raw], page).rows("T")[0]["N"] == text


def test_tables_that_contradict_themselves() -> None:
    """A broken row, a text that is not there and a missing table of texts are errors, and a table that is not there has no rows."""
    database = _database([b"a"], 1252)
    assert database.rows("Other") == []
    with pytest.raises(ValueError, match="no strings"):
        Database(lambda _name: None)
    with pytest.raises(ValueError, match="end too early"):
        Database({stream_name("_StringPool"): struct.pack("<IHH", 1252, 5, 1), stream_name("_StringData"): b"abc"}.get)
