# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: one exception, rendered in the three shapes that Windows uses (surface 1.10).

(a) ``f:WSManFault`` with a nested ProviderFault, (b) the same with ``p:__ExtendedStatus``, (c) ``MSFT_WmiError`` with ``b:IsCIM_Error``.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from . import namespaces as ns

RESOURCE_NOT_FOUND = 0x80338000
INVALID_HEADER = 0x8033800F
MUST_UNDERSTAND = 0x80338010
HEADER_REQUIRED = 0x80338011
ACTION_NOT_SUPPORTED = 0x80338013
FILTER_DIALECT_UNAVAILABLE = 0x80338019
CANNOT_PROCESS_FILTER = 0x8033801A
INVALID_ENUMERATION_CONTEXT = 0x8033801B
INVALID_BODY = 0x80338027
OPERATION_TIMED_OUT = 0x80338029
ALREADY_EXISTS = 0x80338033
ENCODING_LIMIT = 0x80338035
SCHEMA_VALIDATION = 0x80338041
UNSUPPORTED_FEATURE = 0x80338042
ENVELOPE_TOO_LARGE = 0x80338048
INSUFFICIENT_SELECTORS = 0x8033805A
UNEXPECTED_SELECTORS = 0x8033805B
QUOTA_SHELLS = 0x803381A5
QUOTA_OPERATIONS = 0x803381A6
FILE_NOT_FOUND = 0x80070002

WMI_PROVIDER = ("WMI Provider", r"%systemroot%\system32\WsmWmiPl.dll")
CMD_PROVIDER = ("Shell cmd plugin", r"%systemroot%\system32\winrscmd.dll")

TEXTS = {
    RESOURCE_NOT_FOUND: "The WS-Management service cannot process the request. "
    "The service cannot find the resource identified by the resource URI and selectors. ",
    INVALID_HEADER: "The WS-Management service cannot process the request. The request contains one or more invalid SOAP headers. ",
    MUST_UNDERSTAND: "The WS-Management service cannot process a SOAP header in the request that is marked as mustUnderstand by the client. "
    "This could be caused by the use of a version of the protocol which is not supported, "
    "or may be an incompatibility between the client and server implementations. ",
    HEADER_REQUIRED: "The WS-Management service cannot process the request. The request does not have all the expected SOAP headers. ",
    ACTION_NOT_SUPPORTED: "The WS-Management service does not support the action specified in the request. ",
    FILTER_DIALECT_UNAVAILABLE: "The filter dialect (the type associated with the filter) was not supported for this resource. "
    "Change the filter dialect or remove it from the request and try the request again. ",
    CANNOT_PROCESS_FILTER: "The data source could not process the filter. The filter might be missing or it might be invalid. "
    "Change the filter and try the request again. ",
    INVALID_ENUMERATION_CONTEXT: "The WS-Enumeration context in the enumeration is not valid. Enumeration may have been completed or canceled. "
    "You cannot use this enumeration context anymore. Start a new enumeration. ",
    ENVELOPE_TOO_LARGE: "The response that the WS-Management service computed exceeds the maximum envelope size in the request. ",
    INVALID_BODY: "The WS-Management service cannot process the request because the request packet does not have a valid SOAP body. ",
    OPERATION_TIMED_OUT: "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  ",
    ALREADY_EXISTS: "The WS-Management service cannot create the resource because it already exists. ",
    ENCODING_LIMIT: "The WS-Management service cannot process the request because the encoding of the request exceeds an internal encoding limit. "
    "Reconfigure the client to send messages which fit the encoding limits of the service. ",
    SCHEMA_VALIDATION: "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML and retry. ",
    UNSUPPORTED_FEATURE: "The WS-Management service does not support the specified feature. Remove the unsupported feature from the request and try again. ",
    INSUFFICIENT_SELECTORS: "The WS-Management service cannot process the request because the request did not contain all required selectors. ",
    UNEXPECTED_SELECTORS: "The WS-Management service cannot process the request because the request contained invalid selectors for the resource. ",
    5: "Access is denied. ",
    87: "The parameter is incorrect. ",
    FILE_NOT_FOUND: "The system cannot find the file specified. ",
}

