# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""CIM values both ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Embedded, Instance, ProtocolError, Reference, Resource, Value
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman._values import write_properties

WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"
NAMESPACES = (
    f'xmlns:p="{WMI}/Win32_X" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common"'
)


def instance(inner: str) -> Instance:
    return Instance(ElementTree.fromstring(f'<p:Win32_X {NAMESPACES} xsi:type="p:Win32_X_Type">{inner}</p:Win32_X>'))


def test_identity_from_namespace() -> None:
    """Class and namespace come from the element's namespace URI."""
    found = instance("")
    assert (found.class_name, found.namespace) == ("Win32_X", "root/cimv2")


def test_nil_absent_and_empty_differ() -> None:
    """nil is in the mapping as None, absent is not in it, empty is an empty text."""
    found = instance('<p:A xsi:nil="true"/><p:B/><p:C></p:C>')
    assert found["a"] is None and found.text("A") is None and "A" in found
    assert found.text("B") == found.text("C") == ""
    assert "D" not in found and found.text("D") is None and found.get("D") is None
    assert list(found) == ["A", "B", "C"]


def test_names_match_in_any_case_and_namespace() -> None:
    """The letter case of names and the namespace of properties do not count."""
    assert instance('<started xmlns="other">TRUE</started>').boolean("Started") is True


@pytest.mark.parametrize(("inner", "texts"), [("", ()), ("<p:A>x</p:A>", ("x",)), ("<p:A>x</p:A><p:A>y</p:A>", ("x", "y")), ('<p:A xsi:nil="true"/>', ())])
def test_arrays(inner: str, texts: tuple[str, ...]) -> None:
    """An absent or nil array is empty, and one element is an array of one."""
    assert instance(inner).texts("A") == texts


def test_bytes_and_integers() -> None:
    """uint8[] comes as one element per byte; typed scalars are read like untyped ones."""
    found = instance('<p:V>1</p:V><p:V>255</p:V><p:N xsi:type="cim:cimUnsignedInt"> 18446744073709551615 </p:N><p:S>-1</p:S>')
    assert bytes(found.integers("V")) == b"\x01\xff"
    assert (found.integer("N"), found.integer("S")) == (2**64 - 1, -1)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False), ("True", True), ("1", True), ("0", False)])
def test_booleans(text: str, value: bool) -> None:
    """Booleans are read in any letter case."""
    assert instance(f"<p:B>{text}</p:B>").boolean("B") is value


