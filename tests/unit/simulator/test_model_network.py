# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of a fleet: names, listeners, connections, shares, downloads. What firewalls decide: test_model_evaluation.py."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from simulator.certificates import Authority
from simulator.fleet import parse_fleet
from simulator.network import FleetNetwork
from simulator.running import RunningFleet
from simulator.windows import Account, Windows
from simulator.windows.context import SYSTEM
from simulator.windows.files import FileError
from simulator.windows.firewall.rule import parsed
from simulator.windows.network import DownloadError
from simulator.windows.tcp import listener
from unit.simulator.model_hosts import ADMIN, USER, cim, host, instance, service


def _host(name: str, address: str, domain: str | None = "lab.test", **options: Any) -> Windows:
    return Windows(name=name, release="2022", domain=domain, address=address, accounts=[ADMIN, USER], options=options)


def _pair(**options: Any) -> tuple[FleetNetwork, Windows, Windows]:
    """A network of PC01 and NA01; the options are NA01's."""
    source, target = _host("PC01", "127.0.0.3"), _host("NA01", "127.0.0.2", **options)
    return FleetNetwork([source, target]), source, target


@pytest.mark.parametrize("name", ["NA01", "na01", "na01.LAB.test", "na01.lab.test.", "127.0.0.2"])
def test_names_are_resolved_in_any_case(name: str) -> None:
    """NetBIOS name, full name and address lead to the host."""
    network, _source, target = _pair()
    assert network.resolve(name) is target


def test_a_long_name_is_also_known_by_its_first_fifteen_characters() -> None:
    """NetBIOS names have at most 15 characters."""
    long = _host("accounting-terminal-7", "127.0.0.5")
    assert FleetNetwork([long]).resolve("ACCOUNTING-TERM") is long


def test_connections_end_in_four_ways() -> None:
    """Nobody has the name: unknown; listening and let in: open; blocked on arrival or nobody there: silence; off firewall: refused."""
    network, source, target = _pair()
    assert network.connect(source, "nobody", 5985) == "unknown"
    assert network.connect(source, "NA01", 5985) == "open"
    assert network.connect(source, "NA01", 9999) == "timeout"
    assert network.connect(source, "NA01", 49668) == "timeout"
    target.firewall.set_profile("Domain", {"Enabled": 0})
    assert network.connect(source, "NA01", 9999) == "refused"
    assert network.connect(source, "NA01", 49668) == "open"


def test_a_host_reaches_itself_whatever_its_firewall_says() -> None:
    """Connections to oneself are not filtered, by any name."""
    network, source, _target = _pair()
    assert [network.connect(source, name, 49668) for name in ("localhost", "127.0.0.1", "PC01")] == ["open"] * 3
    assert network.connect(source, "localhost", 9999) == "refused"


def test_an_outbound_block_fails_at_once() -> None:
    """The source's own firewall refuses what a rule of the connecting program blocks."""
    network, source, _target = _pair()
    source.firewall.add(parsed("out", r"v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RPort=5985|App=C:\agent.exe|"))
    assert network.connect(source, "NA01", 5985) == "open"
    assert network.connect(source, "NA01", 5985, r"c:\AGENT.exe") == "refused"


def test_stealth_mode_can_be_switched_off_by_policy() -> None:
    """DisableStealthMode makes a closed port answer."""
    network, source, _target = _pair(firewall={"gpo_profiles": {"Domain": {"DisableStealthMode": 1}}})
    assert network.connect(source, "NA01", 9999) == "refused"


def test_listeners_are_those_of_running_services() -> None:
    """Without the Server service nobody listens on 445; HTTP.sys and SMB belong to System, the rest to their services."""
    target = host()
    rows = {item["LocalPort"]: item for item in cim(target, "MSFT_NetTCPConnection").instances(target, ADMIN) if item["State"] == 2}
    assert {135, 139, 445, 5985, 5986} <= set(rows)
    assert (rows[445]["OwningProcess"], rows[445]["LocalAddress"], rows[5985]["OwningProcess"]) == (4, "::", 4)
    assert rows[135]["OwningProcess"] == instance(target, "Win32_Service", Name="RpcEptMapper")["ProcessId"]
    assert rows[49668]["OwningProcess"] == instance(target, "Win32_Service", Name="Spooler")["ProcessId"]
    service(target, "Spooler", "StopService")
    assert listener(target, 49668) is None


def test_remote_desktop_listens_only_if_connections_are_allowed() -> None:
    """The service alone opens no port: fDenyTSConnections must be 0."""
    running: dict[str, Any] = {"services": {"TermService": {"state": "Running"}}}
    key = r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server"
    assert listener(host(**running), 3389) is None
    assert listener(host(**running, registry={key: {"fDenyTSConnections": 0}}), 3389) is not None


def test_the_key_of_a_connection_joins_both_ends() -> None:
    """InstanceID is local address and port, remote address and port, joined by "++"; the constants are Windows'."""
    found = instance(host(), "MSFT_NetTCPConnection", LocalPort=445)
    assert (found["InstanceID"], found["RequestedState"], found["EnabledDefault"]) == ("::++445++::++0", 5, 2)


def test_shares_depend_on_role_and_options() -> None:
    """Administrative shares unless they are switched off; the product's share on an Auditor server; what the fleet adds."""

    def names(**options: Any) -> list[str]:
        target = host(**options)
        return [item["Name"] for item in cim(target, "Win32_Share").instances(target, ADMIN)]

    assert names() == ["ADMIN$", "C$", "IPC$"]
    assert names(admin_shares=False) == ["IPC$"]
    assert names(server=True, shares={"Deploy": {"path": r"C:\Deploy"}}) == ["ADMIN$", "C$", "Deploy", "IPC$", "Netwrix_UAVR$"]
    assert names(services={"LanmanServer": {"state": "Stopped"}}) == []
    assert instance(host(), "Win32_Share", Name="C$")["Type"] == 2147483648