SUBCODES = {
    RESOURCE_NOT_FOUND: ("wsa:DestinationUnreachable", "InvalidResourceURI"),
    INVALID_HEADER: ("a:InvalidMessageInformationHeader", None),
    MUST_UNDERSTAND: (None, None),
    HEADER_REQUIRED: ("a:MessageInformationHeaderRequired", None),
    ACTION_NOT_SUPPORTED: ("a:ActionNotSupported", None),
    FILTER_DIALECT_UNAVAILABLE: ("n:FilterDialectRequestedUnavailable", None),
    CANNOT_PROCESS_FILTER: ("n:CannotProcessFilter", None),
    INVALID_ENUMERATION_CONTEXT: ("n:InvalidEnumerationContext", None),
    ENVELOPE_TOO_LARGE: ("w:EncodingLimit", "MaxEnvelopeSize"),
    INVALID_BODY: ("w:SchemaValidationError", None),
    OPERATION_TIMED_OUT: ("w:TimedOut", None),
    ALREADY_EXISTS: ("w:AlreadyExists", None),
    ENCODING_LIMIT: ("w:EncodingLimit", "MinimumEnvelopeLimit"),
    SCHEMA_VALIDATION: ("w:SchemaValidationError", None),
    UNSUPPORTED_FEATURE: ("w:UnsupportedFeature", None),
    INSUFFICIENT_SELECTORS: ("w:InvalidSelectors", "InsufficientSelectors"),
    UNEXPECTED_SELECTORS: ("w:InvalidSelectors", "UnexpectedSelectors"),
    5: ("w:AccessDenied", None),
    87: ("w:InvalidParameter", "InvalidValue"),
    FILE_NOT_FOUND: ("w:InternalError", None),
    QUOTA_SHELLS: ("w:QuotaLimit", None),
    QUOTA_OPERATIONS: ("w:InternalError", None),
}
RECEIVER = frozenset({OPERATION_TIMED_OUT, INVALID_ENUMERATION_CONTEXT, FILE_NOT_FOUND, QUOTA_OPERATIONS})


@dataclass(frozen=True)
class ExtendedStatus:
    """Shape (b): what WMI itself adds to a refused operation."""

    operation: str
    parameter: str | None
    status: int | None = None


@dataclass(frozen=True)
class WmiError:
    """Shape (c): ``namespace`` is the namespace part of the class URI the error is reported under, or None for the DMTF form."""

    status: int
    message: str
    hresult: int | None
    namespace: str | None = None


class Fault(Exception):
    """A refused message.

    :param code: WSMan or Windows error code; it also chooses subcode, fault detail and reason
    :param message: the inner (provider's) text; the reason's own text if None
    :param provider: (name, path) of the plug-in for shape (a)
    :param fault_detail: last part of the faultDetail URI where the code alone does not tell it
    """

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        subcode: str | None = None,
        reason: str | None = None,
        provider: tuple[str, str] | None = None,
        extended: ExtendedStatus | None = None,
        error: WmiError | None = None,
        relates: bool = True,
        fault_detail: str | None = None,
    ) -> None:
        known_subcode, known_detail = SUBCODES.get(code, ("w:InternalError", None))
        self.fault_detail = fault_detail or known_detail
        self.code = code
        self.subcode = subcode or known_subcode
        self.reason = reason or TEXTS.get(code) or message or ""
        self.message = message or self.reason
        self.provider = provider
        self.extended = extended
        self.error = error
        self.relates = relates
        super().__init__(f"{code}: {self.message}")

    @property
    def action(self) -> str:
        """The Action header of the answer: filters fail with enumeration's own action, headers with addressing's."""
        prefix = (self.subcode or "").partition(":")[0]
        return {"n": ns.ENUMERATION_FAULT_ACTION, "a": ns.ADDRESSING_FAULT_ACTION}.get(prefix, ns.FAULT_ACTION)

    @property
    def side(self) -> str:
        """SOAP code: whose mistake it is."""
        if self.code == MUST_UNDERSTAND:
            return "s:MustUnderstand"
        return "s:Receiver" if self.code in RECEIVER or self.subcode == "w:InternalError" else "s:Sender"

    def body(self, machine: str) -> str:
        """Render the ``s:Fault`` element; ``machine`` is the name that Windows puts into WSManFault."""
        subcode = f"<s:Subcode><s:Value>{self.subcode}</s:Value></s:Subcode>" if self.subcode else ""
        return (
            f'<s:Fault xmlns:wsa="{ns.ADDRESSING}" xmlns:n="{ns.ENUMERATION}"><s:Code><s:Value>{self.side}</s:Value>{subcode}</s:Code>'
            f'<s:Reason><s:Text xml:lang="en-US">{escape(self.reason)}</s:Text></s:Reason><s:Detail>{self._detail(machine)}</s:Detail></s:Fault>'
        )

    def _detail(self, machine: str) -> str:
        if self.error is not None:
            return render_wmi_error(self.error)
        head = f"<w:FaultDetail>{ns.FAULT_DETAIL_PREFIX}{self.fault_detail}</w:FaultDetail>" if self.fault_detail else ""
        return (
            f'{head}<f:WSManFault xmlns:f="{ns.FAULT}" Code="{self.code}" Machine={quoteattr(machine)}>'
            f"<f:Message>{self._inner(machine)}</f:Message></f:WSManFault>"
        )

    def _inner(self, machine: str) -> str:
        if self.provider is None:
            return escape(self.message)
        if self.provider == CMD_PROVIDER:
            content = escape(self.message)
        else:
            extended = "" if self.extended is None else render_extended(self.extended)
            content = f'<f:WSManFault Code="{self.code}" Machine={quoteattr(machine)}><f:Message>{escape(self.message)}</f:Message></f:WSManFault>{extended}'
        return f"<f:ProviderFault provider={quoteattr(self.provider[0])} path={quoteattr(self.provider[1])}>{content}</f:ProviderFault>"