TIMES = [
    ("2013-03-09T02:57:32Z", datetime(2013, 3, 9, 2, 57, 32, tzinfo=UTC)),
    ("2013-03-09T02:57:20.913Z", datetime(2013, 3, 9, 2, 57, 20, 913000, tzinfo=UTC)),
    ("2013-03-09T02:57:43.488171Z", datetime(2013, 3, 9, 2, 57, 43, 488171, tzinfo=UTC)),
    ("2013-03-09T02:57:43.4881719Z", datetime(2013, 3, 9, 2, 57, 43, 488171, tzinfo=UTC)),
    ("2013-03-09T02:57:32-05:30", datetime(2013, 3, 9, 2, 57, 32, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ("2013-03-09T02:57:32", datetime(2013, 3, 9, 2, 57, 32, tzinfo=UTC)),
    ("20130309025732.913000+060", datetime(2013, 3, 9, 2, 57, 32, 913000, tzinfo=timezone(timedelta(hours=1)))),
    ("20130309025732.000000-300", datetime(2013, 3, 9, 2, 57, 32, tzinfo=timezone(-timedelta(hours=5)))),
]


@pytest.mark.parametrize(("text", "moment"), TIMES)
@pytest.mark.parametrize("form", ["<p:T><cim:Datetime>{}</cim:Datetime></p:T>", "<p:T>{}</p:T>"])
def test_times(text: str, moment: datetime, form: str) -> None:
    """Both dialects, with 0, 3, 6 and more digits and offsets, in cim:Datetime or bare; without zone it is UTC."""
    found = instance(form.format(text))
    assert found.time("T") == moment
    assert found["T"] == text


@pytest.mark.parametrize(
    ("read", "text"),
    [("integer", "0x10"), ("integer", ""), ("integer", "1.5"), ("boolean", "yes"), ("time", "00000001000000.000000:000"), ("time", "2013-13-01T00:00:00Z")],
)
def test_a_value_of_another_type_is_said(read: str, text: str) -> None:
    """A value that is not of its type is a ProtocolError that names the property and class."""
    with pytest.raises(ProtocolError, match="property V of Win32_X"):
        getattr(instance(f"<p:V>{text}</p:V>"), read)("V")


def test_two_values_are_no_scalar() -> None:
    """Reading an array as a scalar is an error, not the first element."""
    with pytest.raises(ProtocolError, match="2 values"):
        instance("<p:V>1</p:V><p:V>2</p:V>").integer("V")


REFERENCE = (
    "<p:R><a:Address>anonymous</a:Address><a:ReferenceParameters>"
    f"<w:ResourceURI>{WMI}/Win32_Group</w:ResourceURI><w:SelectorSet>{{}}</w:SelectorSet></a:ReferenceParameters></p:R>"
)


def test_reference() -> None:
    """A reference is read to its class and keys; key names match in any case."""
    found = instance(REFERENCE.format('<w:Selector Name="Domain">HOST</w:Selector><w:Selector Name="Name">Users</w:Selector>')).reference("R")
    assert found == Reference(Resource("ROOT/CIMV2", "win32_group"), {"Domain": "HOST", "Name": "Users"})
    assert found is not None and (found.key("name"), found.key("other")) == ("Users", None)


def test_reference_in_a_reference() -> None:
    """The key of an association class is a reference itself."""
    inner = REFERENCE.format('<w:Selector Name="Name">Users</w:Selector>').replace("p:R>", "a:EndpointReference>")
    found = instance(REFERENCE.format(f'<w:Selector Name="GroupComponent">{inner}</w:Selector>')).reference("R")
    assert found is not None
    assert found.selectors["GroupComponent"] == Reference(Resource("root/cimv2", "Win32_Group"), {"Name": "Users"})
    assert found.key("GroupComponent") is None


def test_not_a_reference() -> None:
    """A text where a reference is expected is a ProtocolError."""
    with pytest.raises(ProtocolError, match="not a reference"):
        instance("<p:R>text</p:R>").reference("R")


def test_embedded_instance() -> None:
    """An embedded instance has the class of its type and its own properties."""
    found = instance(f'<p:E xmlns:e="{WMI}/Win32_Trustee" xsi:type="e:Win32_Trustee_Type"><e:SIDString>S-1-5-18</e:SIDString></p:E>').embedded("E")
    assert found is not None
    assert (found.class_name, found.text("SIDString")) == ("Win32_Trustee", "S-1-5-18")


def test_values_stay_out_of_repr() -> None:
    """repr shows names only, since values may be secrets."""
    assert "Lab-Passw0rd!" not in repr(instance("<p:Password>Lab-Passw0rd!</p:Password>"))


def written(properties: dict[str, Value]) -> Instance:
    return instance(write_properties("p", properties))


@pytest.mark.parametrize("seed", range(20))
def test_texts_and_numbers_survive(seed: int) -> None:
    """Whatever text XML can carry, line ends and quotes included, comes back as it went out."""
    chance = random.Random(seed)
    alphabet = [*map(chr, range(0x20, 0x180)), "\t", "\n", "\r", "\r\n", "&amp;", "]]>", "\U0001f600", "\u2028", "\ue000", "日本"]
    text = "".join(chance.choices(alphabet, k=chance.randrange(60)))
    number = chance.randrange(-(2**63), 2**64)
    found = written({"Text": text, "Number": number, "Flag": seed % 2 == 0, "Many": [text, "", text]})
    assert found.text("Text") == text
    assert found.integer("Number") == number
    assert found.boolean("Flag") is (seed % 2 == 0)
    assert found.texts("Many") == (text, "", text)


@pytest.mark.parametrize("seed", range(20))
def test_times_survive(seed: int) -> None:
    """A time with any offset and microseconds comes back as the same moment."""
    chance = random.Random(seed)
    zone = timezone(timedelta(minutes=chance.randrange(-720, 840)))
    moment = datetime(1990, 1, 1, tzinfo=zone) + timedelta(microseconds=chance.randrange(10**15))
    assert written({"When": moment}).time("When") == moment


def test_structures_survive() -> None:
    """References and embedded instances come back as they went out."""
    reference = Reference(Resource("root/cimv2", "Win32_Service"), {"Name": 'a"<b>', "Empty": ""})
    found = written({"Ref": reference, "In": Embedded(Resource("root/cimv2", "Win32_ACE"), {"Mask": 5, "Ref": reference})})
    assert found.reference("Ref") == reference
    inner = found.embedded("In")
    assert inner is not None and (inner.class_name, inner.integer("Mask"), inner.reference("Ref")) == ("Win32_ACE", 5, reference)


def test_selector_attributes_keep_line_ends() -> None:
    """A name in an attribute is escaped so that no parser normalises it."""
    reference = Reference(Resource("root/cimv2", "C"), {"a\tb\nc": "x"})
    assert written({"Ref": reference}).reference("Ref") == reference


def test_resource_from_uri_ignores_case() -> None:
    """Windows' own URIs vary in letter case; a foreign URI keeps its class name."""
    read: Callable[[str], Any] = Resource.from_uri
    assert read("HTTP://schemas.microsoft.com/WBEM/wsman/1/wmi/ROOT/StandardCimv2/X") == Resource("root/standardcimv2", "X")
    assert read("http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_X").class_name == "CIM_X"
