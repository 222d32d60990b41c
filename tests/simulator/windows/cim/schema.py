# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the class descriptions in ``data/schema.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .. import data
from .catalogue import Method, Parameter, Property, Schema

_CLASS = re.compile(r"class (?P<name>\w+)(?: : (?P<parent>\w+))?(?: \[(?P<flags>[\w ]+)\])?$")
_PROPERTY = re.compile(r"  (?P<name>\w+) (?P<type>[\w:]+)(?P<array>\[\])?(?P<key> key)?(?P<write> write)?$")
_METHOD = re.compile(r"  method (?P<static>static )?(?P<void>void )?(?P<name>\w+)\((?P<parameters>.*)\)$")
_PARAMETER = re.compile(r"(?P<way>in|out) (?P<name>\w+) (?P<type>[\w:]+)(?P<array>\[\])?$")


@cache
def schemas() -> tuple[Schema, ...]:
    """Every class of the file, inherited properties and methods filled in, properties in Windows' (alphabetical) order."""
    known: dict[tuple[str, str], Schema] = {}
    for namespace, header, body in _blocks():
        parent = known.get((namespace, header["parent"] or ""))
        known[namespace, header["name"] or ""] = _schema(namespace, header, body, parent)
    return tuple(known.values())


def _blocks() -> Iterator[tuple[str, dict[str, str | None], list[str]]]:
    namespace, header, body = "", None, list[str]()
    for line in data.lines("schema.txt"):
        if line.startswith("  "):
            body.append(line)
            continue
        if header is not None:
            yield namespace, header, body
        header, body = None, []
        if line.startswith("namespace "):
            namespace = line.removeprefix("namespace ")
        elif match := _CLASS.match(line):
            header = match.groupdict()
    if header is not None:
        yield namespace, header, body


def _schema(namespace: str, header: dict[str, str | None], body: list[str], parent: Schema | None) -> Schema:
    properties = {prop.name: prop for prop in parent.properties} if parent else {}
    methods = dict(parent.methods) if parent else {}
    for line in body:
        if match := _METHOD.match(line):
            methods[match["name"]] = _method(match)
        elif match := _PROPERTY.match(line):
            properties[match["name"]] = Property(match["name"], match["type"], bool(match["array"]), bool(match["key"]), bool(match["write"]))
        else:
            raise ValueError(f"schema.txt: {line.strip()}")
    flags = (header["flags"] or "").split()
    ordered = tuple(sorted(properties.values(), key=lambda prop: prop.name.lower()))
    name = header["name"] or ""
    return Schema(namespace, name, header["parent"], ordered, methods, "singleton" in flags, "abstract" in flags, "mi" in flags)


def _method(match: re.Match[str]) -> Method:
    found: dict[str, list[Parameter]] = {"in": [], "out": []}
    for text in filter(None, match["parameters"].split(", ")):
        part = _PARAMETER.match(text)
        if part is None:
            raise ValueError(f"schema.txt: {text}")
        found[part["way"]].append(Parameter(part["name"], part["type"], bool(part["array"])))
    return Method(match["name"], tuple(found["in"]), tuple(found["out"]), bool(match["static"]), not match["void"])
