# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one bridge between Ansible and the plan.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ._host import Host, SmbOptions
from ._plan import BadRequest, Change, Resource, State, StateError, converge, plan, shown
from ._resources import FILES, KINDS, place_of
from ._wsman import Client, ConnectionFailed, WSManError, load_tls, transport_from

_CONNECTIONS = ("winrm", "psrp")

# Ansible loads actions before it forks: the workers inherit the CA store, which costs 20 ms for each of them otherwise.
load_tls()


class HostAction(ActionBase):
    """An action that works on one host over one connection of its own; a subclass has a spec and says what the work is."""

    _supports_check_mode = True
    _supports_diff = True
    # The work is done here on the controller while the host is connected; there is nothing to leave running on it.
    _supports_async = False

    spec: ClassVar[Mapping[str, Any]]

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """Check the arguments, before anything is sent; what is returned does the work and returns the module's result."""
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Validate, prepare, connect, work."""
        super().run(tmp, task_vars)
        name = str(self._task.delegate_to or (task_vars or {}).get("inventory_hostname", "the host"))
        _result, arguments = self.validate_argument_spec(**self.spec)
        with self._translated(name):
            work = self.prepare(arguments)
            with self._host(name) as host:
                try:
                    return {**work(host), "host": name, "transport": _transport(host)}
                except (StateError, WSManError) as error:
                    if isinstance(error, StateError) and (error.planned or error.refused):
                        # What can be planned is told although the list as a whole can't be had.
                        raise AnsibleActionFail(_sentence(name, error), result={**self.refusal(host, error), "changed": False}) from None
                    if isinstance(error, ConnectionFailed) or not host.reboot_required:
                        raise
                    # A failed result and no exception, of which not every ansible-core lets `failed_when` and `notify` see the details.
                    waits = {"changed": True, "reboot_required": True, "reboot_reasons": ["this_task"], "notes": host.told}
                    return {"failed": True, "msg": _sentence(name, error), **waits, "host": name, "transport": _transport(host)}

    def refusal(self, host: Host, error: StateError) -> dict[str, Any]:
        """What the module returns besides the sentence where a list can't be had."""
        return result(host, error.planned)

    def found(self, path: str) -> str:
        """A relative path of the controller as other actions find it: in the folder `files` of the role or beside the playbook."""
        if place_of(path) != "controller" or Path(path).is_absolute() or path.startswith("~"):
            return path
        try:
            return str(self._find_needle("files", path))
        except AnsibleError:
            return path

    @contextmanager
    def _host(self, name: str) -> Iterator[Host]:
        options = self._options()
        connect = partial(transport_from, self._transport_name(), options)
        host = Host(Client(connect()), name, _smb_of(options), connect=connect)
        host.progress = lambda text: Display().v(text, host=name)
        try:
            yield host
        finally:
            host.close()

    def _transport_name(self) -> str:
        name = str(self._connection.transport)
        if name not in _CONNECTIONS:
            raise BadRequest(f"This module speaks WS-Management and needs connection winrm or psrp, not {name}; set ansible_connection.")
        if self._connection.become is not None:
            raise BadRequest("become has no meaning for WS-Management: give the account itself in ansible_user, and leave become out for this task.")
        return name

    def _options(self) -> dict[str, Any]:
        """The connection plugin's options as the play resolves them; winrm keeps the ansible_winrm_* extras beside them."""
        extras = {"_extras": self._connection.get_option("_extras")} if self._connection.allow_extras else {}
        return {**self._connection.get_options(), **extras}

    @contextmanager
    def _translated(self, host: str) -> Iterator[None]:
        """Only AnsibleConnectionFailure makes a host unreachable; everything else fails the task.

        The cause is left out: Ansible would print it behind the sentence, which has been made to say it all. A task that runs once for
        all fails: Ansible would end the play for every host, and say nothing, if it found the host that it is delegated to unreachable.
        """
        try:
            yield
        except ConnectionFailed as error:
            if self._task.run_once:
                raise AnsibleActionFail(_sentence(host, error)) from None
            raise AnsibleConnectionFailure(_sentence(host, error)) from None
        except (StateError, WSManError) as error:
            raise AnsibleActionFail(_sentence(host, error)) from None


