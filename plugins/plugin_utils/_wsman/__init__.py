# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""WS-Management from Python: CIM and WinRS on Windows hosts, without PowerShell on them.

    with Client(transport_from("winrm", options)) as client:
        for service in client.query("root/cimv2", "select Name, State from Win32_Service"):
            print(service.text("Name"), service.text("State"))

Nothing here imports Ansible. Envelopes, values and faults know no sockets:

    _client      operations on CIM classes      _instance           one CIM instance
    _shell       commands                       _values             CIM values both ways
    _exchange    one message out, one in        _faults, _errors    the exceptions
    _envelope    requests                       _xml, _namespaces
    _reply       answers                        _session/           transports from a connection plugin's options
"""

from __future__ import annotations

from ._client import Client, Identity
from ._envelope import Association, Options
from ._errors import (
    CertificateRejected,
    CommandTimedOut,
    ConnectionFailed,
    ProtocolError,
    ResponseTooLarge,
    Unauthorized,
    WSManError,
)
from ._exchange import Statistics, Transport
from ._faults import WSManFault
from ._instance import Instance
from ._session import load_tls, transport_from
from ._shell import LARGE_STDIN_PART, STDIN_PART, Completed, Shell, Sink, Stdin
from ._values import Embedded, Reference, Resource, Selectors, Value

__all__ = [
    "LARGE_STDIN_PART",
    "STDIN_PART",
    "Association",
    "CertificateRejected",
    "Client",
    "CommandTimedOut",
    "Completed",
    "ConnectionFailed",
    "Embedded",
    "Identity",
    "Instance",
    "Options",
    "ProtocolError",
    "Reference",
    "Resource",
    "ResponseTooLarge",
    "Selectors",
    "Shell",
    "Sink",
    "Statistics",
    "Stdin",
    "Transport",
    "Unauthorized",
    "Value",
    "WSManError",
    "WSManFault",
    "load_tls",
    "transport_from",
]
