# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""SOAP faults of Windows, in every shape, as one exception.

Shapes (surface 1.10): (a) f:WSManFault with a ProviderFault inside, (b) the same with an __ExtendedStatus of WMI,
(c) MSFT_WmiError alone. Names are matched without namespaces, since those of (c) vary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from . import _values as values
from . import _xml as xml
from ._errors import WSManError

# Codes of WS-Management (0x8033xxxx) and of Windows; sources in surface 1.10.
DESTINATION_UNREACHABLE = 0x80338000
CANNOT_PROCESS_FILTER = 0x8033801A
INVALID_ENUMERATION_CONTEXT = 0x8033801B
OPERATION_TIMED_OUT = 0x80338029
ALREADY_EXISTS = 0x80338033
SCHEMA_VALIDATION = 0x80338041
INVALID_SELECTORS = 0x8033805B
_ACCESS_DENIED = frozenset({5, 0x80070005})
_FILE_NOT_FOUND = frozenset({2, 0x80070002})
# Quotas: shells, operations, users, system, and those of the plug-in.
_QUOTA = frozenset({0x803381A5, 0x803381A6, 0x803381A7, 0x803381A8, *range(0x803381E4, 0x803381EB)})

# CIM_Error status (DSP0200) and the WBEM status with the same meaning (wbemcli.h).
_CIM_ACCESS_DENIED, _CIM_INVALID_NAMESPACE, _CIM_INVALID_CLASS, _CIM_NOT_FOUND, _CIM_ALREADY_EXISTS = 2, 3, 5, 6, 11
_WBEM_TO_CIM = {
    0x80041002: _CIM_NOT_FOUND,
    0x80041003: _CIM_ACCESS_DENIED,
    0x8004100E: _CIM_INVALID_NAMESPACE,
    0x80041010: _CIM_INVALID_CLASS,
    0x80041019: _CIM_ALREADY_EXISTS,
}


@dataclass(eq=False)
class WSManFault(WSManError):
    """A host's refusal.

    code: WSManFault Code or, for an MSFT_WmiError, its HRESULT; unsigned 32 bits; None if the fault has none.
    subcode: local name of the SOAP subcode, for example "InvalidSelectors"; "" if there is none.
    reason: the SOAP reason in the host's words. provider_message: what the provider below said, if anything.
    cim_status: CIM status of DSP0200, also where WMI gave it as a WBEM status. machine: what the host calls itself.
    resource: class or resource URI of the request. method: the method, for an invocation.
    """

    code: int | None
    subcode: str
    reason: str
    provider_message: str | None
    cim_status: int | None
    resource: str
    method: str | None
    machine: str

    def __str__(self) -> str:
        what = f"{self.resource}.{self.method}" if self.method else self.resource
        message = self.provider_message or self.reason or "the host gave no reason"
        facts = [fact for fact in (self._code_text(), self.subcode, self._cim_text()) if fact]
        return f"{what}: {message.rstrip(' .')}" + (f" ({', '.join(facts)})" if facts else "")

    def _code_text(self) -> str:
        return "" if self.code is None else f"code {self.code:#x}" if self.code > 0xFFFF else f"code {self.code}"

    def _cim_text(self) -> str:
        return "" if self.cim_status is None else f"CIM status {self.cim_status}"

    @property
    def not_found(self) -> bool:
        """The class or the instance is not there; Windows uses one code for both on a Get."""
        return self.cim_status == _CIM_NOT_FOUND or self.code == DESTINATION_UNREACHABLE or self.invalid_class

    @property
    def invalid_class(self) -> bool:
        """The class or its CIM namespace is not there.

        A query for a missing class comes back as "cannot process filter"; a malformed query does too, but queries
        are written in this collection and not by its users.
        """
        return self.cim_status in (_CIM_INVALID_CLASS, _CIM_INVALID_NAMESPACE) or self.code == CANNOT_PROCESS_FILTER

    @property
    def access_denied(self) -> bool:
        """The user may not do this."""
        return self.cim_status == _CIM_ACCESS_DENIED or self.code in _ACCESS_DENIED or self.subcode == "AccessDenied"

    @property
    def timed_out(self) -> bool:
        """The operation did not end in its OperationTimeout; what it does may still go on."""
        return self.code == OPERATION_TIMED_OUT or (self.code is None and self.subcode == "TimedOut")

    @property
    def already_exists(self) -> bool:
        """The instance to create is there."""
        return self.cim_status == _CIM_ALREADY_EXISTS or self.code == ALREADY_EXISTS or self.subcode == "AlreadyExists"

    @property
    def invalid_selectors(self) -> bool:
        """The selectors do not name an instance of the class, or a shell's command is gone."""
        return self.code == INVALID_SELECTORS or self.subcode == "InvalidSelectors"

    @property
    def file_not_found(self) -> bool:
        """A shell could not find the program."""
        return self.code in _FILE_NOT_FOUND

    @property
    def invalid_value(self) -> bool:
        """A value was not of its property's type."""
        return self.code == SCHEMA_VALIDATION or self.subcode == "SchemaValidationError"

    @property
    def quota(self) -> bool:
        """Too many shells, operations or users on the host at this moment."""
        return self.code in _QUOTA or self.subcode == "QuotaLimit"

    @property
    def context_gone(self) -> bool:
        """The enumeration context has expired."""
        return self.code == INVALID_ENUMERATION_CONTEXT or self.subcode == "InvalidEnumerationContext"


