# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where packages come from and how they travel, with a real SMB server (UAMOPS_TEST_TOOLS=1, see conftest.py)."""

from __future__ import annotations

import hashlib
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .harness import HERE, Lab, Outcome, open_lab
from .samba import serve_smb
from .test_msi_package import NAME, PACKAGES, installed

FILE_SERVER = "127.16.0.9"
PACKAGE = PACKAGES / "UACoreSvcSetup-10.7.0.msi"
COMPUTERS = ["ws2012r2", "ws2022"]


@dataclass
class Sources:
    """The hosts, the port of their SMB server, and the controller's cache of packages."""

    lab: Lab
    port: int
    cache: Path

    def run(self, host: str, **options: Any) -> Outcome:
        """Install, or do what the options say."""
        options = {"smb_port": self.port, **options}
        return self.lab.play([{"name": "package", "uamops.netwrix_auditor.msi_package": options}], [host]).get("package", host)

    def remove(self, host: str) -> None:
        """Uninstall; the package that was brought goes too."""
        assert self.run(host, product_name=NAME, state="absent").result["changed"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    """All hosts, a share with a package on the file server, and an empty cache."""
    folder = tmp_path_factory.mktemp("sources")
    with socket.socket() as free, pytest.MonkeyPatch.context() as patch:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
        free.close()
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        with open_lab(folder, HERE / "fleets" / "sources.yml") as lab, serve_smb([host.windows for host in lab.fleet.hosts.values()], folder / "smb", port):
            for share in ("Deploy", "Closed"):
                shutil.copy(PACKAGE, lab.fleet.hosts[FILE_SERVER].windows.files.resolve(f"C:\\{share}") / "agent.msi")
            lab.session(FILE_SERVER).run_cmd('netsh advfirewall firewall set rule group="@FirewallAPI.dll,-28502" new enable=yes')
            yield Sources(lab, port, folder / "cache" / "uamops" / "netwrix_auditor" / "packages")


@pytest.mark.parametrize("host", COMPUTERS)
def test_smb_is_the_way_if_the_host_takes_it(sources: Sources, host: str) -> None:
    """The package goes over SMB, the output says so, and hardly anything goes through the connection."""
    found = sources.run(host, path=str(PACKAGE))
    assert (found.outcome, installed(sources.lab, host)) == ("ok", "10.7.0"), found.message
    assert "over SMB" in found.result["notes"][-1], found.result["notes"]
    sources.remove(host)


@pytest.mark.parametrize("host", ["denied", "no-smb"])
def test_without_smb_the_connection_carries_the_package(sources: Sources, host: str) -> None:
    """The output says why; who insists on SMB gets one sentence."""
    refused = sources.run(host, path=str(PACKAGE), delivery="smb")
    assert refused.outcome == "failed"
    assert "over SMB" in refused.message
    found = sources.run(host, path=str(PACKAGE))
    assert (found.outcome, installed(sources.lab, host)) == ("ok", "10.7.0"), found.message
    assert "through the connection" in found.result["notes"][-1], found.result["notes"]
    sources.remove(host)


@pytest.mark.parametrize("host", COMPUTERS)
def test_a_share_is_read_by_the_host_as_system(sources: Sources, host: str) -> None:
    """Nobody's credentials are passed on, the one-shot task leaves nothing behind, and a second run finds nothing to do."""
    path = f"\\\\{FILE_SERVER}\\Deploy\\agent.msi"
    found = sources.run(host, path=path)
    assert (found.outcome, installed(sources.lab, host)) == ("ok", "10.7.0"), found.message
    assert "fetched by the host itself" in found.result["notes"][-1], found.result["notes"]
    staging = sources.lab.fleet.hosts[host].windows.files.list("C:\\Windows\\uamops")
    assert [name for name in staging if not name.endswith((".msi", ".log"))] == []
    assert "uamops" not in sources.lab.session(host).run_cmd("schtasks /query /fo csv").std_out.decode("utf-8", "replace")
    assert not sources.run(host, path=path).result["changed"]
    sources.remove(host)


def test_a_share_that_the_computer_may_not_read_is_one_sentence(sources: Sources) -> None:
    """The controller may read it, the computer account may not: the sentence says what to do, and another way works."""
    path = f"\\\\{FILE_SERVER}\\Closed\\agent.msi"
    found = sources.run("ws2022", path=path)
    assert found.outcome == "failed"
    assert "as SYSTEM" in found.message
    assert "computer account" in found.message
    assert sources.run("ws2022", path=path, delivery="smb").result["changed"]
    sources.remove("ws2022")


def test_a_share_that_does_not_exist_is_one_sentence(sources: Sources) -> None:
    """Neither the share nor the file."""
    for path in (f"\\\\{FILE_SERVER}\\Nowhere\\agent.msi", f"\\\\{FILE_SERVER}\\Deploy\\other.msi"):
        found = sources.run("ws2022", path=path)
        assert found.outcome == "failed"
        assert "can't read" in found.message


def test_the_package_is_taken_from_the_auditor_server_once(sources: Sources) -> None:
    """The vendor's own way: found by the registry, kept by its checksum, not copied a second time."""
    task = {
        "name": "package",
        "uamops.netwrix_auditor.msi_package_info": {
            "path": "User Activity Video Recording\\UACoreSvcSetup.msi",
            "folder": ["HKLM\\SOFTWARE\\WOW6432Node\\Netwrix Auditor\\InstallPath", "%ProgramFiles(x86)%\\Netwrix Auditor"],
            "smb_port": sources.port,
        },
    }
    before = sources.lab.writes("auditor")
    first = sources.lab.play([task], ["auditor"], check=True).get("package", "auditor")
    assert first.outcome == "ok", first.message
    facts = first.result["package"]
    assert (facts["version"], facts["architecture"], facts["name"]) == ("10.7.0", "x86", NAME)
    assert Path(facts["path"]).read_bytes() == PACKAGE.read_bytes()
    assert sources.cache in Path(facts["path"]).parents
    second = sources.lab.play([task], ["auditor"]).get("package", "auditor")
    assert (second.result["package"], second.result["notes"]) == (facts, [])
    assert sources.lab.writes("auditor") == before


def test_as_system_installs_by_a_task_that_removes_itself(sources: Sources) -> None:
    """For packages that fail under a network logon."""
    found = sources.run("ws2022", path=str(PACKAGE), as_system=True, properties={"UAVR_SERVERNAME": '50% "x" %PATH%'})
    assert (found.outcome, installed(sources.lab, "ws2022")) == ("ok", "10.7.0"), found.message
    registry = sources.lab.fleet.hosts["ws2022"].windows.registry
    assert registry.value("hklm", "SOFTWARE\\WOW6432Node\\Netwrix\\User Activity Video Reporter Agent", "ServerName") == '50% "x" %PATH%'
    sources.remove("ws2022")


@pytest.fixture(scope="module")
def site(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web server on the file server's address, with the fleet's certificate authority, which the controller trusts too."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(PACKAGE, folder / "agent.msi")
    server = ThreadingHTTPServer((FILE_SERVER, 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    server.socket = sources.lab.fleet.hosts[FILE_SERVER].tls()[0].wrap_socket(server.socket, server_side=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(sources.lab.fleet.ca_file))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://{FILE_SERVER}:{server.server_address[1]}"
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("host", COMPUTERS)
def test_an_https_address_is_fetched_by_the_controller_or_by_the_host(sources: Sources, site: str, host: str) -> None:
    """By the controller unless asked otherwise; by the host itself as SYSTEM, with what its release has for that."""
    sha256 = hashlib.sha256(PACKAGE.read_bytes()).hexdigest()
    for options, said in (({}, "over SMB"), ({"delivery": "host"}, "fetched by the host itself")):
        found = sources.run(host, path=f"{site}/agent.msi", sha256=sha256, **options)
        assert (found.outcome, installed(sources.lab, host)) == ("ok", "10.7.0"), found.message
        assert said in found.result["notes"][-1], found.result["notes"]
        sources.remove(host)


def test_an_address_that_holds_another_file_is_refused(sources: Sources, site: str) -> None:
    """The checksum decides, before the host hears of it."""
    before = sources.lab.writes("ws2022")
    for path in (f"{site}/agent.msi", f"{site}/missing.msi"):
        found = sources.run("ws2022", path=path, sha256="1" * 64)
        assert found.outcome == "failed"
        assert found.message.count("\n") == 0
    assert sources.lab.writes("ws2022") == before
