# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the demonstration shows its steps, runs its commands and checks what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import lab

# How Ansible shows its results here: with colours for a terminal, and check mode marked.
DISPLAY = {
    "ANSIBLE_CHECK_MODE_MARKERS": "1",
    ("ANSIBLE_FORCE_COLOR" if sys.stdout.isatty() else "ANSIBLE_NOCOLOR"): "1",
    # Packages that were taken from other servers than the lab's are out of sight.
    "XDG_CACHE_HOME": str(lab.STATE / "cache"),
}

RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A host that had nothing to say.
SILENT = re.compile(r"(ok|skipping): \[[^\]]*\]$")


class Surprise(Exception):
    """A step did not turn out as it should; the text says how."""


@dataclass(frozen=True)
class Recap:
    """One host's line of Ansible's recap."""

    changed: int
    unreachable: int
    failed: int


def heading(number: int, text: str, *explanation: str) -> None:
    """Say what comes now and why."""
    rule = "=" * 100
    print(f"\n{rule}\n {number}. {text}\n{rule}", flush=True)
    for line in explanation:
        print(f" {line}", flush=True)
    print(flush=True)


def verdict(text: str) -> None:
    """Say what the step has shown."""
    print(f"\n  --> {text}", flush=True)


def worth_a_line(lines: Iterable[str]) -> Iterator[str]:
    """Ansible's output without empty lines, hosts that had nothing to say, and tasks in which that was all of them."""
    heading_held = ""
    for line in lines:
        plain = COLOURS.sub("", line).rstrip()
        if plain.startswith("TASK ["):
            heading_held = line
        elif plain and not SILENT.fullmatch(plain):
            if heading_held and not plain.startswith("PLAY"):
                yield heading_held
            heading_held = ""
            yield line


def run(command: Sequence[str], code: int = 0, *, brief: bool = True, settings: Mapping[str, str] | None = None) -> str:
    """Print the command, run it, pass on what is worth a line and return all of its output without colours.

    With `brief`, Ansible itself says nothing about hosts on which a task has neither changed anything nor failed. `settings` are shown
    with the command.

    Raises:
        Surprise: it ended with another code.
    """
    shown = [f"{name}={shlex.quote(value)}" for name, value in (settings or {}).items()]
    print(" ".join(["$", *shown, shlex.join(command)]), flush=True)
    environment = {**os.environ, **DISPLAY, "ANSIBLE_DISPLAY_OK_HOSTS": "0" if brief else "1", **(settings or {})}
    process = subprocess.Popen(command, cwd=lab.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines: list[str] = []
    for line in worth_a_line(_kept(process.stdout or (), lines)):
        print(f"  {line}", end="", flush=True)
    if process.wait() != code:
        raise Surprise(f"the command ended with code {process.returncode}: {shlex.join(command)}")
    return COLOURS.sub("", "".join(lines))


def _kept(lines: Iterable[str], into: list[str]) -> Iterator[str]:
    for line in lines:
        into.append(line)
        yield line


def recap(output: str) -> dict[str, Recap]:
    """Ansible's recap of a run, by host."""
    return {host: Recap(int(changed), int(unreachable), int(failed)) for host, _ok, changed, unreachable, failed in RECAP.findall(output)}


def play(command: Sequence[str], hosts: Sequence[str], changing: Sequence[str], *, brief: bool = True, settings: Mapping[str, str] | None = None) -> str:
    """Run a playbook over these hosts, of which exactly `changing` may and must report a change; returns its output.

    Raises:
        Surprise: another host did, or one of them did not, or a host failed or is missing.
    """
    output = run(command, brief=brief, settings=settings)
    found = recap(output)
    if missing := set(hosts) - set(found):
        raise Surprise(f"the recap does not name {', '.join(sorted(missing))}")
    if bad := [name for name, host in found.items() if host.failed or host.unreachable]:
        raise Surprise(f"failed or unreachable: {', '.join(bad)}")
    changed = {name for name, host in found.items() if host.changed}
    if changed != set(changing):
        raise Surprise(f"changed on {', '.join(sorted(changed)) or 'no host'}, expected {', '.join(sorted(changing)) or 'no host'}")
    return output


def expect(output: str, text: str, times: int) -> None:
    """Hold the output to what the step claims.

    Raises:
        Surprise: the text, a regular expression, is not in it as often as that.
    """
    found = len(re.findall(text, output))
    if found != times:
        raise Surprise(f"{text!r} stands {found} times in the output, expected {times}")
