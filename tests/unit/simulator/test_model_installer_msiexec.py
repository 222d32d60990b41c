# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""msiexec's command line and exit codes, one installation at a time, and the installer of .NET Framework."""

from __future__ import annotations

import pytest
from simulator.windows import Account, Windows
from simulator.windows.commands.msiexec_arguments import Unmodelled, WrongLine, parsed
from simulator.windows.context import SYSTEM
from simulator.windows.files import FileError
from simulator.windows.installer import Request
from simulator.windows.network import Alone
from simulator.windows.registry import Type
from unit.simulator.installer_hosts import AGENT, CODES, IN_PROGRESS, LOG, SERVICE, TEMP, UNINSTALL, furnished, install, log, msiexec, package, products
from unit.simulator.model_hosts import ADMIN, host, later, run

CODE = CODES["10.6.0"]


def request(line: str) -> Request | None:
    """The line taken apart; paths are made absolute by a prefix."""
    return parsed(line, lambda path: path if path[1:2] == ":" else rf"C:\Here\{path}")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NAME=plain", "plain"),
        ('NAME="with blanks"', "with blanks"),
        ('NAME="a ""b"" c"', 'a "b" c'),
        ('NAME="C:\\Folder with blanks\\"', "C:\\Folder with blanks\\"),
        ('NAME=""', ""),
        ("NAME=", ""),
        ("name=1", "1"),
    ],
)
def test_values(text: str, value: str) -> None:
    """Only the value is quoted, inner quotes are doubled, a last backslash is kept, and names become capitals."""
    found = request(f"/i a.msi /qn {text}")
    assert found is not None
    assert found.properties == {"NAME": value}


@pytest.mark.parametrize(
    "line",
    [
        '/i a.msi /qn "NAME=with blanks"',
        "/i a.msi /qn NAME=with blanks",
        '/i a.msi /qn NAME="open',
        '/i a.msi /qn NAME="a"b',
        "/i a.msi /qn /nonsense",
        "/i a.msi b.msi /qn",
        "/i a.msi /i b.msi /qn",
        "/i /qn",
        "/qn",
        "/i a.msi /qz",
        "/i a.msi /qn /L*k a.log",
        "/i a.msi /qn /l",
    ],
)
def test_wrong_lines(line: str) -> None:
    """A value quoted together with its name, a stray word, an unknown option, a missing argument: 1639."""
    with pytest.raises(WrongLine):
        request(line)
    assert run(host(), "msiexec", line).exit_code == 1639


def test_options_in_any_case_and_place() -> None:
    """Options begin with / or -, case does not matter, and the argument may stand next to the letter."""
    found = request(r'-QN A=1 /NoRestart /I "my package.msi" /L*V "my log.txt" B=2')
    assert found is not None
    assert (found.target, found.log, found.restart, dict(found.properties)) == (r"C:\Here\my package.msi", r"C:\Here\my log.txt", "never", {"A": "1", "B": "2"})
    assert found.letters == frozenset("iwearucmopv")
    for line in (f"/X{CODE} /qn", f"/x {CODE.lower()} /quiet", f"/uninstall {CODE} /passive", f'/x "{CODE}" /qb-'):
        removal = request(line)
        assert removal is not None
        assert (removal.target, removal.remove) == (CODE, True)
    for line in (r'/i"C:\a b.msi" /qn', r'/package "C:\a b.msi" /qn'):
        attached = request(line)
        assert attached is not None
        assert attached.target == r"C:\a b.msi"
    download = request("/i https://server/a.msi /qn")
    assert download is not None
    assert download.target == "https://server/a.msi"


@pytest.mark.parametrize("line", ["/a a.msi /qn", "/p a.msp /qn", "/jm a.msi /qn", "/i a.msi /qn TRANSFORMS=a.mst"])
def test_what_is_not_modelled_is_said(line: str) -> None:
    """Administrative installations, patches, advertisements and transforms are never passed over in silence."""
    with pytest.raises(Unmodelled):
        request(line)
    assert "does not model" in run(host(), "msiexec", line).stderr


@pytest.mark.parametrize("line", ["/i {temp}\\10.6.0.msi", "/i {temp}\\10.6.0.msi /qf", "/i {temp}\\10.6.0.msi /qb+", "", "/?"])
def test_a_window_never_ends(line: str) -> None:
    """Without a quiet option nobody can close the window: the process stands there until it is killed, and nothing is installed."""
    target = furnished("10.6.0")
    done = run(target, "msiexec", line.format(temp=TEMP))
    assert done.delay > 1e6
    assert target.processes.find(done.process) is not None
    assert products(target) == {}
    assert target.processes.kill(done.process)
    assert install(target, "10.6.0") == 0


