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

REGISTRY_TYPES = ["string", "expandstring", "multistring", "dword", "qword", "binary"]

SERVICE: Spec = {
    "argument_spec": {
        "name": {"type": "str"},
        "image_path": {"type": "str"},
        "start_mode": {"type": "str", "choices": ["auto", "delayed", "manual", "disabled"]},
        "state": {"type": "str", "choices": ["started", "stopped"]},
        "accept_trigger_start": {"type": "bool", "default": True},
        "stop_when_idle": {"type": "bool"},
        "settings": {
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {"type": "str", "required": True},
                "name": {"type": "str", "required": True},
                "type": {"type": "str", "choices": REGISTRY_TYPES, "default": "string"},
                "data": {"type": "raw"},
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            },
            "required_if": [("state", "present", ("data",))],
        },
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
        "type": {"type": "str", "choices": REGISTRY_TYPES, "default": "string"},
        "data": {"type": "raw"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "missing_key": {"type": "str", "choices": ["create", "ignore"], "default": "create"},
    },
    "required_if": [("state", "present", ("data",))],
}

USER_REGISTRY_VALUE: Spec = {
    "argument_spec": {
        "user": {"type": "str", "required": True},
        "path": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "type": {"type": "str", "choices": REGISTRY_TYPES, "default": "string"},
        "data": {"type": "raw"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    "required_if": [("state", "present", ("data",))],
}

EDGE_IE_MODE_SITE_LIST: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "sites": {
            "type": "list",
            "elements": "dict",
            "options": {
                "url": {"type": "str", "required": True},
                "open_in": {"type": "str", "choices": ["ie11", "edge", "configurable"], "default": "ie11"},
                "compat_mode": {
                    "type": "str",
                    "choices": ["Default", "IE11", "IE10", "IE9", "IE8", "IE7", "IE5", "IE8Enterprise", "IE7Enterprise"],
                    "default": "Default",
                },
                "allow_redirect": {"type": "bool", "default": False},
            },
        },
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    "required_if": [("state", "present", ("sites",))],
}

REGISTRY_KEY: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
}

FOLDER: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
}

LOCAL_GROUP_MEMBER: Spec = {
    "argument_spec": {
        "group": {"type": "str", "required": True},
        "members": {"type": "list", "elements": "str", "default": []},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
}

SHARE_ACCESS: Spec = {
    "argument_spec": {
        "share": {"type": "str", "required": True},
        "accounts": {"type": "list", "elements": "str", "required": True},
        "rights": {"type": "str", "choices": ["read"], "default": "read"},
    },
}

REGISTRY_ACCESS: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "account": {"type": "str", "required": True},
        "rights": {"type": "str", "choices": ["read"], "default": "read"},
    },
}

# How a file comes from the controller to the host.
DELIVERY: Options = {
    "delivery": {"type": "str", "choices": ["auto", "smb", "connection", "host"], "default": "auto"},
    "smb_port": {"type": "int", "default": 445},
    "concurrent_uploads": {"type": "int", "default": 10},
}

MSI_PACKAGE: Spec = {
    "argument_spec": {
        "state": {"type": "str", "choices": ["present", "absent", "latest"], "default": "present"},
        "path": {"type": "str"},
        "sha256": {"type": "str"},
        "signer": {"type": "str"},
        "product_code": {"type": "str"},
        "product_name": {"type": "str"},
        "publisher": {"type": "str"},
        "allow_downgrade": {"type": "bool", "default": False},
        "properties": {"type": "dict", "default": {}},
        "secret_properties": {"type": "dict", "default": {}, "no_log": True},
        "creates": {"type": "list", "elements": "str", "default": []},
        "creates_services": {"type": "list", "elements": "str", "default": []},
        "as_system": {"type": "bool", "default": False},
        "time_limit": {"type": "int", "default": 1800},
        "busy_limit": {"type": "int", "default": 300},
        **DELIVERY,
    },
    "required_if": [("state", "present", ("path",)), ("state", "latest", ("path",)), ("state", "absent", ("path", "product_code", "product_name"), True)],
    "mutually_exclusive": [("path", "product_code", "product_name")],
    "required_by": {"publisher": ("product_name",)},
}

DOTNET_FRAMEWORK: Spec = {
    "argument_spec": {
        "release": {"type": "int", "default": 528040},
        "installer": {"type": "str"},
        "sha256": {"type": "str"},
        "arguments": {"type": "str", "default": "/q /norestart"},
        "time_limit": {"type": "int", "default": 3600},
        **DELIVERY,
    },
}

