# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents.xml, the list of agents that an Auditor server keeps.

Its schema is not published. Known are its place, a UniqID in each agent's node, and an EncryptedPassword, which is never taken over
(netwrix-facts 1.1, 1.6, 1.9).

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from .._plan import BadRequest

_ID = "uniqid"
_NAMES = ("name", "computername", "hostname", "computer", "host", "dnsname", "fqdn", "netbiosname", "servername")
_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def agents_in(text: str) -> list[dict[str, str]]:
    """Name and id of each agent, as `{"name": ..., "uniq_id": ...}`; the name is empty where no known field holds it.

    Raises:
        BadRequest: it is not XML, or declares a document type, which a list of agents has no use for.
    """
    if _DECLARATION.search(text):
        raise BadRequest("Agents.xml declares a document type or entities, so it was not read.")
    try:
        # Entities can't be declared without a document type, which is refused above.
        root = ET.fromstring(text.lstrip("\ufeff").strip())  # noqa: S314
    except ET.ParseError as error:
        raise BadRequest(f"Agents.xml is not XML that can be read (line {error.position[0]}).") from None
    fields = map(_fields, root.iter())
    return [{"name": _name(found), "uniq_id": found[_ID]} for found in fields if found.get(_ID)]


def _fields(element: ET.Element) -> dict[str, str]:
    """What an element says of itself in attributes and in children that hold only text."""
    children = {_local(child.tag): (child.text or "").strip() for child in element if not len(child)}
    return {**children, **{_local(name): value.strip() for name, value in element.attrib.items()}}


def _name(fields: dict[str, str]) -> str:
    return next((fields[name] for name in _NAMES if fields.get(name)), "")


def _local(tag: object) -> str:
    # A comment's tag is a function.
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
