# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""schtasks.exe: creates, runs, shows, ends and deletes tasks of the account SYSTEM. Exit codes 0 and 1; texts in the host's language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from .. import data
from ..cmd.line import split_command
from ..files import FileError
from ..files.access import Access
from ..records import Account, Completed
from ..tasks import NEVER_RUN, Task
from . import arguments as command_line

if TYPE_CHECKING:
    from ..host import Windows

VERBS = ("create", "delete", "run", "end", "query")
LONGEST_COMMAND = 261
_SWITCHES = frozenset("f v nh hresult np it z v1 i".split())
_VALUES = frozenset("tn tr ru rp sc st sd rl xml fo ed du ri mo d m ec delay".split())
_SYSTEM = frozenset(("system", "nt authority\\system", "s-1-5-18", ""))
_SCHEDULES = frozenset("minute hourly daily weekly monthly once onstart onlogon onidle onevent".split())
_NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

Options = dict[str, str]


def run(host: Windows, account: Account, arguments: str) -> Completed:
    """Do what the first option asks for."""
    options = _options(command_line.split(arguments))
    verbs = [verb for verb in VERBS if options and verb in options]
    if options is None or len(verbs) != 1:
        return _failed(_text(host, "syntax"))
    if not account.elevated and verbs != ["query"]:
        return _failed(_error(host, host.error(5)))
    return _VERBS[verbs[0]](host, account, options)


def _options(words: list[str]) -> Options | None:
    """Options with their values; a switch has an empty one. ``/xml`` has a value only with /create. None for a wrong line."""
    found: Options = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name = word[1:].lower()
        if not word.startswith(("/", "-")) or name in found:
            return None
        alone = name in VERBS or name in _SWITCHES or (name == "xml" and "query" in found)
        if not alone and (name not in _VALUES or not rest):
            return None
        found[name] = "" if alone else rest.pop(0)
    return found


def _text(host: Windows, key: str, **values: object) -> str:
    table: dict[str, dict[str, str]] = data.document("schtasks.json")["texts"]
    return table[key][host.language].format(**values) + "\r\n"


def _error(host: Windows, text: str) -> str:
    return _text(host, "error", text=text)


def _failed(text: str) -> Completed:
    return Completed(1, "", text)


def _create(host: Windows, account: Account, options: Options) -> Completed:
    name = options.get("tn", "").lstrip("\\")
    if refusal := _create_refusal(host, name, options):
        return _failed(refusal)
    try:
        task = _from_xml(host, account, name, options["xml"]) if "xml" in options else _from_options(account, name, options)
    except FileError as exc:
        return _failed(_error(host, host.error(exc.code)))
    except ElementTree.ParseError:
        return _failed(_text(host, "malformed"))
    if host.tasks.find(name) and "f" not in options:
        # It asks, and only a yes from its input goes on.
        question = _text(host, "replace", name=name).rstrip("\r\n") + " "
        if not host.context.stdin.read().strip().upper().startswith((b"Y", b"J", b"O")):
            return Completed(1, question)
    host.journal.write("task", name, {"action": "create", "command": task.line})
    host.tasks.register(task)
    return Completed(0, _text(host, "created", name=name))


def _create_refusal(host: Windows, name: str, options: Options) -> str | None:
    if not name or ("xml" not in options and not ({"tr", "sc"} <= set(options))):
        return _text(host, "syntax")
    if len(options.get("tr", "")) > LONGEST_COMMAND:
        return _text(host, "too_long", option="/tr", length=LONGEST_COMMAND)
    schedule, start = options.get("sc", "once").lower(), options.get("st", "00:00" if "xml" in options else "")
    if schedule not in _SCHEDULES or (schedule == "once" and not re.fullmatch(r"[0-2]\d:[0-5]\d", start)):
        return _text(host, "syntax")
    if options.get("rl", "limited").lower() not in ("limited", "highest"):
        return _text(host, "syntax")
    if "ru" not in options and "xml" not in options:
        return "The simulator does not model this: a task without /ru\r\n"
    if options.get("ru", "").lower() not in _SYSTEM:
        return "The simulator does not model this: a task of another account than SYSTEM\r\n"
    return None


def _from_options(account: Account, name: str, options: Options) -> Task:
    line = options["tr"].strip()
    image, arguments = split_command(line)
    command = f'"{image}"' if line.startswith('"') else image
    start = f"2026-01-01T{options.get('st', '00:00')}:00"
    return Task(name, command, arguments, account.qualified, options.get("rl", "").lower() == "highest", start)