def render_extended(status: ExtendedStatus) -> str:
    """Render ``f:ExtendedError`` with ``__ExtendedStatus``."""
    uri = ns.WMI_PREFIX + "root/cimv2/__ExtendedStatus"
    return (
        f'<f:ExtendedError><p:__ExtendedStatus xmlns:p="{uri}" xmlns:xsi="{ns.XSI}" xsi:type="p:__ExtendedStatus_Type">'
        f'<p:Description xsi:nil="true"/><p:Operation>{status.operation}</p:Operation>{_nullable("ParameterInfo", status.parameter)}'
        f"<p:ProviderName>WinMgmt</p:ProviderName>{_nullable('StatusCode', status.status)}</p:__ExtendedStatus></f:ExtendedError>"
    )


def render_wmi_error(error: WmiError) -> str:
    """Render ``MSFT_WmiError`` with typed scalars, as MI providers and quotas report."""
    uri = f"{ns.WMI_PREFIX}{error.namespace}/MSFT_WmiError" if error.namespace else ns.CIM_SCHEMA_PREFIX + "MSFT_WmiError"
    code = error.status if error.hresult is None else error.hresult
    kind = "MI" if error.hresult is None else "HRESULT"
    identifier = f"MI RESULT {error.status}" if error.hresult is None else f"HRESULT 0x{error.hresult:08x}"
    declared = f'xmlns:p="{uri}" xmlns:b="{ns.BINDING}" xmlns:cim="{ns.CIM}" xmlns:xsi="{ns.XSI}"'
    return (
        f'<p:MSFT_WmiError b:IsCIM_Error="true" {declared} xsi:type="p:MSFT_WmiError_Type">'
        f'<p:CIMStatusCode xsi:type="cim:cimUnsignedInt">{error.status}</p:CIMStatusCode>'
        '<p:CIMStatusCodeDescription xsi:type="cim:cimString" xsi:nil="true"/><p:ErrorSource xsi:type="cim:cimString" xsi:nil="true"/>'
        '<p:ErrorSourceFormat xsi:type="cim:cimUnsignedShort">0</p:ErrorSourceFormat><p:ErrorType xsi:type="cim:cimUnsignedShort">0</p:ErrorType>'
        f'<p:Message xsi:type="cim:cimString">{escape(error.message)}</p:Message><p:MessageID xsi:type="cim:cimString">{identifier}</p:MessageID>'
        '<p:OtherErrorSourceFormat xsi:type="cim:cimString" xsi:nil="true"/><p:OtherErrorType xsi:type="cim:cimString" xsi:nil="true"/>'
        '<p:OwningEntity xsi:type="cim:cimString" xsi:nil="true"/><p:PerceivedSeverity xsi:type="cim:cimUnsignedShort">0</p:PerceivedSeverity>'
        '<p:ProbableCause xsi:type="cim:cimUnsignedShort">0</p:ProbableCause><p:ProbableCauseDescription xsi:type="cim:cimString" xsi:nil="true"/>'
        f'<p:error_Category xsi:type="cim:cimUnsignedInt">16</p:error_Category><p:error_Code xsi:type="cim:cimUnsignedInt">{code}</p:error_Code>'
        f'<p:error_Type xsi:type="cim:cimString">{kind}</p:error_Type>'
        f'<p:error_WindowsErrorMessage xsi:type="cim:cimString">{escape(error.message)}</p:error_WindowsErrorMessage></p:MSFT_WmiError>'
    )


def _nullable(name: str, value: str | int | None) -> str:
    return f'<p:{name} xsi:nil="true"/>' if value is None else f"<p:{name}>{escape(str(value))}</p:{name}>"
