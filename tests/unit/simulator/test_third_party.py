# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that know nothing of the simulator, unchanged: pywinrm, pypsrp, and Ansible's winrm and psrp connections."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import winrm
from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import AuthenticationError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import Process, SignalCode, WinRS
from pypsrp.wsman import WSMan
from simulator import RunningFleet
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError

PASSWORD = "Lab-Passw0rd!"
# Ansible's winrm connection wraps every command into PowerShell but what begins with "type " (2.19) or holds " -EncodedCommand " (2.20 and later).
NOT_WRAPPED = "type nul & where-am-i & rem -EncodedCommand x"


def pywinrm(fleet: RunningFleet, transport: str, *, tls: bool, user: str = "localadmin", password: str = PASSWORD, **more: Any) -> Any:
    host = fleet.hosts["alpha"]
    return winrm.Session(host.https_url if tls else host.http_url, auth=(user, password), transport=transport, ca_trust_path=str(fleet.ca_file), **more)


@pytest.mark.parametrize(("transport", "tls"), [("ntlm", False), ("ntlm", True), ("basic", True)])
@pytest.mark.parametrize("user", ["localadmin", "LAB\\labadmin"])
def test_pywinrm(stub_fleet: RunningFleet, transport: str, tls: bool, user: str) -> None:
    """NTLM with message encryption over HTTP; NTLM (with channel bindings) and Basic over validated HTTPS."""
    done = pywinrm(stub_fleet, transport, tls=tls, user=user).run_cmd("echo", ["hi", "&", "fail", "3"])
    assert (done.status_code, done.std_out, done.std_err) == (3, b"hi \r\n", b"failed\r\n")


def test_pywinrm_with_a_client_certificate(stub_fleet: RunningFleet) -> None:
    """A certificate is mapped to its local account."""
    certificate, key = stub_fleet.client_certificates["localadmin"]
    session = pywinrm(stub_fleet, "certificate", tls=True, password="", cert_pem=str(certificate), cert_key_pem=str(key))
    assert session.run_cmd("echo %USERNAME%").std_out == b"localadmin\r\n"


def test_ntlm_without_message_encryption_is_refused_over_http(stub_fleet: RunningFleet) -> None:
    """An empty 500 again; over HTTPS it is allowed."""
    with pytest.raises(WinRMTransportError, match="500"):
        pywinrm(stub_fleet, "ntlm", tls=False, message_encryption="never").run_cmd("echo x")
    assert pywinrm(stub_fleet, "ntlm", tls=True, message_encryption="never").run_cmd("echo x").std_out == b"x\r\n"
    assert pywinrm(stub_fleet, "ntlm", tls=True, message_encryption="always").run_cmd("echo x").std_out == b"x\r\n"


def test_pywinrm_is_told_of_wrong_credentials_and_unencrypted_traffic(stub_fleet: RunningFleet) -> None:
    """Wrong password, and Basic over HTTP (an empty 500)."""
    for transport, tls in (("ntlm", False), ("ntlm", True), ("basic", True)):
        with pytest.raises(InvalidCredentialsError):
            pywinrm(stub_fleet, transport, tls=tls, password="wrong").run_cmd("echo")
    with pytest.raises(WinRMTransportError):
        pywinrm(stub_fleet, "plaintext", tls=False).run_cmd("echo")


def wsman(fleet: RunningFleet, *, tls: bool, password: str = PASSWORD, auth: str = "negotiate") -> WSMan:
    host = fleet.hosts["alpha"]
    port = host.https_port if tls else host.http_port
    validation: Any = str(fleet.ca_file)  # the library takes a path here, though it declares a bool
    return WSMan(host.address, port=port, ssl=tls, username="localadmin", password=password, auth=auth, cert_validation=validation)


@pytest.mark.parametrize(("tls", "auth"), [(False, "ntlm"), (False, "negotiate"), (True, "negotiate"), (True, "basic")])
def test_pypsrp_shell(stub_fleet: RunningFleet, tls: bool, auth: str) -> None:
    """pypsrp's WinRS shell, with the envelope size read from the configuration; the recorded "err " keeps its blank."""
    with wsman(stub_fleet, tls=tls, auth=auth) as connection:
        connection.update_max_payload_size()
        assert connection.max_payload_size > 300_000
        with WinRS(connection) as shell:
            process = Process(shell, "cmd.exe", ["/c echo out && echo err>&2 && exit 1"])
            process.invoke()
            process.signal(SignalCode.CTRL_C)
            assert (process.stdout, process.stderr, process.rc) == (b"out \r\n", b"err \r\n", 1)


