# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kerberos from the ticket to the encrypted message, with MIT's KDC. Collected only with UAMOPS_TEST_KERBEROS=1 (conftest.py)."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import simulator
import spnego
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import transport_from
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._session import _base
from pypsrp.encryption import WinRMEncryption
from spnego.channel_bindings import GssChannelBindings

from .harness import LAB, Lab, Results
from .kdc import Realm, program, realm
from .test_bad_input import task

HOST, OTHER = "ws2019", "ws2016"
USER = "labadmin@LAB.TEST"
# Only the KDC knows it: what works with it has not fallen back to NTLM.
PASSWORD = "Lab-Kerber0s!"
IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
)


@pytest.fixture(scope="module")
def kdc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    """The realm LAB.TEST; this process and all that it starts look only there."""
    services = [f"{service}/{host}.lab.test" for service in ("HTTP", "WSMAN") for host in (HOST, OTHER)]
    folder = tmp_path_factory.mktemp("kdc")
    with realm(folder, "lab.test", {"labadmin": PASSWORD, "stranger": PASSWORD}, services) as made, pytest.MonkeyPatch.context() as patch:
        for name, value in {**made.environment, "KRB5CCNAME": f"FILE:{folder}/no-cache", "TMPDIR": str(folder)}.items():
            patch.setenv(name, value)
        yield made