@pytest.mark.parametrize("option", ["/q", "/qn", "/quiet", "/qb", "/qb!", "/passive"])
def test_quiet_ways(option: str) -> None:
    """These need nobody."""
    target = furnished("10.6.0")
    assert run(target, "msiexec", rf"/i {TEMP}\10.6.0.msi {option}").exit_code == 0
    assert products(target) == {CODE: "10.6.0"}


def test_packages_that_cannot_be_opened() -> None:
    """No such file 1619, no package or half of one 1620, a share from a network logon 1619, an unknown product 1605."""
    target = furnished("10.6.0")
    whole = package("10.6.0")
    for name, data in (("text", b"not a package"), ("half", whole[: len(whole) // 2]), ("empty", b"")):
        target.files.write(rf"{TEMP}\{name}.msi", data)
    assert [install(target, name) for name in ("absent", "text", "half", "empty")] == [1619, 1620, 1620, 1620]
    assert msiexec(target, r"/i \\server\share\10.6.0.msi") == 1619
    assert msiexec(target, "/i https://server.example/10.6.0.msi") == 1619
    assert [msiexec(target, f"{option} {CODE}") for option in ("/x", "/i", "/fa")] == [1605, 1605, 1605]
    assert msiexec(target, rf"/x {TEMP}\10.6.0.msi") == 1605


class Shared(Alone):
    """A network with one share, which only computers may read, and one web server."""

    def read_share(self, source: Windows, account: Account, path: str) -> bytes:
        if account.sid != SYSTEM.sid:
            raise FileError(5, path)
        return package("10.6.0")

    def download(self, url: str) -> bytes:
        return package("10.7.0")


def test_packages_of_the_network() -> None:
    """A share needs credentials, which SYSTEM has as the computer and a network logon has not; a URL is downloaded."""
    target = furnished()
    target.network = Shared(target)
    assert [msiexec(target, r"/i \\server\share\a.msi", account) for account in (ADMIN, SYSTEM)] == [1619, 0]
    assert msiexec(target, "/i https://server.example/agent/b.msi") == 0
    assert products(target) == {CODES["10.7.0"]: "10.7.0"}
    key = target.registry.open("hklm", rf"{UNINSTALL}\{CODES['10.7.0']}", view=32)
    assert key is not None
    assert key.values["installsource"].data == "https://server.example/agent/"


def test_policy_service_and_log() -> None:
    """DisableMSI=2 forbids all (1625), the service switched off 1601, a log in a folder that is not there 1622."""
    target = furnished("10.6.0")
    assert run(target, "msiexec", rf"/i {TEMP}\10.6.0.msi /qn /L*V C:\Absent\a.log").exit_code == 1622
    policies = r"SOFTWARE\Policies\Microsoft\Windows\Installer"
    target.registry.put("hklm", policies, "DisableMSI", Type.REG_DWORD, 2)
    assert install(target, "10.6.0") == 1625
    target.registry.put("hklm", policies, "DisableMSI", Type.REG_DWORD, 0)
    target.services.configure("msiserver", start=4)
    assert install(target, "10.6.0") == 1601
    assert products(target) == {}


def test_log_letters() -> None:
    """Without v and p the log names neither the command line nor the properties; errors are in it all the same."""
    target = furnished("10.7.0-broken")
    assert run(target, "msiexec", rf'/i {TEMP}\10.7.0-broken.msi /qn /Liwearucmo "{LOG}" UAVR_SERVERNAME=na01').exit_code == 1603
    assert "na01" not in log(target)
    assert "This package fails on purpose." in log(target)
    install(target, "10.7.0-broken", "UAVR_SERVERNAME=na01")
    assert "Property(S): UAVR_SERVERNAME = na01" in log(target)
    assert "Command Line: UAVR_SERVERNAME=na01" in log(target)


def test_one_at_a_time() -> None:
    """While another installation runs: 1618, and the key InProgress is there; afterwards it works."""
    target = furnished("10.6.0", msi_busy_for=30)
    assert install(target, "10.6.0") == 1618
    assert target.registry.open("hklm", IN_PROGRESS) is not None
    later(target, 31)
    assert install(target, "10.6.0") == 0
    assert target.registry.open("hklm", IN_PROGRESS) is None


def test_a_slow_installation_is_registered_at_its_end() -> None:
    """It takes its time; meanwhile msiexec runs with its command line, InProgress is there and the product is not yet registered."""
    target = furnished("10.6.0", msi_seconds=20)
    done = run(target, "msiexec", rf"/i {TEMP}\10.6.0.msi /qn UAVR_SERVERNAME=na01")
    assert (done.exit_code, done.delay) == (0, 20)
    process = target.processes.find(done.process)
    assert process is not None
    assert process.command_line == rf"msiexec.exe /i {TEMP}\10.6.0.msi /qn UAVR_SERVERNAME=na01"
    assert products(target) == {}
    assert target.registry.open("hklm", IN_PROGRESS) is not None
    later(target, 21)
    target.installer.settle()
    assert (products(target), target.processes.find(done.process), target.registry.open("hklm", IN_PROGRESS)) == ({CODE: "10.6.0"}, None, None)


def test_killing_rolls_back() -> None:
    """An installation that hangs ends when its process is killed: everything is undone, and the next one may run."""
    target = furnished("10.6.0", msi_hangs=True)
    done = run(target, "msiexec", rf"/i {TEMP}\10.6.0.msi /qn /L*V {LOG}")
    assert done.delay > 1e6
    assert target.files.exists(AGENT)
    assert install(target, "10.6.0") == 1618
    assert run(target, "taskkill", f"/f /t /pid {done.process}").exit_code == 0
    assert (products(target), target.files.exists(AGENT), target.services.find(SERVICE)) == ({}, False, None)
    assert target.registry.open("hklm", IN_PROGRESS) is None
    assert target.processes.by_image("msiexec.exe") == []


def test_a_killed_removal_brings_the_product_back() -> None:
    """The removal is undone as well: file, service and its state."""
    target = host(agent=True, msi_hangs=True)
    done = run(target, "msiexec", f"/x {CODE} /qn")
    assert not target.files.exists(AGENT)
    target.processes.kill(done.process)
    found = target.services.find(SERVICE)
    assert found is not None
    assert (found.state, target.files.exists(AGENT), products(target)) == ("Running", True, {CODE: "10.6.0"})


def test_ending_a_task_ends_its_installation() -> None:
    """What schtasks /end stops rolls back as well."""
    target = furnished("10.6.0", msi_hangs=True)
    create = rf'/create /tn agent /ru SYSTEM /sc ONCE /st 00:00 /tr "msiexec /i {TEMP}\10.6.0.msi /qn"'
    assert [run(target, "schtasks", line).exit_code for line in (create, "/run /tn agent")] == [0, 0]
    assert target.files.exists(AGENT)
    assert run(target, "schtasks", "/end /tn agent").exit_code == 0
    assert (target.files.exists(AGENT), target.processes.by_image("msiexec.exe")) == (False, [])


def test_restart() -> None:
    """/forcerestart restarts after a success (1641); a file in use does so too unless it is suppressed."""
    target = furnished("10.6.0")
    before = target.booted
    assert run(target, "msiexec", rf"/i {TEMP}\10.6.0.msi /qn /forcerestart").exit_code == 1641
    assert target.booted > before
    before = target.booted
    with target.files.open_by(AGENT):
        assert run(target, "msiexec", f"/x {CODE} /qn REBOOT=ReallySuppress").exit_code == 3010
    assert target.booted == before
    target.reboot()
    assert not target.files.exists(AGENT)


def framework(target: Windows) -> object:
    """.NET's Release value."""
    return target.registry.value("hklm", r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release")


def test_dotnet_from_the_network_and_as_system() -> None:
    """A network logon is refused with 5, SYSTEM installs; where 4.8 is there nothing happens."""
    image = rf"{TEMP}\ndp48-x86-x64-allos-enu.exe"
    target = host("2016", files={image: "NDP48-STANDIN"})
    assert run(target, image, "/q /norestart", ADMIN).exit_code == 5
    assert framework(target) == 394802
    assert run(target, f'"{image}"', rf"/q /norestart /log {TEMP}\net.html", SYSTEM).exit_code == 0
    assert framework(target) == 528049
    assert target.files.exists(rf"{TEMP}\net.html")
    assert [entry["kind"] for entry in target.journal.entries] == ["dotnet"]
    newer = host("2022", files={image: "NDP48-STANDIN"})
    assert run(newer, image, "/q /norestart", ADMIN).exit_code == 0
    assert framework(newer) == 528449


def test_dotnet_that_wants_a_restart_or_shows_a_window() -> None:
    """dotnet_reboot makes it 3010; without /q it stands there; a file with other content is no program."""
    image = rf"{TEMP}\ndp48-x86-x64-allos-enu.exe"
    target = host("2019", files={image: "NDP48-STANDIN", rf"{TEMP}\other.exe": "MZ"}, dotnet_reboot=True)
    assert run(target, image, "/q /norestart", SYSTEM).exit_code == 3010
    assert framework(target) == 528049
    assert run(target, image, "/norestart", SYSTEM).delay > 1e6
    assert target.run(ADMIN, rf"{TEMP}\other.exe", "", code_page=65001) is None