DEFENDER_EXCLUSION: Spec = {
    "argument_spec": {
        "paths": {"type": "list", "elements": "raw", "default": []},
        "processes": {"type": "list", "elements": "raw", "default": []},
        "extensions": {"type": "list", "elements": "str", "default": []},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
}

VIDEO_CODEC: Spec = {
    "argument_spec": {
        "drivers": {"type": "list", "elements": "str", "default": ["vidc.spv1"]},
        "package": {"type": "str"},
        "sha256": {"type": "str"},
        "installer": {"type": "list", "elements": "str", "default": []},
        "arguments": {"type": "str"},
        "time_limit": {"type": "int", "default": 600},
        **DELIVERY,
    },
}

WINDOWS_FEATURE: Spec = {
    "argument_spec": {
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "source": {"type": "list", "elements": "str", "default": []},
        "limit_access": {"type": "bool", "default": False},
        "include_parents": {"type": "bool", "default": True},
        "repair": {"type": "bool", "default": False},
        "time_limit": {"type": "int", "default": 3600},
    },
}

MSI_PACKAGE_INFO: Spec = {
    "argument_spec": {
        "path": {"type": "str", "required": True},
        "folder": {"type": "list", "elements": "str", "default": []},
        "sha256": {"type": "str"},
        "signer": {"type": "str"},
        "smb_port": {"type": "int", "default": 445},
    },
}

SERVER_INFO: Spec = {
    "argument_spec": {
        "port": {"type": "int", "default": 0},
        "image": {"type": "str", "default": "UAVRServer.exe"},
        "product_name": {"type": "str", "default": "Netwrix Auditor"},
        "reach": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "name": {"type": "str", "required": True},
                "address": {"type": "str", "required": True},
                "port": {"type": "int", "default": 9003},
            },
        },
        "connect_timeout": {"type": "int", "default": 3},
        "reach_seconds": {"type": "int", "default": 120},
        "wait_seconds": {"type": "int", "default": 0},
    },
}

AGENT_INFO: Spec = {
    "argument_spec": {
        "server": {"type": "str", "default": ""},
        "server_addresses": {"type": "list", "elements": "str", "default": []},
        "server_port": {"type": "int", "default": 9004},
        "callback_port": {"type": "int", "default": 9003},
        "server_value": {"type": "str", "default": "ServerName"},
        "image": {"type": "str", "default": "UAVRAgent.exe"},
        "product_name": {"type": "str", "default": "Netwrix Auditor User Activity Core Service"},
        "server_info": {"type": "dict"},
        "data_account": {"type": "str", "default": ""},
        "minimum_version": {"type": "str", "default": "10.5"},
        "expected_version": {"type": "str", "default": ""},
        "settle_seconds": {"type": "int", "default": 5},
        "wait_seconds": {"type": "int", "default": 60},
        "fail": {"type": "bool", "default": False},
    },
}

REBOOT: Spec = {
    "argument_spec": {
        "when": {"type": "str", "choices": ["required", "always"], "default": "required"},
        "requested": {"type": "bool", "default": False},
        "file_renames": {"type": "bool", "default": False},
        "msg": {"type": "str", "default": "Restarted by Ansible"},
        "delay": {"type": "int", "default": 5},
        "timeout": {"type": "int", "default": 1200},
        "connect_timeout": {"type": "int", "default": 5},
        "settle": {"type": "int", "default": 0},
        "wait_for_services": {"type": "list", "elements": "str", "default": []},
    },
}

KINDS: dict[str, Spec] = {
    "service": SERVICE,
    "firewall_group": FIREWALL_GROUP,
    "firewall_rule": FIREWALL_RULE,
    "registry_value": REGISTRY_VALUE,
    "registry_key": REGISTRY_KEY,
    "user_registry_value": USER_REGISTRY_VALUE,
    "edge_ie_mode_site_list": EDGE_IE_MODE_SITE_LIST,
    "folder": FOLDER,
    "local_group_member": LOCAL_GROUP_MEMBER,
    "share_access": SHARE_ACCESS,
    "registry_access": REGISTRY_ACCESS,
    "dotnet_framework": DOTNET_FRAMEWORK,
    "msi_package": MSI_PACKAGE,
    "defender_exclusion": DEFENDER_EXCLUSION,
    "video_codec": VIDEO_CODEC,
    "windows_feature": WINDOWS_FEATURE,
}


def _nested(spec: Spec) -> dict[str, Any]:
    """The same spec as a sub-option of desired_state's list."""
    # no_log: said, because `registry_key` sounds like a secret to Ansible; what is one inside says so itself.
    extras = {key: value for key, value in spec.items() if key != "argument_spec"}
    return {"type": "dict", "no_log": False, "options": spec["argument_spec"], **extras}


# Which control of the compliance report a resource belongs to.
CONTROL: Options = {
    "id": {"type": "str", "required": True},
    "title": {"type": "str"},
    "section": {"type": "str"},
    "severity": {"type": "str", "choices": ["critical", "high", "medium", "low"]},
}

DESIRED_STATE: Spec = {
    "argument_spec": {
        "resources": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {"control": {"type": "dict", "options": CONTROL}, **{kind: _nested(spec) for kind, spec in KINDS.items()}},
            "required_one_of": [tuple(KINDS)],
            "mutually_exclusive": [tuple(KINDS)],
        },
        "unjudged": {
            "type": "list",
            "elements": "dict",
            "options": {
                "control": {"type": "dict", "options": CONTROL, "required": True},
                "resource": {"type": "str", "required": True},
                "reason": {"type": "str", "required": True},
            },
        },
        "waivers": {
            "type": "list",
            "elements": "dict",
            "options": {
                "control": {"type": "str", "required": True},
                "reason": {"type": "str", "required": True},
                "expires": {"type": "str", "required": True},
                "hosts": {"type": "list", "elements": "str"},
            },
        },
    },
}
