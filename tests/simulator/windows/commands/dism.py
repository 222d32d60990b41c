# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dism.exe /online: features, capabilities, the health of the component store. Facts: surface 5.2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..records import Account, Completed
from ..servicing import UNKNOWN_UPDATE, Servicing, ServicingError
from . import arguments as command_line
from . import dism_text as text
from .dism_arguments import UNKNOWN_OPTION, Request, WrongOption, parsed

if TYPE_CHECKING:
    from ..host import Windows

ELEVATION_REQUIRED = 740
_READS = ("get-features", "get-featureinfo", "get-capabilities", "get-capabilityinfo")


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Do one thing. The exit code is the Win32 error or the HRESULT, 3010 if a restart is to follow."""
    words = command_line.split(arguments)
    english = "/english" in (word.lower() for word in words)
    writer = text.Writer(host, english=english)
    if not account.elevated:
        return Completed(ELEVATION_REQUIRED, writer.refused(ELEVATION_REQUIRED, bare=True))
    try:
        request = parsed(words, old=host.features.winrm_2, capabilities=host.features.windows_10_or_later)
    except WrongOption as wrong:
        return Completed(UNKNOWN_OPTION, writer.refused(UNKNOWN_OPTION, wrong.word))
    seconds = float(host.options.get("dism_seconds", 0))
    try:
        host.servicing.begin(seconds)
        code, body = _ACTIONS[request.action](host.servicing, request, writer)
    except ServicingError as error:
        code = UNKNOWN_OPTION if host.features.winrm_2 and error.code == UNKNOWN_UPDATE else error.code
        return Completed(code, "" if request.quiet else writer.refused(code, error.name), delay=seconds)
    shown = "" if request.quiet and request.action not in _READS else writer.page(body)
    return Completed(code, shown, delay=seconds)


def _get_features(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return 0, writer.features(store.features(), table=request.table)


def _get_feature(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return 0, writer.feature(store.feature(request.names[0]))


def _get_capabilities(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return 0, writer.capabilities(store.capabilities(), table=request.table)


def _get_capability(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return 0, writer.capability(store.capability(request.names[0]))


def _enable(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    code = store.enable(request.names, parents=request.all, sources=request.sources, limit_access=request.limit_access)
    return code, writer.progress("enabling")


def _disable(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return store.disable(request.names, remove=request.remove), writer.progress("disabling")


def _add(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    code = store.add(request.names[0], sources=request.sources, limit_access=request.limit_access)
    return code, writer.progress("")


def _remove(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    return store.remove(request.names[0]), writer.progress("")


def _clean(store: Servicing, request: Request, writer: text.Writer) -> tuple[int, str]:
    if request.health != "restorehealth":
        return 0, writer.health(store.store)
    store.restore(request.sources, limit_access=request.limit_access)
    return 0, writer.health("restored")


_ACTIONS: Mapping[str, Callable[[Servicing, Request, text.Writer], tuple[int, str]]] = {
    "get-features": _get_features,
    "get-featureinfo": _get_feature,
    "get-capabilities": _get_capabilities,
    "get-capabilityinfo": _get_capability,
    "enable-feature": _enable,
    "disable-feature": _disable,
    "add-capability": _add,
    "remove-capability": _remove,
    "cleanup-image": _clean,
}
