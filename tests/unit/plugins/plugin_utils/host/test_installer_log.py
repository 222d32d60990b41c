# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a Windows Installer log."""

from __future__ import annotations

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._installer_log import errors_in

LOG = """\
MSI (s) (A4:1C) [10:00:00:000]: Executing op: ActionStart
MSI (s) (A4:1C) [10:00:00:100]: Produkt: Agent -- Fehler 1920. Der Dienst "Größe" konnte nicht gestartet werden.
MSI (s) (A4:1C) [10:00:00:100]: Produkt: Agent -- Fehler 1920. Der Dienst "Größe" konnte nicht gestartet werden.
Aktion beendet um 10:00:01: InstallFinalize. Rückgabewert 3.
MSI (s) (A4:1C) [10:00:02:000]: MainEngineThread is returning 1603
"""


@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_an_error_is_found_in_any_language(cut: int) -> None:
    """A verbose log is UTF-16, its tail may begin within a character, and an error is told once."""
    assert errors_in(("\ufeff" + LOG).encode("utf-16-le")[cut:]) == ['Fehler 1920. Der Dienst "Größe" konnte nicht gestartet werden.']


def test_a_log_in_a_code_page_is_read_as_far_as_it_goes() -> None:
    """Letters beyond ASCII may be lost, the number is not."""
    assert "1920" in errors_in(LOG.encode("cp1252"))[0]


def test_without_an_error_line_the_end_is_shown() -> None:
    """The last lines, at most three, without their stamps."""
    text = "a\nb\nc\nMSI (s) (A4:1C) [10:00:02:000]: MainEngineThread is returning 1603\n\n"
    assert errors_in(text.encode()) == ["b", "c", "MainEngineThread is returning 1603"]


def test_an_empty_log_says_nothing() -> None:
    """No lines, no error."""
    assert errors_in(b"") == []
