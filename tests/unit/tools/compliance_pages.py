# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages about compliance, and the blocks in them that have a name."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = {name: (ROOT / "docs" / "docsite" / "rst" / f"{name}.rst").read_text(encoding="utf-8") for name in ("compliance", "compliance_report", "scheduling")}


def _blocks() -> dict[str, tuple[str, str]]:
    """The language and the text of every block with a name, of all pages."""
    found = {}
    for page in PAGES.values():
        for indent, language, name, body in re.findall(r"^( *)\.\. code-block:: (\w+)\n +:name: (\S+)\n\n((?: +\S.*\n|\n)+)", page, re.MULTILINE):
            assert name not in found
            lines = [line for line in body.splitlines() if not line or line.startswith(f"{indent}   ")]
            found[name] = language, textwrap.dedent("\n".join(lines)).strip() + "\n"
    return found


BLOCKS = _blocks()