def read_fault(fault: Element, *, resource: str, method: str | None) -> WSManFault:
    """Read an s:Fault element; anything missing in it is tolerated."""
    detail = xml.child(fault, "Detail")
    wsman, wmi = xml.descendant(detail, "WSManFault"), xml.descendant(detail, "MSFT_WmiError")
    return WSManFault(
        code=_code(wsman, wmi),
        subcode=_subcode(fault),
        reason=_sentence(xml.child(fault, "Reason", "Text")) or "",
        provider_message=_provider_message(wsman, wmi),
        cim_status=_cim_status(detail),
        resource=resource,
        method=method,
        machine="" if wsman is None else wsman.get("Machine", ""),
    )


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) & 0xFFFFFFFF if digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit() else None


def _subcode(fault: Element) -> str:
    text = xml.text_of(xml.child(fault, "Code", "Subcode", "Value")) or ""
    return text.rpartition(":")[2]


def _code(wsman: Element | None, wmi: Element | None) -> int | None:
    code = None if wsman is None else _number(wsman.get("Code"))
    if code is not None or wmi is None:
        return code
    kind = xml.text_of(xml.child(wmi, "error_Type")) or ""
    return _number(xml.text_of(xml.child(wmi, "error_Code"))) if kind.casefold() == "hresult" else None


def _cim_status(detail: Element | None) -> int | None:
    status = _number(xml.text_of(xml.descendant(detail, "CIMStatusCode")))
    if status is not None:
        return status
    wbem = _number(xml.text_of(xml.child(xml.descendant(detail, "__ExtendedStatus"), "StatusCode")))
    return None if wbem is None else _WBEM_TO_CIM.get(wbem)


def _provider_message(wsman: Element | None, wmi: Element | None) -> str | None:
    """Return the innermost message: a provider knows more than the layers above it."""
    return next((message for message in _messages(wsman, wmi) if message), None)


def _messages(wsman: Element | None, wmi: Element | None) -> Iterator[str | None]:
    if wmi is not None:
        yield _sentence(xml.child(wmi, "Message"))
        yield _sentence(xml.child(wmi, "error_WindowsErrorMessage"))
    provider = xml.descendant(wsman, "ProviderFault")
    yield _sentence(xml.child(xml.descendant(provider, "__ExtendedStatus"), "Description"))
    inner = None if provider is None else [one for one in provider.iter() if xml.local(one) == "Message"]
    for message in reversed(inner or []):
        yield _sentence(message)
    yield _sentence(provider)
    yield _sentence(xml.child(wsman, "Message"))


def _sentence(element: Element | None) -> str | None:
    """Return the element's own text on one line."""
    if element is None or values.is_nil(element):
        return None
    return " ".join((element.text or "").split()) or None
