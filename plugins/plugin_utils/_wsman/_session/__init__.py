# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of the play's own connection plugin to a Transport: the only place that knows sockets.

_base has what both libraries share (order of events, errors in plain words), _winrm and _psrp the libraries, _kerberos
the tickets of managed Kerberos, _tls shared TLS contexts and bounded answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._errors import ConnectionFailed
from .._exchange import Transport
from . import _base, _psrp, _tls, _winrm


def transport_from(plugin: str, options: Mapping[str, object], answer_within: float | None = None) -> Transport:
    """Return a transport that logs in as the connection plugin would; nothing is sent yet.

    plugin: "winrm" or "psrp". options: the plugin's own resolved options by their names, as get_option gives them; for winrm
    the ansible_winrm_* extras are under "_extras". answer_within: seconds for connecting, and after that for each answer, in place
    of the options' own limits, and without tries again. Raises ConnectionFailed for another plugin, a missing library
    and settings that the library refuses.
    """
    if plugin not in ("winrm", "psrp"):
        raise ConnectionFailed(f"the connection plugin {plugin} does not speak WS-Management: use winrm or psrp for this host")
    missing = _base.MISSING or (_winrm.MISSING if plugin == "winrm" else _psrp.MISSING)
    if missing is not None:
        package = "pywinrm" if plugin == "winrm" else "pypsrp"
        raise ConnectionFailed(f"the connection plugin {plugin} needs the Python package {package} on the controller: {missing}")
    try:
        if plugin == "winrm":
            return _winrm.WinrmSession(_winrm.hurried(_winrm.arguments_from(options), answer_within))
        return _psrp.PsrpSession(_psrp.hurried(_psrp.arguments_from(options), answer_within))
    except ValueError as error:
        raise ConnectionFailed(f"one of the connection's options is not of its type: {error}") from error


def load_tls() -> None:
    """Load the CA store now, so that the processes that are forked later share it."""
    if _tls.HAVE_ADAPTER:
        _tls.shared_context(_tls.default_store(), None)