class InfoAction(HostAction):
    """An action that only reads; a subclass says what."""

    _supports_diff = False


class ResourceAction(HostAction):
    """An action whose arguments make resources; a module is a subclass with its spec."""

    kind: ClassVar[str]

    def resources(self, arguments: Mapping[str, Any]) -> list[Resource[Host]]:
        """The resources that the module's arguments ask for."""
        return [self.resource(self.kind, arguments)]

    def resource(self, kind: str, options: Mapping[str, Any]) -> Resource[Host]:
        """One resource."""
        option = FILES.get(kind, "")
        return KINDS[kind]({**options, option: self.found(options[option])} if options.get(option) else options)

    def report(self, host: Host, changes: Sequence[Change], *, applied: bool) -> dict[str, Any]:
        """What the module returns; `applied` if the changes were made and read back."""
        return result(host, changes)

    def prepare(self, arguments: Mapping[str, Any]) -> Callable[[Host], dict[str, Any]]:
        """Plan in check mode, converge otherwise: the only place that knows of check mode."""
        resources = self.resources(arguments)
        applied = not self._task.check_mode
        bring_about = converge if applied else plan
        return lambda host: self.report(host, bring_about(host, resources), applied=applied)


def _smb_of(options: Mapping[str, Any]) -> SmbOptions:
    """SMB to the same address by the same account: winrm says how it logs on in `transport`, the first way first, psrp in `auth`.

    Negotiate without a password is a ticket, too.
    """
    ways = options.get("transport") or options.get("auth") or []
    way = ways if isinstance(ways, str) else str((*ways, "")[0])
    user, password = str(options.get("remote_user") or ""), str(options.get("remote_password") or "")
    kerberos = way == "kerberos" or (not way and "@" in user) or (way == "negotiate" and not password)
    return SmbOptions(str(options["remote_addr"]), username=user, password=password, kerberos=kerberos)


def _sentence(host: str, error: Exception) -> str:
    text = str(error)
    return text if host in text else f"{host}: {text}"


def result(host: Host, changes: Sequence[Change]) -> dict[str, Any]:
    """What the module returns: everything about the state derives from the changes."""
    # First, as it may tell something.
    reasons = host.reboot_reasons()
    return {
        "changed": any(change.changed for change in changes),
        "diff": [_diff(host.name, change) for change in changes if change.changed],
        "drift": [_drift(change) for change in changes if change.changed],
        "notes": [*(f"{change.kind} {change.name}: {note}" for change in changes for note in change.notes), *host.told],
        "warnings": [f"{host.name}: {change.kind} {change.name}: {warning}" for change in changes for warning in _warnings(change)],
        "reboot_required": bool(reasons),
        "reboot_reasons": reasons,
    }


def _transport(host: Host) -> dict[str, int]:
    statistics = host.client.statistics
    return {"messages": statistics.messages, "bytes_sent": statistics.bytes_sent, "bytes_received": statistics.bytes_received}


def _drift(change: Change) -> dict[str, Any]:
    before, after = change.before or {}, change.after or {}
    return {
        "kind": change.kind,
        "name": change.name,
        "before": None if change.before is None else "present",
        "after": None if change.after is None else "present",
        "differences": {key: {"before": before.get(key), "after": after.get(key)} for key in sorted(change.keys)},
        "notes": [*change.notes, *change.warnings],
    }


def _warnings(change: Change) -> list[str]:
    return [*change.warnings, *(override.describe() for override in change.overrides)]


def _diff(host: str, change: Change) -> dict[str, str]:
    # Hosts work side by side, and Ansible prints a difference before it names the host.
    header = f"{host}: {change.kind} {change.name}"
    return {"before_header": header, "after_header": header, "before": _lines(change.before), "after": _lines(change.after)}


def _lines(state: State | None) -> str:
    if state is None:
        return "absent\n"
    return "".join(f"{key}: {shown(value)}\n" for key, value in sorted(state.items()))
