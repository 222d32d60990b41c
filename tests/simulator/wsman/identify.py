# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identify, and the configuration resource ``winrm/config``."""

from __future__ import annotations

from collections.abc import Mapping

from ..windows import Limits
from . import namespaces as ns


def identity(version: str | None) -> str:
    """The answer to Identify; an anonymous caller (``version`` None) does not learn the version of Windows."""
    return (
        f'<wsmid:IdentifyResponse xmlns:wsmid="{ns.IDENTITY}"><wsmid:ProtocolVersion>{ns.WSMAN}</wsmid:ProtocolVersion>'
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>OS: {version or '0.0.0'} SP: 0.0 Stack: 3.0</wsmid:ProductVersion>"
        f"<wsmid:SecurityProfiles>{_profiles()}</wsmid:SecurityProfiles></wsmid:IdentifyResponse>"
    )


def _profiles() -> str:
    prefix = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/"
    return "".join(f"<wsmid:SecurityProfileName>{prefix}{name}</wsmid:SecurityProfileName>" for name in ("http/spnego-kerberos", "https/spnego-kerberos"))


def configuration(limits: Limits, *, basic: bool, certificate: bool, allow_unencrypted: bool) -> str:
    """The answer to Get on ``winrm/config`` (element order as in recorded answers)."""
    service_auth = _group(
        "Auth", {"Basic": basic, "Kerberos": True, "Negotiate": True, "Certificate": certificate, "CredSSP": False, "CbtHardeningLevel": "Relaxed"}
    )
    client_auth = _group("Auth", {"Basic": True, "Digest": True, "Kerberos": True, "Negotiate": True, "Certificate": True, "CredSSP": False})
    ports = _group("DefaultPorts", {"HTTP": 5985, "HTTPS": 5986})
    top = {
        "MaxEnvelopeSizekb": limits.MaxEnvelopeSizekb,
        "MaxTimeoutms": limits.MaxTimeoutms,
        "MaxBatchItems": limits.MaxBatchItems,
        "MaxProviderRequests": 4294967295,
    }
    client = _elements({"NetworkDelayms": 5000, "URLPrefix": "wsman", "AllowUnencrypted": False}) + client_auth + ports + "<cfg:TrustedHosts/>"
    return (
        f'<cfg:Config xmlns:cfg="{ns.CONFIG}">{_elements(top)}<cfg:Client>{client}</cfg:Client>'
        f"<cfg:Service>{_service(limits, allow_unencrypted) + service_auth + ports}{_elements({'IPv4Filter': '*', 'IPv6Filter': '*'})}"
        f"{_elements({'CertificateThumbprint': '', 'AllowRemoteAccess': True})}</cfg:Service><cfg:Winrs>{_winrs(limits)}</cfg:Winrs></cfg:Config>"
    )


def _service(limits: Limits, allow_unencrypted: bool) -> str:
    return _elements(
        {
            "RootSDDL": "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)",
            "MaxConcurrentOperations": 4294967295,
            "MaxConcurrentOperationsPerUser": limits.MaxConcurrentOperationsPerUser,
            "EnumerationTimeoutms": limits.EnumerationTimeoutms,
            "MaxConnections": limits.MaxConnections,
            "MaxPacketRetrievalTimeSeconds": limits.MaxPacketRetrievalTimeSeconds,
            "AllowUnencrypted": allow_unencrypted,
        }
    )


def _winrs(limits: Limits) -> str:
    return _elements(
        {
            "AllowRemoteShellAccess": True,
            "IdleTimeout": limits.IdleTimeout,
            "MaxConcurrentUsers": limits.MaxConcurrentUsers,
            "MaxShellRunTime": 2147483647,
            "MaxProcessesPerShell": limits.MaxProcessesPerShell,
            "MaxMemoryPerShellMB": limits.MaxMemoryPerShellMB,
            "MaxShellsPerUser": limits.MaxShellsPerUser,
        }
    )


def _elements(values: Mapping[str, object]) -> str:
    return "".join(f"<cfg:{name}>{str(value).lower() if isinstance(value, bool) else value}</cfg:{name}>" for name, value in values.items())


def _group(name: str, values: Mapping[str, object]) -> str:
    return f"<cfg:{name}>{_elements(values)}</cfg:{name}>"