def _from_xml(host: Windows, account: Account, name: str, path: str) -> Task:
    """The first Exec action of a task file (UTF-16 with its mark, or UTF-8). Raises ParseError for what is not one for SYSTEM."""
    content = Access(host, account).read(host.context.absolute(path))
    text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")
    root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    command = root.findtext("t:Actions/t:Exec/t:Command", None, _NAMESPACE)
    user = root.findtext("t:Principals/t:Principal/t:UserId", "", _NAMESPACE)
    if not command or user.lower() not in _SYSTEM - {""}:
        raise ElementTree.ParseError
    found = {key: root.findtext(f"t:Actions/t:Exec/t:{key}", "", _NAMESPACE) for key in ("Arguments", "WorkingDirectory")}
    highest = root.findtext("t:Principals/t:Principal/t:RunLevel", "", _NAMESPACE) == "HighestAvailable"
    quoted = f'"{command}"' if " " in command and not command.startswith('"') else command
    task = Task(name, quoted, found["Arguments"], account.qualified, highest)
    task.directory = found["WorkingDirectory"] or task.directory
    return task


def _missing(host: Windows, options: Options) -> Completed:
    return _failed(_text(host, "unknown", name=options.get("tn", "")))


def _run(host: Windows, account: Account, options: Options) -> Completed:
    task = host.tasks.find(options.get("tn", ""))
    if task is None:
        return _missing(host, options)
    host.journal.write("task", task.name, {"action": "run"})
    host.tasks.run(task)
    return Completed(0, _text(host, "started", name=task.name))


def _end(host: Windows, account: Account, options: Options) -> Completed:
    task = host.tasks.find(options.get("tn", ""))
    if task is None:
        return _missing(host, options)
    host.journal.write("task", task.name, {"action": "end"})
    host.tasks.end(task)
    return Completed(0, _text(host, "ended", name=task.name))


def _delete(host: Windows, account: Account, options: Options) -> Completed:
    task = host.tasks.find(options.get("tn", ""))
    if task is None:
        return _missing(host, options)
    if "f" not in options and not host.context.stdin.read().strip().upper().startswith((b"Y", b"J", b"O")):
        return Completed(1, _text(host, "remove", name=task.name))
    host.journal.write("task", task.name, {"action": "delete"})
    host.tasks.delete(task)
    return Completed(0, _text(host, "deleted", name=task.name))


def _query(host: Windows, account: Account, options: Options) -> Completed:
    form = options.get("fo", "table").lower()
    if form not in ("table", "list", "csv") or ("nh" in options and form == "list"):
        return _failed(_text(host, "syntax"))
    found = [host.tasks.find(options["tn"])] if "tn" in options else list(host.tasks)
    tasks = [task for task in found if task is not None]
    if not tasks:
        return _failed(_error(host, host.error(2)))
    if "xml" in options:
        return Completed(0, "\r\n\r\n".join(task.xml() for task in tasks) + "\r\n")
    verbose = "v" in options
    columns = _columns(host, verbose=verbose)
    rows = [_row(host, task, verbose=verbose) for task in tasks]
    return Completed(0, _SHAPES[form](columns, rows, "nh" not in options))


def _columns(host: Windows, *, verbose: bool) -> list[str]:
    document = data.document("schtasks.json")
    names: dict[str, list[str]] = document["verbose" if verbose else "brief"]
    return names[host.language]


def _row(host: Windows, task: Task, *, verbose: bool) -> list[str]:
    never = _text(host, "not_available").strip()
    status = _text(host, "running" if host.tasks.is_running(task) else "ready").strip()
    brief = [f"\\{task.name}", never, status]
    if not verbose:
        return brief
    result = host.tasks.result(task)
    signed = result - 2**32 if result >= 2**31 else result
    last = "30.11.1999 00:00:00" if task.result == NEVER_RUN and not host.tasks.is_running(task) else task.start.replace("T", " ")
    return [host.name.upper(), *brief, never, last, str(signed), task.author, task.line, never, never, *[never] * 3, "SYSTEM", *[never] * 13]


def _csv(columns: list[str], rows: list[list[str]], header: bool) -> str:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([columns, *rows] if header else rows)
    return stream.getvalue()


def _list(columns: list[str], rows: list[list[str]], header: bool) -> str:
    width = max(len(name) for name in columns) + 1
    blocks = ("".join(f"{name + ':':<{width}} {value}\r\n" for name, value in zip(columns, row, strict=True)) for row in rows)
    return "\r\nFolder: \\\r\n" + "\r\n".join(blocks)


def _table(columns: list[str], rows: list[list[str]], header: bool) -> str:
    widths = [max(len(row[place]) for row in [columns, *rows]) for place in range(len(columns))]
    lines = [" ".join(f"{value:<{width}}" for value, width in zip(row, widths, strict=True)) for row in rows]
    head = [" ".join(f"{name:<{width}}" for name, width in zip(columns, widths, strict=True)), " ".join("=" * width for width in widths)]
    return "\r\nFolder: \\\r\n" + "".join(f"{line}\r\n" for line in [*(head if header else []), *lines])


_SHAPES: Mapping[str, Callable[[list[str], list[list[str]], bool], str]] = {"csv": _csv, "list": _list, "table": _table}
_VERBS: Mapping[str, Callable[[Windows, Account, Options], Completed]] = {
    "create": _create,
    "run": _run,
    "end": _end,
    "delete": _delete,
    "query": _query,
}
