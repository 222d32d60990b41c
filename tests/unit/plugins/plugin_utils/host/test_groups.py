# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local groups: what `net localgroup` says is read in any language, by its number."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Account
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._groups import Groups, members_query, told
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, BadRequest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._wsman import Completed

GROUP = Account("S-1-5-32-544", "PC", "Administratoren")
MEMBER = Account("S-1-5-21-1-2-3-1107", "LAB", "svc1378")


class Runner:
    """Answers every command alike and keeps the lines."""

    def __init__(self, exit_code: int, stderr: str = "") -> None:
        self.lines: list[str] = []
        self._answer = Completed(exit_code, "", stderr)

    def __call__(self, program: str, arguments: str) -> Completed:
        """One command."""
        self.lines.append(f"{program} {arguments}")
        return self._answer


def _change(runner: Runner, member: Account = MEMBER, *, add: bool = True) -> None:
    client: Any = None
    Groups(client, runner).change(GROUP, member, add=add, host="pc")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("System error 1378 has occurred.\r\n\r\nThe specified account name is already a member of the group.", 1378),
        ("Systemfehler 1377 aufgetreten.", 1377),
        ("システム エラー 5 が発生しました。", 5),
        ("L\u2019erreur système 1376 s\u2019est produite.", 1376),
        ("There is no such global user or group: LAB\\svc1378.\n\nMore help is available by typing NET HELPMSG 3783.", 3783),
        ("System error 53 has occurred.", 53),
        ("The command failed.", None),
    ],
)
def test_the_number_counts_and_not_the_text(text: str, number: int | None) -> None:
    """A number in the name of the account or the group is none of an error."""
    assert told(text, "LAB\\svc1378", "svc1378", "Group 1377") == number


def test_who_is_in_already_is_in() -> None:
    """Somebody else may have been quicker: that is no error, and names are quoted."""
    for add, number, switch in ((True, 1378, "/add"), (False, 1377, "/delete")):
        runner = Runner(2, f"Systemfehler {number} aufgetreten.")
        _change(runner, add=add)
        assert runner.lines == [f'net.exe localgroup "Administratoren" "LAB\\svc1378" {switch}']
        with pytest.raises(ApplyFailed, match=str(number)):
            _change(runner, add=not add)


@pytest.mark.parametrize(
    ("exit_code", "stderr", "sentence"),
    [
        (2, "System error 1388 has occurred.", "an account of this type can't be a member"),
        (2, "Systemfehler 5 aufgetreten.", "access is denied"),
        (2, "System error 1789 has occurred.", "the trust between the host and its domain is broken"),
        (2, "System error 8646 has occurred.", "system error 8646"),
        (9, "", "exit code 9"),
    ],
)
def test_what_windows_refuses_is_told_in_words(exit_code: int, stderr: str, sentence: str) -> None:
    """One sentence with the group, the account and the host."""
    with pytest.raises(ApplyFailed, match=f"net could not put LAB.svc1378 into the local group Administratoren on pc: .*{sentence}"):
        _change(Runner(exit_code, stderr))


def test_a_long_name_explains_a_usage() -> None:
    """net answers a member's name of more than 20 characters with its usage."""
    with pytest.raises(ApplyFailed, match="takes no names of more than 20 characters"):
        _change(Runner(1, "The syntax of this command is:"), Account("S-1-5-21-1-2-3-9", "LAB", "x" * 21))
    with pytest.raises(ApplyFailed, match="exit code 1"):
        _change(Runner(1, "The syntax of this command is:"))


def test_a_query_holds_any_name() -> None:
    """An apostrophe does not end the text of the query."""
    assert members_query("PC1", "Groupe d'essai").endswith(r"""GroupComponent = 'Win32_Group.Domain="PC1",Name="Groupe d\'essai"'""")


@pytest.mark.parametrize("text", ["", "a/b", "LAB\\Group", "a\nb", 'a"b'])
def test_what_can_be_no_group_is_refused(text: str) -> None:
    """Before a host is asked."""
    client: Any = None
    with pytest.raises(BadRequest, match="no local group"):
        Groups(client, Runner(0)).find(text)
