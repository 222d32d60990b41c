# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a package: database, cabinet, conditions, formatted texts, registry values."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from simulator.windows.installer import Database, DatabaseError
from simulator.windows.installer.cabinet import CabinetError, extract
from simulator.windows.installer.codes import is_code, packed, unpacked
from simulator.windows.installer.conditions import ConditionError, Surroundings, holds
from simulator.windows.installer.database import _StringPool
from simulator.windows.installer.formatted import formatted
from unit.simulator.installer_hosts import PACKAGES, package

NAMES = sorted(path.stem for path in PACKAGES.glob("*.msi"))


def test_tables_of_the_agent() -> None:
    """Texts, numbers, nulls and keys of the tables come out as they were written."""
    database = Database(package("10.7.0"))
    assert database.properties["ProductCode"] == "{5C6BE3B5-31A0-4B7D-0032-000000001070}"
    assert database.properties["UAVR_SERVERPORT"] == "9004"
    assert [dict(row) for row in database.rows("File")] == [
        {
            "File": "AgentFile",
            "Component_": "AgentComponent",
            "FileName": "UAVRAgent.exe",
            "FileSize": 3062,
            "Version": "10.7.0.0",
            "Language": "1033",
            "Attributes": 512,
            "Sequence": 1,
        }
    ]
    control = database.rows("ServiceControl")[0]
    assert (control["Name"], control["Event"], control["Arguments"], control["Wait"]) == ("UAVRAgentSvc", 163, None, 1)
    assert database.columns("Media") == ["DiskId", "LastSequence", "DiskPrompt", "Cabinet", "VolumeLabel", "Source"]
    assert (database.rows("NoSuchTable"), database.columns("NoSuchTable")) == ([], [])
    summary = database.summary
    assert (summary.platform, summary.languages, summary.installer_version) == ("Intel", "1033", 310)
    assert summary.package_code == "{5C6BE3B5-31A0-4B7D-FFFF-000000000002}"
    assert Database(package("10.8.0-x64")).summary.platform == "x64"


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_small_and_whole(name: str) -> None:
    """The files in the cabinet have the sizes of the File table, and the package stays below 60 kB."""
    database = Database(package(name))
    cabinet = extract(database.streams[str(database.rows("Media")[0]["Cabinet"])[1:]])
    assert {file: len(content) for file, content in cabinet.items()} == {row["File"]: row["FileSize"] for row in database.rows("File")}
    assert len(database.data) < 60_000


@pytest.mark.parametrize("name", NAMES)
def test_reads_as_msiinfo_does(name: str) -> None:
    """Where msitools are installed: every table has the rows that msiinfo exports. Without them the expected values above stand alone."""
    tool = shutil.which("msiinfo")
    database = Database(package(name))
    assert database.names
    for table in database.names if tool else []:
        printed = subprocess.run([str(tool), "export", str(next(PACKAGES.glob(f"{name}.msi"))), table], capture_output=True, check=True).stdout
        lines = printed.decode("utf-8").split("\r\n")[3:]
        assert [line for line in lines if line] == ["\t".join(_shown(value) for value in row.values()) for row in database.rows(table)]


def _shown(value: str | int | None) -> str:
    return "" if value is None else str(value)


def test_code_pages_of_the_pool() -> None:
    """The pool's code page decides what the bytes mean; 0 is read as 1252."""
    for code_page, text in ((932, "検査"), (936, "测试"), (949, "시험"), (1250, "źródło"), (1251, "агент"), (1252, "Größe"), (65001, "検査ä"), (0, "Größe")):
        data = text.encode({65001: "utf-8", 0: "cp1252"}.get(code_page, f"cp{code_page}"))
        pool = struct.pack("<I", code_page) + struct.pack("<HH", len(data), 1)
        assert _StringPool(pool, data).strings == ["", text]
    assert Database(package("Japanese-1.0")).properties["Manufacturer"] == "ソフト工業"


def test_long_references_and_long_texts() -> None:
    """The highest bit of the head means references of three bytes; a length of 0 with uses takes the next pair for a length."""
    data = b"x" * 70_000 + b"yz"
    pool = struct.pack("<I", 0x80000000 | 1252) + struct.pack("<HHHHHH", 0, 1, 70_000 & 0xFFFF, 70_000 >> 16, 2, 1)
    found = _StringPool(pool, data)
    assert (found.reference, [len(text) for text in found.strings], found.strings[2]) == (3, [0, 70_000, 2], "yz")


@pytest.mark.parametrize("data", [b"", b"MZ", package("10.6.0")[:4096], package("10.6.0")[:-3000]])
def test_what_is_no_database(data: bytes) -> None:
    """Text, nothing, and a package that was cut off are refused."""
    with pytest.raises(DatabaseError):
        Database(data)


def _cabinet(pieces: list[bytes], names: dict[str, int], compression: int) -> bytes:
    """A cabinet of one folder; ``pieces`` are its blocks as they are stored, ``names`` the files with their sizes."""
    entries, offset = b"", 0
    for name, size in names.items():
        entries += struct.pack("<IIHHHH", size, offset, 0, 0, 0, 0) + name.encode() + b"\0"
        offset += size
    start = 36 + 8 + len(entries)
    lengths = [min(32768, offset - 32768 * place) for place in range(len(pieces))]
    blocks = b"".join(struct.pack("<IHH", 0, len(piece), length) + piece for piece, length in zip(pieces, lengths, strict=True))
    head = b"MSCF" + struct.pack("<IIIII", 0, start + len(blocks), 0, 44, 0) + struct.pack("<BBHHHHH", 3, 1, 1, len(names), 0, 0, 0)
    return head + struct.pack("<IHH", start, len(pieces), compression) + entries + blocks


