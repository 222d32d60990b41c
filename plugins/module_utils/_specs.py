# Copyright (c) 2026 The uamops.netwrix_auditor authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specifications, data only: the action and its documented stub read the same ones.

This module util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from typing import Any

Options = dict[str, dict[str, Any]]
Spec = dict[str, Any]

PROFILES = ["domain", "private", "public"]

SERVICE: Spec = {
    "argument_spec": {
        "name": {"type": "str"},
        "image_path": {"type": "str"},
        "start_mode": {"type": "str", "choices": ["auto", "delayed", "manual", "disabled"]},
        "state": {"type": "str", "choices": ["started", "stopped"]},
        "accept_trigger_start": {"type": "bool", "default": True},
        "stop_when_idle": {"type": "bool"},
    },
    "required_one_of": [("name", "image_path")],
    "mutually_exclusive": [("name", "image_path")],
}

FIREWALL_GROUP: Spec = {
    "argument_spec": {
        "group": {"type": "str", "required": True},
        "profiles": {"type": "list", "elements": "str", "choices": PROFILES, "default": ["domain"]},
        "direction": {"type": "str", "choices": ["in", "out", "both"], "default": "both"},
        "enabled": {"type": "bool", "default": True},
    },
}

FIREWALL_RULE: Spec = {
    "argument_spec": {
        "name": {"type": "str", "required": True},
        "direction": {"type": "str", "choices": ["in", "out"], "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "action": {"type": "str", "choices": ["allow", "block"], "default": "allow"},
        "program": {"type": "str"},
        "program_base": {"type": "list", "elements": "str"},
        "protocol": {"type": "str", "default": "any"},
        "local_ports": {"type": "list", "elements": "str"},
        "remote_ports": {"type": "list", "elements": "str"},
        "remote_addresses": {"type": "list", "elements": "str"},
        "profiles": {"type": "list", "elements": "str", "choices": PROFILES, "default": PROFILES},
        "enabled": {"type": "bool", "default": True},
        "adopt": {"type": "bool", "default": True},
    },
    "required_by": {"program_base": ("program",)},
}

REGISTRY_VALUE: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "name": {"type": "str", "default": ""},
        "type": {"type": "str", "choices": ["string", "expandstring", "multistring", "dword", "qword", "binary"], "default": "string"},
        "data": {"type": "raw"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    "required_if": [("state", "present", ("data",))],
}

KINDS: dict[str, Spec] = {
    "service": SERVICE,
    "firewall_group": FIREWALL_GROUP,
    "firewall_rule": FIREWALL_RULE,
    "registry_value": REGISTRY_VALUE,
}


def _nested(spec: Spec) -> dict[str, Any]:
    """The same spec as a sub-option of desired_state's list."""
    return {"type": "dict", "options": spec["argument_spec"], **{key: value for key, value in spec.items() if key != "argument_spec"}}


DESIRED_STATE: Spec = {
    "argument_spec": {
        "resources": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {kind: _nested(spec) for kind, spec in KINDS.items()},
            "required_one_of": [tuple(KINDS)],
            "mutually_exclusive": [tuple(KINDS)],
        },
    },
}