@pytest.fixture(scope="module")
def lab(kdc: Realm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The simulated fleet with the realm's keytab; each test says who connects how."""
    with simulator.serve(simulator.load_fleet(LAB).with_ports(0, 0).with_keytab(kdc.keytab)) as served:
        yield Lab({}, tmp_path_factory.mktemp("kerberos"), fleet=served)


def _winrm(lab: Lab, scheme: str, *, name: str = HOST, **more: Any) -> dict[str, Any]:
    served = lab.fleet.hosts[HOST]
    return {
        "ansible_connection": "winrm",
        "ansible_host": served.address,
        "ansible_port": served.http_port if scheme == "http" else served.https_port,
        "ansible_user": USER,
        "ansible_winrm_scheme": scheme,
        "ansible_winrm_transport": "kerberos",
        "ansible_winrm_kerberos_hostname_override": f"{name}.lab.test",
        "ansible_winrm_kinit_cmd": program("kinit"),
        "ansible_winrm_kinit_env_vars": ["KRB5_CONFIG"],
        "ansible_winrm_ca_trust_path": str(lab.fleet.ca_file),
        **more,
    }


def _psrp(lab: Lab, scheme: str, auth: str, *, name: str = HOST, **more: Any) -> dict[str, Any]:
    served = lab.fleet.hosts[HOST]
    return {
        "ansible_connection": "psrp",
        "ansible_host": served.address,
        "ansible_port": served.http_port if scheme == "http" else served.https_port,
        "ansible_user": USER,
        "ansible_psrp_protocol": scheme,
        "ansible_psrp_auth": auth,
        "ansible_psrp_negotiate_hostname_override": f"{name}.lab.test",
        "ansible_psrp_ca_cert": str(lab.fleet.ca_file),
        **more,
    }


def _ways(lab: Lab) -> dict[str, dict[str, Any]]:
    """Connections by what they are: those that work, then those that do not. No ansible_password: the ticket cache is used."""
    given, wrong = {"ansible_password": PASSWORD}, {"ansible_password": "Wrong-Passw0rd!"}
    always = {"ansible_winrm_message_encryption": "always"}
    return {
        "winrm managed http": _winrm(lab, "http", **given),
        "winrm managed https": _winrm(lab, "https", **given),
        "winrm managed forwardable": _winrm(lab, "http", **given, ansible_winrm_kerberos_delegation=True),
        "winrm manual http": _winrm(lab, "http"),
        "winrm manual https": _winrm(lab, "https"),
        "winrm manual https encrypted": _winrm(lab, "https", **always),
        "winrm manual though a password is given": _winrm(lab, "http", **wrong, ansible_winrm_kinit_mode="manual"),
        "psrp kerberos http": _psrp(lab, "http", "kerberos", **given),
        "psrp kerberos https": _psrp(lab, "https", "kerberos", **given),
        "psrp kerberos cache": _psrp(lab, "http", "kerberos"),
        "psrp kerberos https encrypted": _psrp(lab, "https", "kerberos", ansible_psrp_message_encryption="always"),
        "psrp negotiate http": _psrp(lab, "http", "negotiate", **given),
        "psrp negotiate https": _psrp(lab, "https", "negotiate", **given),
        "psrp negotiate cache": _psrp(lab, "https", "negotiate"),
        "winrm wrong password": _winrm(lab, "http", **wrong),
        "winrm unknown user": _winrm(lab, "http", **given, ansible_user="nobody@LAB.TEST"),
        "winrm user of NTLM": _winrm(lab, "http", **given, ansible_user="LAB\\labadmin"),
        "winrm ticket of another user": _winrm(lab, "http", ansible_user="stranger@LAB.TEST"),
        "winrm no account on the host": _winrm(lab, "http", **given, ansible_user="stranger@LAB.TEST"),
        "winrm unknown host name": _winrm(lab, "http", name="ws9999"),
        "winrm name of another host": _winrm(lab, "http", name=OTHER),
        "psrp wrong password": _psrp(lab, "http", "kerberos", **wrong),
        "psrp negotiate wrong password": _psrp(lab, "http", "negotiate", **wrong),
        "psrp ticket of another user": _psrp(lab, "http", "kerberos", ansible_user="stranger@LAB.TEST"),
        "psrp unknown host name": _psrp(lab, "http", "kerberos", name="ws9999"),
        "psrp name of another host": _psrp(lab, "http", "kerberos", name=OTHER),
    }


WORKS = [
    "winrm managed http",
    "winrm managed https",
    "winrm managed forwardable",
    "winrm manual http",
    "winrm manual https",
    "winrm manual https encrypted",
    "winrm manual though a password is given",
    "psrp kerberos http",
    "psrp kerberos https",
    "psrp kerberos cache",
    "psrp kerberos https encrypted",
    "psrp negotiate http",
    "psrp negotiate https",
    "psrp negotiate cache",
]
NO_USER = "not found in Kerberos database"
REFUSED = {
    "winrm wrong password": "no Kerberos ticket for labadmin@LAB.TEST: kinit: Password incorrect",
    "winrm unknown user": NO_USER,
    "winrm user of NTLM": "give ansible_user as name@REALM",
    "winrm ticket of another user": "get a ticket for this user with kinit, or give ansible_password",
    "winrm no account on the host": "did not accept the login of stranger@LAB.TEST (HTTP 401)",
    "winrm unknown host name": "Server HTTP/ws9999.lab.test@LAB.TEST not found in Kerberos database (ansible_host, or the hostname override",
    "winrm name of another host": "(HTTP 401)",
    "psrp wrong password": "(the password is not right)",
    "psrp negotiate wrong password": "did not accept the login of labadmin@LAB.TEST (HTTP 401): check user and password",
    "psrp ticket of another user": "get a ticket for this user with kinit, or give ansible_password",
    "psrp unknown host name": "Server WSMAN/ws9999.lab.test@LAB.TEST not found in Kerberos database (ansible_host, or the hostname override",
    "psrp name of another host": "(HTTP 401)",
}


def _look(lab: Lab, ways: dict[str, dict[str, Any]], cache: Path | None = None, **keywords: Any) -> dict[str, Any]:
    """One playbook that looks at a service by each of the connections; `cache` is the ticket cache of the whole run."""
    aliases = {way: f"way{number}" for number, way in enumerate(ways)}
    lab.variables = {alias: ways[way] for way, alias in aliases.items()}
    look = task("service", "service", name="Winmgmt", start_mode="auto", state="started", **keywords)
    with pytest.MonkeyPatch.context() as patch:
        if cache is not None:
            patch.setenv("KRB5CCNAME", f"FILE:{cache}")
        done: Results = lab.play([look], check=True)
    return {way: done.get("service", alias) for way, alias in aliases.items()}


@pytest.fixture(scope="module")
def looked(lab: Lab, kdc: Realm) -> dict[str, Any]:
    """Every way of connecting, in one playbook that has labadmin's ticket in its cache."""
    return _look(lab, _ways(lab), kdc.ticket("labadmin", PASSWORD))


@pytest.mark.parametrize("way", WORKS)
def test_a_login_by_kerberos(looked: dict[str, Any], way: str) -> None:
    """HTTP with encrypted messages and HTTPS, with a ticket from the password or from the cache."""
    assert looked[way].outcome == "ok", looked[way].result


@pytest.mark.parametrize("way", sorted(REFUSED))
def test_a_refused_login(looked: dict[str, Any], way: str) -> None:
    """Unreachable, with one sentence that says why, without a secret and without a library's traceback."""
    found = looked[way]
    assert found.outcome == "unreachable", found.result
    assert REFUSED[way] in found.message
    assert not any(word in str(found.result) for word in (PASSWORD, "Wrong-Passw0rd!", "Traceback", "GSSError", "authGSS", "Minor"))


@pytest.mark.parametrize("expired", [True, False])
def test_no_valid_ticket(lab: Lab, kdc: Realm, expired: bool) -> None:
    """A ticket that is over, and no ticket cache at all."""
    cache = kdc.ticket("labadmin", PASSWORD, "-l", "1s") if expired else None
    time.sleep(1.5 if expired else 0)
    ways = {"winrm": _winrm(lab, "http"), "psrp": _psrp(lab, "http", "kerberos")} | ({} if expired else {"negotiate": _psrp(lab, "http", "negotiate")})
    for found in _look(lab, ways, cache).values():
        assert found.outcome == "unreachable", found.result
        assert ("expired" if expired else "with kinit, or give ansible_password") in found.message
        assert "SpnegoError" not in found.message


def test_kinit_is_called_once_and_keeps_the_password_to_itself(lab: Lab, kdc: Realm, tmp_path: Path) -> None:
    """A loop asks the KDC once; no process shows the password meanwhile, and no ticket is left behind."""
    command = tmp_path / "kinit"
    command.write_text(f'#!/bin/sh\necho called >> {tmp_path}/calls\ncat /proc/[0-9]*/cmdline >> {tmp_path}/processes\nexec {program("kinit")} "$@"\n')
    command.chmod(0o700)
    way = _winrm(lab, "http", ansible_password=PASSWORD, ansible_winrm_kinit_cmd=str(command))
    found = _look(lab, {"loop": way}, _loop=[1, 2, 3])["loop"]
    assert [item.get("changed") for item in found.result["results"]] == [False, False, False]
    assert (tmp_path / "calls").read_text() == "called\n"
    processes = (tmp_path / "processes").read_bytes()
    assert b"kinit" in processes and PASSWORD.encode() not in processes
    assert list(kdc.folder.glob("krb5cc_*")) == []


@pytest.mark.parametrize("plugin", ["winrm", "psrp"])
def test_a_connection_that_is_opened_anew(lab: Lab, kdc: Realm, monkeypatch: pytest.MonkeyPatch, plugin: str) -> None:
    """A new TCP connection gets a login and encryption keys of its own, whether we close the old one or the host does."""
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{kdc.ticket('labadmin', PASSWORD)}")
    host = lab.fleet.hosts[HOST]
    common: dict[str, Any] = {"remote_addr": host.address, "port": host.http_port, "remote_user": USER}
    extras = {"ansible_winrm_kerberos_hostname_override": f"{HOST}.lab.test", "ansible_winrm_ca_trust_path": str(lab.fleet.ca_file)}
    own: dict[str, dict[str, Any]] = {
        "winrm": {"scheme": "http", "transport": ["kerberos"], "_extras": extras},
        "psrp": {"protocol": "http", "auth": "kerberos", "path": "wsman", "negotiate_service": "WSMAN", "negotiate_hostname_override": f"{HOST}.lab.test"},
    }
    transport = transport_from(plugin, common | own[plugin])
    try:
        assert b"IdentifyResponse" in transport.send(IDENTIFY)
        lab.fleet.close_connections()
        assert b"IdentifyResponse" in transport.send(IDENTIFY)
        monkeypatch.setattr(_base, "IDLE_SECONDS", -1.0)
        before = lab.fleet.counters(HOST)["connections"]
        assert b"IdentifyResponse" in transport.send(IDENTIFY)
        assert lab.fleet.counters(HOST)["connections"] == before + 1
    finally:
        transport.close()


def _exchange(lab: Lab, kdc: Realm, scheme: str, bindings: GssChannelBindings | None = None) -> tuple[Any, requests.Session, requests.Response]:
    """Log in with a raw Kerberos token under the scheme Kerberos or Negotiate, over HTTP or (with bindings) HTTPS."""
    host = lab.fleet.hosts[HOST]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KRB5CCNAME", f"FILE:{kdc.ticket('labadmin', PASSWORD)}")
        context = spnego.client(None, hostname=f"{HOST}.lab.test", service="HTTP", protocol="kerberos", channel_bindings=bindings)
        token = base64.b64encode(context.step() or b"").decode()
    session = requests.Session()
    session.trust_env, session.verify = False, str(lab.fleet.ca_file)
    url = host.http_url if bindings is None else host.https_url
    return context, session, session.post(url, headers={"Authorization": f"{scheme} {token}"}, timeout=5)


@pytest.mark.parametrize(("scheme", "protocol"), [("Kerberos", WinRMEncryption.KERBEROS), ("Negotiate", WinRMEncryption.SPNEGO)])
def test_the_scheme_names_the_encryption(lab: Lab, kdc: Realm, scheme: str, protocol: str) -> None:
    """The simulated host answers in the scheme it was asked in, and takes messages of that scheme's content type only."""
    context, session, answer = _exchange(lab, kdc, scheme)
    assert (answer.status_code, answer.headers["WWW-Authenticate"].partition(" ")[0]) == (200, scheme)
    context.step(base64.b64decode(answer.headers["WWW-Authenticate"].partition(" ")[2]))
    kind, body = WinRMEncryption(context, protocol).wrap_message(IDENTIFY)
    headers = {"Content-Type": f'{kind};protocol="{protocol}";boundary="Encrypted Boundary"'}
    sealed = session.post(lab.fleet.hosts[HOST].http_url, data=body, headers=headers, timeout=5)
    assert (sealed.status_code, protocol in sealed.headers["Content-Type"]) == (200, True)
    assert b"IdentifyResponse" in WinRMEncryption(context, protocol).unwrap_message(sealed.content, "Encrypted Boundary")
    other = {"Content-Type": headers["Content-Type"].replace(protocol, "application/HTTP-CredSSP-session-encrypted")}
    assert session.post(lab.fleet.hosts[HOST].http_url, data=body, headers=other, timeout=5).status_code == 400


def test_channel_bindings_of_another_connection(lab: Lab, kdc: Realm) -> None:
    """A ticket that was bound to another certificate is refused over HTTPS."""
    bindings = GssChannelBindings(application_data=b"tls-server-end-point:" + bytes(32))
    assert _exchange(lab, kdc, "Negotiate", bindings)[2].status_code == 401


def test_without_a_keytab(kdc: Realm) -> None:
    """A fleet without a keytab offers Kerberos and accepts none."""
    with simulator.serve(simulator.load_fleet(LAB).with_ports(0, 0)) as served:
        bare = Lab({}, kdc.folder, fleet=served)
        assert [_exchange(bare, kdc, scheme)[2].status_code for scheme in ("Kerberos", "Negotiate")] == [401, 401]