def test_cabinets() -> None:
    """Stored and MSZIP folders of several blocks, where each block may refer to the one before."""
    content = bytes(range(256)) * 200
    blocks = [content[:32768], content[32768:]]
    names = {"one": 20_000, "two": len(content) - 20_000}
    squeezed, before = [], b""
    for block in blocks:
        packer = zlib.compressobj(wbits=-15, zdict=before) if before else zlib.compressobj(wbits=-15)
        squeezed.append(b"CK" + packer.compress(block) + packer.flush())
        before = block
    expected = {"one": content[:20_000], "two": content[20_000:]}
    assert extract(_cabinet(blocks, names, 0)) == expected
    assert extract(_cabinet(squeezed, names, 1)) == expected
    with pytest.raises(CabinetError, match="LZX"):
        extract(_cabinet(blocks, names, 3))
    with pytest.raises(CabinetError, match="damaged"):
        extract(_cabinet(squeezed, names, 1)[:-10])
    with pytest.raises(CabinetError, match="not a cabinet"):
        extract(b"MZ" * 40)


def test_checksums() -> None:
    """A changed byte in a real cabinet is noticed."""
    database = Database(package("10.6.0"))
    cabinet = bytearray(database.streams["agent.cab"])
    cabinet[-1] ^= 0xFF
    with pytest.raises(CabinetError, match="damaged"):
        extract(bytes(cabinet))


AROUND = Surroundings(
    {"VersionNT": "603", "Name": "Agent", "EMPTY": "", "REMOVE": "ALL"},
    {"windir": r"C:\Windows"},
    lambda sign, name: {("&", "Agent"): 3, ("?", "Core"): 2}.get((sign, name)),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("VersionNT", True),
        ("EMPTY", False),
        ("Missing", False),
        ("NOT Missing", True),
        ("Installed OR VersionNT >= 601", True),
        ("Installed AND VersionNT >= 601", False),
        ("VersionNT = 603 and not Installed", True),
        ("VersionNT > 1000", False),
        ('Name = "Agent"', True),
        ('Name = "agent"', False),
        ('Name ~= "agent"', True),
        ('Name <> "agent"', True),
        ('Name >< "gen"', True),
        ('Name << "Ag"', True),
        ('Name ~>> "NT"', True),
        ("Name = 5", False),
        ("Name <> 5", True),
        ("Missing < 5", False),
        ("6 >< 2", True),
        ("6 >< 1", False),
        ('%WINDIR ~= "c:\\windows"', True),
        ("&Agent = 3", True),
        ("?Core=2 AND $Core <> 3", True),
        ('(NOT REMOVE~="ALL") OR (VersionNT AND (1 XOR 0))', True),
        ("1 EQV 0", False),
        ("1 IMP 0", False),
        ("0 IMP 0", True),
        ("NOT 1 OR 1", True),
        ("1 OR 1 AND 0", True),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    """Operators, their rank, numbers and texts as win32 "Conditional Statement Syntax" has them."""
    assert holds(text, AROUND) is expected


@pytest.mark.parametrize("text", ["VersionNT >=", "(VersionNT", "AND VersionNT", "VersionNT 603", "VersionNT = = 1", "a ! b", '"open'])
def test_wrong_conditions(text: str) -> None:
    """What is no condition is refused."""
    with pytest.raises(ConditionError):
        holds(text, AROUND)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("[NAME] on [HOST]", "agent on "),
        ("[[POINTER]]", "agent"),
        ("{[NAME] here}{[HOST] there}", "agent here"),
        ("{no bracket}", "{no bracket}"),
        ("[\\[]x[\\]]", "[x]"),
        ("[BRACKETS]", "[NAME]"),
        ("open [NAME", "open [NAME"),
        ("", ""),
    ],
)
def test_formatted_texts(text: str, expected: str) -> None:
    """Properties are put in once, missing ones are nothing and take their braces with them, values are not looked at again."""
    values = {"NAME": "agent", "POINTER": "NAME", "BRACKETS": "[NAME]"}
    assert formatted(text, values.get) == expected


def test_packed_codes() -> None:
    """The packed form is the one in real registries (example: Visual C++ 2008), and packing is undone by unpacking."""
    code = "{9A25302D-30C0-39D9-BD6F-21E6EC160475}"
    assert packed(code) == "D20352A90C039D93DBF6126ECE614057"
    assert unpacked(packed(code)) == code
    assert (is_code(code), is_code(code[1:]), is_code("{x}")) == (True, False, False)


def test_sources_of_the_packages_are_there() -> None:
    """Each package has its source beside it and its line in the build script."""
    script = (Path(__file__).resolve().parents[3] / "tools" / "build_packages.sh").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"{name}.msi" not in script] == []
    assert {path.name for path in PACKAGES.glob("*.wxs")} == {"agent.wxs", "japanese.wxs", "like_named.wxs", "umlauts.wxs"}
