# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the options of module desired_state from those of the single modules, because Ansible has no way to nest documentation.

`--check` writes nothing, and says by exit code 1 that they are not up to date.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.uamops.netwrix_auditor.plugins.module_utils._specs import KINDS

MODULES = Path(__file__).parents[1] / "plugins" / "modules"
TARGET = MODULES / "desired_state.py"
# Between the last of the first and the second of these lines of the target stands what is written here: `resources` is its last option.
BEGIN, END = "\n    suboptions:\n", "seealso:\n"
WIDTH = 150
# The one key of an entry that is no kind.
CONTROL = """\
      control:
        description:
          - The control of the compliance report that the resource belongs to. Several resources may belong to one.
          - A resource that names none is a control by itself.
        type: dict
        suboptions:
            id:
              description:
                - The control's name, one of this collection's or one of your own.
              type: str
              required: true
            title:
              description:
                - What the control asks for, in one line. Needed for a control of your own.
              type: str
            section:
              description:
                - The section of the specification that it comes from.
              type: str
            severity:
              description:
                - How much depends on it. V(medium) for a control of your own that gives none.
              type: str
              choices: [critical, high, medium, low]
"""
ORDER = ("description", "type", "elements", "required", "choices", "default")


def documentation(kind: str) -> Mapping[str, Any]:
    """The documentation of a module."""
    for node in ast.parse((MODULES / f"{kind}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION":
            found: Mapping[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return found
    raise SystemExit(f"plugins/modules/{kind}.py has no DOCUMENTATION")


def suboptions() -> str:
    """The options of all kinds, as they stand below `resources`."""
    return CONTROL + "\n".join(line for kind in KINDS for line in _kind(kind)) + "\n"


def _kind(kind: str) -> Iterator[str]:
    about = documentation(kind)
    yield f"      {kind}:"
    yield "        description:"
    yield from _item(f"{about['short_description']}. See M(uamops.netwrix_auditor.{kind}).", 10, kind)
    yield "        type: dict"
    yield "        suboptions:"
    for name, option in about["options"].items():
        yield from _option(name, option, 12, kind)


def _option(name: str, option: Mapping[str, Any], indent: int, kind: str) -> Iterator[str]:
    blank = " " * indent
    yield f"{blank}{name}:"
    for key in (*ORDER, *sorted(set(option) - {*ORDER, "suboptions", "version_added"})):
        if key == "description":
            yield f"{blank}  description:"
            texts = option[key] if isinstance(option[key], list) else [option[key]]
            for text in texts:
                yield from _item(text, indent + 4, kind)
        elif key in option:
            yield f"{blank}  {key}: {_scalar(option[key])}"
    if "suboptions" in option:
        yield f"{blank}  suboptions:"
        for inner, suboption in option["suboptions"].items():
            yield from _option(inner, suboption, indent + 4, kind)


def _item(text: str, indent: int, kind: str) -> Iterator[str]:
    """One entry of a description; references to the module's own options lead to those of this one."""
    written = re.sub(r"\bO\((?=[a-z0-9_\[\].]+[)=])", f"O(resources[].{kind}.", text)
    lines = textwrap.wrap(_scalar(written), WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    yield f"{' ' * indent}- {lines[0]}"
    yield from (f"{' ' * indent}  {line}" for line in lines[1:])


def _scalar(value: object) -> str:
    """A value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def main() -> int:
    """Write or check."""
    old = TARGET.read_text(encoding="utf-8")
    head, begin, rest = old.rpartition(BEGIN)
    _old, end, tail = rest.partition(END)
    new = f"{head}{begin}{suboptions()}{end}{tail}"
    if "--check" in sys.argv[1:]:
        if new != old:
            print("plugins/modules/desired_state.py is not up to date; run: make document", file=sys.stderr)
        return int(new != old)
    TARGET.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
