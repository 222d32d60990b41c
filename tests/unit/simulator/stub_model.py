# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small model for the protocol's own tests: a few classes that have every kind of value, and three programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from simulator import Fleet, HostSpec
from simulator.windows import Account, Catalogue, CimClass, CimError, Completed, Embedded, Method, Parameter, Property, Reference, Schema, Windows

CIMV2 = "root/cimv2"
STANDARD = "root/standardcimv2"
WIDGET_PROPERTIES = (
    Property("Name", "string", key=True),
    Property("Count", "uint8", writable=True),
    Property("Large", "uint64"),
    Property("Small", "sint16", writable=True),
    Property("Active", "boolean", writable=True),
    Property("Note", "string", writable=True),
    Property("Made", "datetime", writable=True),
    Property("Tags", "string", array=True, writable=True),
    Property("Bytes", "uint8", array=True),
    Property("Owner", "reference:Sim_Owner"),
    Property("Part", "object:Sim_Part"),
)
MADE = (datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), datetime(2024, 5, 6, 7, 8, 9, 120000, tzinfo=UTC), datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC))


class Table(CimClass):
    """A class that keeps its instances in a list."""

    def __init__(self, schema: Schema, rows: list[dict[str, Any]]) -> None:
        super().__init__(schema)
        self.rows = rows
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []

    def _instances(self, host: Windows) -> Iterable[dict[str, Any]]:
        return list(self.rows)

    def _row(self, keys: dict[str, Any]) -> dict[str, Any]:
        for row in self.rows:
            if all(str(row[name]).lower() == str(value).lower() for name, value in keys.items()):
                return row
        raise CimError(6, "Not found ", 0x80041002)

    def _create(self, host: Windows, properties: dict[str, Any]) -> dict[str, Any]:
        keys = self.keys_of(properties)
        if any(self.keys_of(row) == keys for row in self.rows):
            raise CimError(11, "Already exists ")
        self.rows.append(properties)
        host.journal.write("create", self.name, keys)
        return keys

    def _modify(self, host: Windows, keys: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        row = self._row(keys)
        row.update(properties)
        host.journal.write("modify", self.name, properties)
        return row

    def _delete(self, host: Windows, keys: dict[str, Any]) -> None:
        self.rows.remove(self._row(keys))
        host.journal.write("delete", self.name, keys)

    def _invoke(self, host: Windows, account: Account, keys: dict[str, Any], method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if keys:
            self._row(keys)
        self.calls.append((method, keys, arguments))
        return {"ReturnValue": 0, "Echo": arguments.get("Text"), "List": arguments.get("List")} if self.methods[method].returns else {}


def widgets() -> list[dict[str, Any]]:
    """300 widgets; every third has another precision of time, the second lacks what can be null."""
    return [
        {
            "Name": f"w{number}",
            "Count": number % 256,
            "Large": 2**63 + number,
            "Small": -number,
            "Active": number % 2 == 0,
            "Note": None if number == 1 else f"note {number} <&> \x01",
            "Made": None if number == 1 else MADE[number % 3].astimezone(timezone(timedelta(hours=number % 2))),
            "Tags": None if number == 1 else ["one"] if number == 2 else ["one", "two"],
            "Bytes": [1, 255],
            "Owner": Reference(CIMV2, "Sim_Owner", {"Id": number % 3}),
            "Part": Embedded("Sim_Part", {"Weight": number}),
        }
        for number in range(300)
    ]


def catalogue() -> Catalogue:
    """A new set of classes."""
    number = Property("Id", "uint32", key=True)
    numbers = Parameter("List", "uint32", array=True)
    methods = {
        "Say": Method("Say", (Parameter("Text", "string"), numbers), (Parameter("Echo", "string"), numbers)),
        "Need": Method("Need", (Parameter("Text", "string", optional=False),)),
        "Quiet": Method("Quiet", returns=False),
        "Make": Method("Make", (Parameter("Part", "object:Sim_Part"), Parameter("Owner", "reference:Sim_Owner"), Parameter("When", "datetime")), static=True),
    }
    widget = Table(Schema(CIMV2, "Sim_Widget", "Sim_Thing", WIDGET_PROPERTIES, methods), widgets())
    thing = Table(Schema(CIMV2, "Sim_Thing", None, (Property("Name", "string", key=True),), {}, abstract=True), [])
    gadget_properties = (Property("Name", "string", key=True), Property("Extra", "string"))
    gadget = Table(Schema(CIMV2, "Sim_Gadget", "Sim_Thing", gadget_properties, {}), [{"Name": "g", "Extra": "e"}])
    owner = Table(Schema(CIMV2, "Sim_Owner", None, (number,), {}), [{"Id": value} for value in range(3)])
    part = Table(Schema(CIMV2, "Sim_Part", None, (Property("Weight", "uint32"),), {}), [])
    only = Table(Schema(CIMV2, "Sim_Only", None, (Property("Name", "string", key=True),), {}, singleton=True), [{"Name": "only"}])
    ends = (Property("Antecedent", "reference:Sim_Widget", key=True), Property("Dependent", "reference:Sim_Owner", key=True))
    pairs = [
        {"Antecedent": Reference(CIMV2, "Sim_Widget", {"Name": f"w{value}"}), "Dependent": Reference(CIMV2, "Sim_Owner", {"Id": value % 3})}
        for value in range(9)
    ]
    link = Table(Schema(CIMV2, "Sim_Link", None, ends, {}), pairs)
    rule_properties = (Property("InstanceID", "string", key=True), Property("Enabled", "uint16", writable=True), Property("On", "boolean", writable=True))
    schema = Schema(STANDARD, "Sim_Rule", None, rule_properties, {"Enable": Method("Enable", returns=False)}, mi_provider=True)
    rule = Table(schema, [{"InstanceID": "r1", "Enabled": 1, "On": True}])
    return Catalogue([widget, thing, gadget, owner, part, only, link, rule])


class StubWindows(Windows):
    """A Windows host with the classes above, and the programs ``where-am-i``, ``sleep`` and ``print``."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.classes = catalogue()

    @property
    def cim(self) -> Catalogue:
        """The stub's classes."""
        return self.classes

    def table(self, name: str) -> Table:
        """One class with its rows and calls."""
        for namespace in (CIMV2, STANDARD):
            found = self.classes.find(namespace, name)
            if isinstance(found, Table):
                return found
        raise KeyError(name)

    def run(self, account: Account, image: str, arguments: str, *, code_page: int) -> Completed | None:
        """where-am-i prints the host's name, sleep N waits, print N prints N characters, fail N exits with N, args shows its arguments."""
        name = image.rpartition("\\")[2].lower().removesuffix(".exe")
        if name == "where-am-i":
            return Completed(0, self.name + "\r\n")
        if name == "sleep":
            return Completed(0, "slept\r\n", "", float(arguments))
        if name == "print":
            return Completed(0, "ä" * int(arguments))
        if name == "fail":
            return Completed(int(arguments), "", "failed\r\n")
        return Completed(0, f"[{arguments}]\r\n") if name == "args" else super().run(account, image, arguments, code_page=code_page)


PASSWORD = "Lab-Passw0rd!"
DESCRIPTION: dict[str, Any] = {
    "domain": {"dns": "lab.test", "netbios": "LAB"},
    "ports": {"http": 0, "https": 0},
    "accounts": [
        {"name": "labadmin", "kind": "domain", "password": PASSWORD},
        {"name": "localadmin", "password": PASSWORD, "certificate": True},
        {"name": "filtered", "role": "filtered", "password": PASSWORD},
        {"name": "viewer", "role": "remote_management_user", "password": PASSWORD},
        {"name": "user", "role": "user", "password": PASSWORD},
    ],
    "hosts": [
        {"name": "alpha", "release": "2022", "address": "127.11.0.1"},
        {"name": "beta", "release": "2012R2", "address": "127.11.0.2", "language": "de-DE"},
        {"name": "gamma", "release": "2012", "address": "127.11.0.3"},
        {
            "name": "small",
            "release": "2019",
            "address": "127.11.0.4",
            "options": {
                "limits": {
                    "MaxShellsPerUser": 2,
                    "MaxEnvelopeSizekb": 32,
                    "EnumerationTimeoutms": 300,
                    "MaxConcurrentOperationsPerUser": 3,
                    "MaxTimeoutms": 500,
                }
            },
        },
    ],
}


def stub_host(fleet: Fleet, spec: HostSpec) -> StubWindows:
    """The stub model of one host."""
    return StubWindows(
        name=spec.name,
        release=spec.release,
        language=spec.language,
        domain=fleet.domain,
        address=spec.address,
        accounts=fleet.accounts_of(spec),
        options=spec.options,
    )
