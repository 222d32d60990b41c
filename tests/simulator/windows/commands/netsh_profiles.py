# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""netsh advfirewall set ...profile: state, firewallpolicy, settings, logging."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..firewall.profile import ALLOW, BLOCK, NAMES, NOT_CONFIGURED
from .netsh_error import NetshError

if TYPE_CHECKING:
    from ..host import Windows

TARGETS: dict[str, tuple[str, ...]] = {
    "allprofiles": NAMES,
    "currentprofile": ("Current",),
    "domainprofile": ("Domain",),
    "privateprofile": ("Private",),
    "publicprofile": ("Public",),
}
_STATES = {"on": 1, "off": 0, "notconfigured": NOT_CONFIGURED}
_SWITCHES = {"enable": 1, "disable": 0, "notconfigured": NOT_CONFIGURED}
_INBOUND: dict[str, dict[str, int]] = {
    "blockinbound": {"DefaultInboundAction": BLOCK, "AllowInboundRules": 1},
    "blockinboundalways": {"DefaultInboundAction": BLOCK, "AllowInboundRules": 0},
    "allowinbound": {"DefaultInboundAction": ALLOW},
    "notconfigured": {"DefaultInboundAction": 0},
}
_OUTBOUND = {"blockoutbound": BLOCK, "allowoutbound": ALLOW, "notconfigured": 0}
_SETTINGS = {"inboundusernotification": "NotifyOnListen", "unicastresponsetomulticast": "AllowUnicastResponseToMulticast"}
_LOGGING = {"allowedconnections": "LogAllowed", "droppedconnections": "LogBlocked"}


def chosen(host: Windows, target: str) -> tuple[str, ...]:
    """The profiles behind a name; the current ones are those of the networks that the host is connected to."""
    active = {network.profile for network in host.networks}
    return tuple(name for name in NAMES if name in active) if TARGETS[target] == ("Current",) else TARGETS[target]


def setter(target: str) -> Callable[[Windows, list[str]], str]:
    """The set command of one target."""

    def command(host: Windows, words: list[str]) -> str:
        settings = _settings(words)
        for name in chosen(host, target):
            host.firewall.set_profile(name, settings)
        return f"{host.text('netsh.ok')}\r\n\r\n"

    return command


def _settings(words: list[str]) -> dict[str, Any]:
    match [word.lower() for word in words]:
        case ["state", value] if value in _STATES:
            return {"Enabled": _STATES[value]}
        case ["firewallpolicy", value]:
            return _policy(value)
        case ["settings", name, value] if name in _SETTINGS and value in _SWITCHES:
            return {_SETTINGS[name]: _SWITCHES[value]}
        case ["logging", name, value] if name in _LOGGING and value in _SWITCHES:
            return {_LOGGING[name]: _SWITCHES[value]}
        case ["logging", "filename", _]:
            return {"LogFileName": words[2]}
        case ["logging", "maxfilesize", value] if value.isdecimal() and 1 <= int(value) <= 32767:
            return {"LogMaxSizeKilobytes": int(value)}
        case []:
            raise NetshError("netsh.missing")
    raise NetshError("netsh.invalid_value")


def _policy(value: str) -> dict[str, Any]:
    inbound, _comma, outbound = value.partition(",")
    if inbound not in _INBOUND or outbound not in _OUTBOUND:
        raise NetshError("netsh.invalid_value")
    return {**_INBOUND[inbound], "DefaultOutboundAction": _OUTBOUND[outbound]}