def test_pypsrp_with_a_wrong_password(stub_fleet: RunningFleet) -> None:
    """An authentication error."""
    with pytest.raises(AuthenticationError), wsman(stub_fleet, tls=False, password="wrong") as connection, WinRS(connection):
        pass


def test_pypsrp_opens_a_runspace_pool(stub_fleet: RunningFleet) -> None:
    """The pool opens; a pipeline fails with an error record that says why; the pool stays usable."""
    with wsman(stub_fleet, tls=False) as connection, RunspacePool(connection) as pool:
        for _attempt in range(2):
            shell = PowerShell(pool)
            shell.add_script("1 + 1")
            shell.invoke()
            assert shell.state == PSInvocationState.FAILED
            assert "scripts cannot be run here" in str(shell.streams.error[0])


def ansible(fleet: RunningFleet, folder: Path, connection: str, module: str, arguments: str, **variables: Any) -> subprocess.CompletedProcess[str]:
    host = fleet.hosts["alpha"]
    inventory = folder / "inventory.json"
    more = {
        "ansible_host": host.address,
        "ansible_connection": connection,
        "ansible_port": host.https_port,
        "ansible_user": "localadmin",
        "ansible_password": PASSWORD,
        "ansible_winrm_transport": "ntlm",
        "ansible_winrm_ca_trust_path": str(fleet.ca_file),
        "ansible_psrp_ca_cert": str(fleet.ca_file),
        **variables,
    }
    inventory.write_text(json.dumps({"all": {"hosts": {"alpha": more}}}))
    program = Path(sys.executable).with_name("ansible")
    environment = {**os.environ, "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"), "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_NOCOLOR": "1"}
    command = [str(program), "alpha", "-i", str(inventory), "-m", module, "-a", arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


@pytest.mark.parametrize("tls", [True, False])
def test_ansible_winrm_runs_raw_commands(stub_fleet: RunningFleet, tmp_path: Path, tls: bool) -> None:
    """ansible.builtin.raw through ansible.builtin.winrm, with a line that the plugin does not wrap into PowerShell."""
    more = {} if tls else {"ansible_port": stub_fleet.hosts["alpha"].http_port, "ansible_winrm_scheme": "http"}
    done = ansible(stub_fleet, tmp_path, "ansible.builtin.winrm", "ansible.builtin.raw", NOT_WRAPPED, ansible_shell_type="cmd", **more)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CHANGED | rc=0 >>\nalpha" in done.stdout


def test_ansible_winrm_reports_a_wrong_password(stub_fleet: RunningFleet, tmp_path: Path) -> None:
    """UNREACHABLE."""
    done = ansible(stub_fleet, tmp_path, "ansible.builtin.winrm", "ansible.builtin.raw", "where-am-i", ansible_shell_type="cmd", ansible_password="wrong")
    assert "UNREACHABLE" in done.stdout


def test_ansible_winrm_is_told_that_powershell_cannot_run_scripts(stub_fleet: RunningFleet, tmp_path: Path) -> None:
    """Everything else goes through powershell.exe, which is there, fails, and says why."""
    done = ansible(stub_fleet, tmp_path, "ansible.builtin.winrm", "ansible.builtin.raw", "where-am-i")
    assert done.returncode != 0
    assert "scripts cannot be run here" in done.stdout


def test_ansible_psrp_connects_and_is_told_that_scripts_cannot_run(stub_fleet: RunningFleet, tmp_path: Path) -> None:
    """ansible.builtin.psrp opens its runspace pool; the script ends with a failure that says why."""
    done = ansible(stub_fleet, tmp_path, "ansible.builtin.psrp", "ansible.builtin.raw", "where-am-i", ansible_shell_type="powershell")
    assert done.returncode != 0
    assert "UNREACHABLE" not in done.stdout
    assert "scripts cannot be run here" in done.stdout
