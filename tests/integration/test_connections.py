# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in that a play's connection options can name: the same check over each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .harness import LAB, PASSWORD, Lab, open_lab
from .test_bad_input import task

HOST = "ws2019"
WINRM: dict[str, Any] = {"ansible_connection": "winrm"}
PSRP: dict[str, Any] = {"ansible_connection": "psrp"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab."""
    with open_lab(tmp_path_factory.mktemp("connections"), LAB) as opened:
        yield opened


def _variables(lab: Lab, name: str) -> dict[str, Any]:
    served = lab.fleet.hosts[HOST]
    http, https = {"ansible_port": served.http_port}, {"ansible_port": served.https_port}
    winrm_ca, psrp_ca = {"ansible_winrm_ca_trust_path": str(lab.fleet.ca_file)}, {"ansible_psrp_ca_cert": str(lab.fleet.ca_file)}
    certificate, key = (str(path) for path in lab.fleet.client_certificates["localadmin"])
    ways: dict[str, dict[str, Any]] = {
        "winrm, NTLM over HTTP, messages encrypted": {**WINRM, **http, "ansible_winrm_scheme": "http", "ansible_winrm_transport": "ntlm"},
        "winrm, NTLM over HTTPS": {**WINRM, **https, **winrm_ca, "ansible_winrm_transport": "ntlm"},
        "winrm, Basic over HTTPS": {**WINRM, **https, **winrm_ca, "ansible_winrm_transport": "basic", "ansible_user": "localadmin"},
        "winrm, certificate": {
            **WINRM,
            **https,
            **winrm_ca,
            "ansible_winrm_transport": "certificate",
            "ansible_winrm_cert_pem": certificate,
            "ansible_winrm_cert_key_pem": key,
        },
        "winrm, several transports of which one works": {**WINRM, **https, **winrm_ca, "ansible_winrm_transport": ["basic", "ntlm"]},
        "psrp, NTLM over HTTP, messages encrypted": {**PSRP, **http, "ansible_psrp_protocol": "http", "ansible_psrp_auth": "ntlm"},
        "psrp, Negotiate over HTTPS": {**PSRP, **https, **psrp_ca, "ansible_psrp_auth": "negotiate"},
        "psrp, Basic over HTTPS": {**PSRP, **https, **psrp_ca, "ansible_psrp_auth": "basic", "ansible_user": "localadmin"},
        "psrp, certificate": {
            **PSRP,
            **https,
            **psrp_ca,
            "ansible_psrp_auth": "certificate",
            "ansible_psrp_certificate_pem": certificate,
            "ansible_psrp_certificate_key_pem": key,
        },
    }
    return {"ansible_host": served.address, "ansible_user": "LAB\\labadmin", "ansible_password": PASSWORD, **ways[name]}


WAYS = [
    "winrm, NTLM over HTTP, messages encrypted",
    "winrm, NTLM over HTTPS",
    "winrm, Basic over HTTPS",
    "winrm, certificate",
    "winrm, several transports of which one works",
    "psrp, NTLM over HTTP, messages encrypted",
    "psrp, Negotiate over HTTPS",
    "psrp, Basic over HTTPS",
    "psrp, certificate",
]


@pytest.fixture(scope="module")
def checked(lab: Lab) -> dict[str, Any]:
    """One playbook: a host of its own for each way, all of them the same simulated host."""
    aliases = {way: f"way{number}" for number, way in enumerate(WAYS)}
    lab.variables = {alias: _variables(lab, way) for way, alias in aliases.items()}
    done = lab.play([task("service", "service", name="Winmgmt", start_mode="auto", state="started")], check=True)
    return {way: done.get("service", alias) for way, alias in aliases.items()}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_works(checked: dict[str, Any], way: str) -> None:
    """The same plan comes out, whatever the connection plugin and its authentication."""
    found = checked[way]
    assert (found.outcome, found.result.get("changed")) == ("ok", False), found.message
    assert found.result["transport"]["messages"] <= 8


@pytest.mark.parametrize("way", ["winrm, Basic over HTTP", "psrp, Basic over HTTP"])
def test_clear_text_is_refused_by_windows(lab: Lab, way: str) -> None:
    """A host that does not allow unencrypted traffic refuses it; the sentence says what to use instead."""
    served = lab.fleet.hosts[HOST]
    common = {"ansible_host": served.address, "ansible_port": served.http_port, "ansible_user": "localadmin", "ansible_password": PASSWORD}
    kind = (
        {**WINRM, "ansible_winrm_scheme": "http", "ansible_winrm_transport": "basic"}
        if way.startswith("winrm")
        else {**PSRP, "ansible_psrp_protocol": "http", "ansible_psrp_auth": "basic", "ansible_psrp_message_encryption": "never"}
    )
    lab.variables = {"clear": {**common, **kind}}
    found = lab.play([task("service", "service", name="Winmgmt", start_mode="auto")], check=True).get("service", "clear")
    assert found.outcome == "unreachable", found.result
    assert "unencrypted" in found.message