@pytest.mark.parametrize("settings", [{}, {"path": "C:\\x", "read": ["nobody"]}, {"path": "C:\\x", "write": ["Everyone"]}])
def test_a_share_that_cannot_be_is_refused(settings: dict[str, Any]) -> None:
    """A mistake in the fleet file is told when the host is made."""
    with pytest.raises(ValueError, match="Deploy"):
        host(shares={"Deploy": settings})


def _read(network: FleetNetwork, source: Windows, path: str, account: Account = SYSTEM) -> bytes | int:
    """The content, or the error's number."""
    try:
        return network.read_share(source, account, path)
    except FileError as exc:
        return exc.code


def _with_share(read: str, **options: Any) -> tuple[FleetNetwork, Windows, Windows]:
    smb = {"rules": {"smb": "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|"}}
    network, source, target = _pair(shares={"Deploy": {"path": r"C:\Deploy", "read": [read]}}, firewall=smb, **options)
    target.files.make_folder(r"C:\Deploy")
    target.files.write(r"C:\Deploy\a.msi", b"package")
    return network, source, target


@pytest.mark.parametrize(("read", "found"), [("Everyone", b"package"), ("computers", b"package"), ("administrators", 5), ("none", 5)])
def test_the_computer_account_reads_what_computers_may(read: str, found: bytes | int) -> None:
    """LocalSystem of a domain member is the computer account."""
    network, source, _target = _with_share(read)
    assert _read(network, source, r"\\na01\deploy\A.msi") == found


def test_a_computer_account_can_be_an_administrator() -> None:
    """A member of the server's Administrators reads the administrative shares too."""
    network, source, _target = _with_share("none", administrators=[r"LAB\PC01$"])
    assert _read(network, source, r"\\NA01\C$\Deploy\a.msi") == b"package"


def test_a_network_logon_has_no_second_hop() -> None:
    """An administrator who came over the network gets 5 even from a share for everybody."""
    network, source, _target = _with_share("Everyone")
    assert _read(network, source, r"\\NA01\Deploy\a.msi", ADMIN) == 5


def test_a_computer_of_a_workgroup_is_nobody() -> None:
    """Its LocalSystem is anonymous: 5."""
    smb = {"rules": {"smb": "v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|"}}
    stranger, server = _host("PC09", "127.0.0.9", None), _host("NA01", "127.0.0.2", shares={"Deploy": {"path": "C:\\"}}, firewall=smb)
    assert _read(FleetNetwork([stranger, server]), stranger, r"\\NA01\Deploy\x") == 5


def test_a_share_that_cannot_be_read_says_why() -> None:
    """53 no such server or port 445 closed, 67 no such share, 2 no such file."""
    network, source, target = _with_share("Everyone")
    assert _read(network, source, r"\\nobody\Deploy\a.msi") == 53
    assert _read(network, source, r"\\NA01\Other\a.msi") == 67
    assert _read(network, source, r"\\NA01\IPC$\a.msi") == 67
    assert _read(network, source, r"\\NA01\Deploy\b.msi") == 2
    target.firewall.add(parsed("stop", "v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=445|"))
    assert _read(network, source, r"\\NA01\Deploy\a.msi") == 53


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer one path, 404 for the others."""
        found = self.path == "/a.msi"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"package" if found else b"no")

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@contextmanager
def _web_server(authority: Authority | None = None) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    if authority is not None:
        server.socket = authority.server(["localhost"], ["127.0.0.1"])[0].wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _fails(network: FleetNetwork, url: str) -> tuple[str, int]:
    with pytest.raises(DownloadError) as caught:
        network.download(url)
    return caught.value.reason, caught.value.status


def test_downloads_are_real_and_stay_on_this_computer() -> None:
    """Content and status come from a real server; a name that is no loopback is not known, whatever it is outside."""
    network, _source, _target = _pair()
    with _web_server() as port:
        assert network.download(f"http://127.0.0.1:{port}/a.msi") == b"package"
        assert _fails(network, f"http://127.0.0.1:{port}/b.msi") == ("status", 404)
    assert _fails(network, f"http://127.0.0.1:{port}/a.msi") == ("refused", 0)
    assert _fails(network, "http://192.0.2.1/a.msi") == ("unknown", 0)
    assert _fails(network, "ftp://127.0.0.1/a.msi") == ("unknown", 0)


def test_https_needs_a_certificate_of_the_fleets_authority(tmp_path: Path) -> None:
    """A server that the authority has certified is trusted; without the authority's file nobody is."""
    authority = Authority(tmp_path)
    source = _host("PC01", "127.0.0.3")
    with _web_server(authority) as port:
        url = f"https://127.0.0.1:{port}/a.msi"
        assert FleetNetwork([source], authority.ca_file).download(url) == b"package"
        assert _fails(FleetNetwork([source]), url) == ("certificate", 0)


def test_a_running_fleet_has_one_network(tmp_path: Path) -> None:
    """Every host, also a single one, is attached to it, and they share a lock."""
    hosts = [{"name": f"PC0{number}", "release": "2022", "address": f"127.0.0.{number}"} for number in (3, 4)]
    fleet = parse_fleet({"domain": {"dns": "lab.test", "netbios": "LAB"}, "hosts": hosts})
    running = RunningFleet(fleet.with_ports(0, 0), tmp_path)
    first, second = (running.hosts[name].windows for name in ("PC03", "PC04"))
    assert first.network is second.network is running.network
    assert first.lock is second.lock
    assert running.network.connect(first, "pc04", 5985) == "open"
