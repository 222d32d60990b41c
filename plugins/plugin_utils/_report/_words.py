# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a verdict means, in sentences for somebody who knows neither Ansible nor this collection.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# How a resource's kind is called in a sentence.
_KINDS: Mapping[str, str] = {
    "service": "The service",
    "firewall_group": "The group of firewall rules",
    "firewall_rule": "The firewall rule",
    "registry_value": "The registry value",
    "registry_key": "The registry key",
    "registry_access": "The access to the registry key",
    "user_registry_value": "The users' registry value",
    "edge_ie_mode_site_list": "The site list of Edge",
    "folder": "The folder",
    "local_group_member": "The membership of the local group",
    "share_access": "The access to the share",
    "dotnet_framework": "The .NET Framework",
    "msi_package": "The package",
    "defender_exclusion": "The exclusion from the antivirus",
    "video_codec": "The codec",
    "windows_feature": "The Windows feature",
}
_GROUP = re.compile(r"@\S+ \((.+)\)(?= for )")
# How the plan begins what a run could not bring about.
_STUCK = "a run fails"
# A run alone does not last where somebody else decides.
_FIRST = "see to what overrides it first, then "
# More differences than these are counted only; all of them stand in the table beside the sentences.
_TOLD = 4


def explain(check: Mapping[str, Any], why: str) -> str:
    """A verdict as the module returns it, with what does not work without the control.

    What to do about an override, and a waiver, stand beside it.
    """
    return " ".join(_sentences(check, why))


def _sentences(check: Mapping[str, Any], why: str) -> Iterator[str]:
    subject = _subject(str(check["resource"]))
    differences, overrides = check.get("differences") or (), check.get("overrides") or ()
    if reason := check.get("reason"):
        yield _sentence(str(reason))
    yield from _differing(subject, differences)
    told = [override for override in overrides if override["effective"]]
    if told and not differences:
        yield f"{subject} is stored as required, but is not in force."
    for override in overrides:
        yield _sentence(str(override["by"]))
    warnings = [str(warning) for warning in check.get("warnings") or ()]
    yield from map(_sentence, warnings)
    if differences and check["status"] != "waived" and not any(warning.startswith(_STUCK) for warning in warnings):
        yield f"To do: {_FIRST if overrides else ''}run the rollout (playbook site.yml) for this host, which sets it right."
    if why and check["status"] != "compliant":
        yield f"Why it matters: {why}"


def _differing(subject: str, differences: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for difference in differences[:_TOLD]:
        setting, stored, required = (str(difference[key]) for key in ("setting", "stored", "required"))
        if setting == "presence":
            yield f"{subject} is missing, and is required." if stored == "absent" else f"{subject} is there, and must not be."
        else:
            yield f"{subject}: {setting.replace('_', ' ')} is {stored}; required is {required}."
    if len(differences) > _TOLD:
        yield f"{len(differences) - _TOLD} more settings of it differ."


def _subject(resource: str) -> str:
    kind, _blank, name = resource.partition(" ")
    # Windows' number of a group of rules is beside the sentence; in it stands the group's English name.
    name = _GROUP.sub(r"\1", name)
    return f"{_KINDS[kind]} {name}".strip() if kind in _KINDS else resource


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped[:1].upper() + stripped[1:] + ("" if stripped.endswith((".", "!", "?")) else ".")
