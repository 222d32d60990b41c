# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A raw SOAP client for the simulator's own tests: it shares no code with the simulator nor with plugins/."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import requests

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "b": "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "cim": "http://schemas.dmtf.org/wbem/wscim/1/common",
}
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
TRANSFER = NS["x"] + "/"
ENUMERATION = NS["n"] + "/"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


@dataclass
class Reply:
    """One HTTP answer with its parsed envelope."""

    status: int
    text: str
    headers: Any

    @property
    def root(self) -> Element:
        return ElementTree.fromstring(self.text)

    def find(self, path: str) -> Element | None:
        return self.root.find(path, NS)

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.root.iterfind(path, NS)]

    @property
    def body(self) -> Element:
        found = self.root.find("s:Body", NS)
        assert found is not None
        return found[0]

    @property
    def code(self) -> int | None:
        found = self.root.find(".//f:WSManFault", NS)
        return None if found is None else int(found.get("Code", ""))

    @property
    def subcode(self) -> str | None:
        return self.root.findtext(".//s:Subcode/s:Value", namespaces=NS)


def local(element: Element) -> str:
    """A tag without its namespace."""
    return element.tag.rpartition("}")[2]


def selector_set(selectors: dict[str, str]) -> str:
    """The SelectorSet header, empty without selectors."""
    content = "".join(f'<w:Selector Name="{name}">{value}</w:Selector>' for name, value in selectors.items())
    return f"<w:SelectorSet>{content}</w:SelectorSet>" if content else ""


def envelope(action: str, resource: str, body: str = "", *, selectors: dict[str, str] | None = None, extra: str = "", **changed: str) -> str:
    """A request with all usual headers; ``changed`` replaces whole headers by their local name ("" leaves one out)."""
    headers = {
        "To": "<a:To>http://windows-host:5985/wsman</a:To>",
        "ReplyTo": f"<a:ReplyTo><a:Address>{NS['a']}/role/anonymous</a:Address></a:ReplyTo>",
        "MessageID": f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>",
        "Action": f'<a:Action s:mustUnderstand="true">{action}</a:Action>',
        "ResourceURI": f'<w:ResourceURI s:mustUnderstand="true">{resource}</w:ResourceURI>',
        "MaxEnvelopeSize": '<w:MaxEnvelopeSize s:mustUnderstand="true">512000</w:MaxEnvelopeSize>',
        "OperationTimeout": "<w:OperationTimeout>PT60.000S</w:OperationTimeout>",
        "Locale": '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/>',
        **changed,
    }
    return f"<s:Envelope {DECLARED}><s:Header>{''.join(headers.values())}{selector_set(selectors or {})}{extra}</s:Header><s:Body>{body}</s:Body></s:Envelope>"


class Raw:
    """Basic authentication over HTTPS, one connection."""

    def __init__(self, url: str, ca_file: str, user: str = "localadmin", password: str = "Lab-Passw0rd!") -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file
        self._session.auth = (user, password)

    def post(self, text: str | bytes, **headers: str) -> Reply:
        data = text if isinstance(text, bytes) else text.encode()
        answer = self._session.post(self._url, data=data, headers={"Content-Type": "application/soap+xml;charset=UTF-8", **headers}, timeout=30)
        return Reply(answer.status_code, answer.text, answer.headers)

    def call(self, action: str, resource: str, body: str = "", **more: Any) -> Reply:
        return self.post(envelope(action, resource, body, **more))

    def get(self, resource: str, selectors: dict[str, str] | None = None, **more: Any) -> Reply:
        return self.call(TRANSFER + "Get", resource, selectors=selectors, **more)

    def query(self, namespace: str, wql: str, *, mode: str = "", **more: Any) -> Reply:
        text = wql.replace("&", "&amp;").replace("<", "&lt;")
        return self.enumerate(f"{WMI}{namespace}/*", f'<w:Filter Dialect="{WQL}">{text}</w:Filter>', mode=mode, **more)

    def enumerate(self, resource: str, filter_: str = "", *, mode: str = "", **more: Any) -> Reply:
        moded = f"<w:EnumerationMode>{mode}</w:EnumerationMode>" if mode else ""
        body = f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>{filter_}{moded}</n:Enumerate>"
        return self.call(ENUMERATION + "Enumerate", resource, body, **more)

    def pull(self, resource: str, context: str, count: int = 32000, **more: Any) -> Reply:
        body = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{count}</n:MaxElements></n:Pull>"
        return self.call(ENUMERATION + "Pull", resource, body, **more)

    def all(self, first: Reply, resource: str) -> list[Element]:
        """Every item of an enumeration."""
        reply, items = first, []
        while True:
            assert reply.status == 200, reply.text
            for holder in ("w:Items", "n:Items"):
                found = reply.find(f".//{holder}")
                items += [] if found is None else list(found)
            if reply.find(".//n:EndOfSequence") is not None or reply.find(".//w:EndOfSequence") is not None:
                return items
            reply = self.pull(resource, reply.texts(".//n:EnumerationContext")[0])

    def invoke(self, resource: str, method: str, inputs: str = "", selectors: dict[str, str] | None = None, **more: Any) -> Reply:
        body = f'<p:{method}_INPUT xmlns:p="{resource}">{inputs}</p:{method}_INPUT>'
        return self.call(f"{resource}/{method}", resource, body, selectors=selectors, **more)
