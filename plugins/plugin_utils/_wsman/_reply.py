# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers: from bytes to the body of a reply, a part of an enumeration, or a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from . import _xml as xml
from ._envelope import Call
from ._errors import ProtocolError
from ._faults import read_fault
from ._instance import Instance
from ._values import Reference, Resource, read_reference


def read_body(data: bytes, call: Call, message_id: str | None) -> Element:
    """Return the s:Body of the answer to `call`.

    Raises WSManFault for a fault and ProtocolError for anything that is not the answer to this message. A fault may
    come without RelatesTo (seen on Windows); with a wrong one it is as foreign as any other answer. Identify has no
    message id.
    """
    root = xml.parse(data)
    body = xml.child(root, "Body")
    if xml.local(root) != "Envelope" or body is None:
        raise ProtocolError(f"the answer about {call.subject} is not a SOAP message but <{xml.local(root)[:80]}>")
    fault = xml.child(body, "Fault")
    if message_id is not None:
        _check_relation(xml.text_of(xml.child(root, "Header", "RelatesTo")), message_id, call, required=fault is None)
    if fault is not None:
        raise read_fault(fault, resource=call.subject, method=call.method)
    return body


def _check_relation(relates_to: str | None, message_id: str, call: Call, *, required: bool) -> None:
    if relates_to is None and not required:
        return
    if relates_to is None or relates_to.casefold() != message_id.casefold():
        raise ProtocolError(f"the answer about {call.subject} belongs to message {relates_to or '(none)'}, not to {message_id}")


def only_child(body: Element, call: Call) -> Element:
    """Return the one element of the body; ProtocolError if there is none."""
    found = next(iter(body), None)
    if found is None:
        raise ProtocolError(f"the answer about {call.subject} is empty")
    return found


@dataclass(frozen=True)
class Part:
    """One part of an enumeration. context: None when the enumeration has ended."""

    instances: list[Instance]
    context: str | None


def read_part(body: Element, call: Call, *, class_name: str, namespace: str) -> Part:
    """Read an EnumerateResponse or PullResponse.

    Items may be missing, the context empty; the end is said by EndOfSequence or by the absence of a context. Names are
    matched without their namespace, which differs between the two responses (surface 1.5).
    """
    response = only_child(body, call)
    if xml.local(response) not in ("EnumerateResponse", "PullResponse"):
        raise ProtocolError(f"the answer about {call.subject} is a {xml.local(response)[:80]}, not a part of an enumeration")
    items = xml.child(response, "Items")
    ended = xml.child(response, "EndOfSequence") is not None
    context = None if ended else xml.text_of(xml.child(response, "EnumerationContext"))
    return Part([] if items is None else list(_instances(items, class_name, namespace)), context)


def _instances(items: Element, class_name: str, namespace: str) -> Iterator[Instance]:
    for item in items:
        if xml.local(item) != "Item":
            yield Instance(item, class_name=class_name, namespace=namespace)
            continue
        # Object and endpoint reference side by side.
        objects = [child for child in item if xml.local(child) != "EndpointReference"]
        for found in objects:
            yield Instance(found, class_name=class_name, namespace=namespace, epr=read_reference(item))


def read_created(body: Element, call: Call) -> Reference:
    """Read the reference to what was created."""
    created = xml.child(body, "ResourceCreated")
    reference = None if created is None else read_reference(created)
    if reference is None:
        raise ProtocolError(f"the host created {call.subject} but does not say which")
    return reference


def read_instance(body: Element, call: Call) -> Instance:
    """Read the one instance or the outputs of a method."""
    resource = Resource.from_uri(call.resource)
    return Instance(only_child(body, call), class_name=resource.class_name, namespace=resource.namespace)
