# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows features on a host of a few attributes: what the names stand for, how DISM is called, what its exit codes mean."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host import Edition, Host
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._host._servicing import Servicing
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._plan import ApplyFailed, converge
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._feature_codes import REASONS
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._resources._feature_table import NEUTRAL

from .test_requests import resource

BUILDS = {7601: (6, 1), 9200: (6, 2), 9600: (6, 3), 14393: (10, 0), 17763: (10, 0), 19045: (10, 0), 20348: (10, 0), 22631: (10, 0), 26100: (10, 0)}


class Fake:
    """A host whose DISM answers with the given exit codes in turn, then 0, and whose features are switched when it does so."""

    name = "ws2019"
    edition = Edition("Server", "ServerStandard")
    editions = SimpleNamespace(expect=lambda: None)

    def expect_restart(self) -> None:
        """Nothing is read here."""

    def __init__(self, *codes: int, build: int = 17763, features: Sequence[str] = ("TelnetClient",)) -> None:
        self.system = SimpleNamespace(client=False, bits=64, directory="C:\\Windows", version=(*BUILDS[build], build))
        self.states = dict.fromkeys(features, "Disabled")
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.reboot_required = False
        self._codes = list(codes)
        self.registry = SimpleNamespace(expect_command=lambda _line: None, command=self._table)
        self.servicing = Servicing(cast(Host, self))

    def _table(self, _line: str) -> str:
        rows = "".join(f"{name:<20} | {state}\r\n" for name, state in self.states.items())
        return f"\r\nFeature Name         | State\r\n-------------------- | --------\r\n{rows}\r\nThe operation completed successfully.\r\n"

    def command_line(self, line: str, _time_limit: float, waiting: str) -> SimpleNamespace:
        """As Host's."""
        assert waiting
        self.lines.append(line.partition("/english ")[2])
        code = self._codes.pop(0) if self._codes else 0
        if code in (0, 3010):
            self.states |= {name: "Enabled" for name in self.states if f"/featurename:{name} " in line}
        return SimpleNamespace(exit_code=code)

    def progress(self, text: str) -> None:
        """As Host's."""

    def tell(self, note: str) -> None:
        """As Host's."""
        self.notes.append(note)

    def await_restart(self, note: str) -> None:
        """As Host's."""
        self.reboot_required = True
        self.tell(note)

    def ready(self) -> None:
        """As Host's."""

    def forget(self) -> None:
        """As Host's."""


def run(host: Fake, name: str = "TelnetClient", **options: Any) -> list[str]:
    """Converge one feature and return how DISM was called."""
    converge(cast(Host, host), [resource("windows_feature", name=name, **options)])
    return host.lines


@pytest.mark.parametrize("name", NEUTRAL)
@pytest.mark.parametrize("build", BUILDS)
def test_every_neutral_name_stands_for_one_thing_everywhere(name: str, build: int) -> None:
    """Each release and edition has exactly one row, and a row says exactly one of features, capability and reason."""
    for kind in ("server", "core", "client", "n"):
        rows = [row for row in NEUTRAL[name] if row.first <= build <= row.last and kind in row.kinds]
        # The order decides where a general row stands behind a special one.
        assert rows, (name, build, kind)
        assert [bool(rows[0].features), bool(rows[0].capability), bool(rows[0].reason)].count(True) == 1


@pytest.mark.parametrize(
    ("edition", "core", "n"),
    [
        (Edition("Client", "ProfessionalN"), False, True),
        (Edition("Client", "EnterpriseKN"), False, True),
        (Edition("Client", "Education"), False, False),
        (Edition("Server Core", "ServerDatacenter"), True, False),
        (Edition("Server", "ServerStandard"), False, False),
    ],
)
def test_editions_are_told_by_the_registrys_names(edition: Edition, *, core: bool, n: bool) -> None:
    """`Education` ends with a small n and has its media."""
    assert (edition.core, edition.n) == (core, n)


def test_dism_is_called_with_what_the_release_takes() -> None:
    """Parents and sources from Server 2012 on; 2008 R2 gets neither, and no value stands outside quotation marks."""
    options: dict[str, Any] = {"source": ["D:\\sources\\sxs\\", "\\\\fs01\\media & more"], "limit_access": True}
    (line,) = run(Fake(), **options)
    sources = '/source:"D:\\sources\\sxs" /source:"\\\\fs01\\media & more" /limitaccess'
    assert line == f"/enable-feature /featurename:TelnetClient /all {sources} /norestart /quiet"
    assert run(Fake(build=7601), **options) == ["/enable-feature /featurename:TelnetClient /norestart /quiet"]
    assert run(Fake(), include_parents=False) == ["/enable-feature /featurename:TelnetClient /norestart /quiet"]


def test_on_2008_r2_a_neutral_name_brings_what_it_builds_on() -> None:
    """The parent first, as DISM there can't; and it stays when the feature is to go."""
    host = Fake(build=7601, features=("InkSupport", "DesktopExperience"))
    assert [line.split()[1] for line in run(host, "desktop-experience")] == ["/featurename:InkSupport", "/featurename:DesktopExperience"]
    gone = resource("windows_feature", name="desktop-experience", state="absent")
    gone.apply(cast(Host, host), _planned(host, gone))
    assert [line for line in host.lines if line.startswith("/disable")] == ["/disable-feature /featurename:DesktopExperience /norestart /quiet"]


def _planned(host: Fake, asked: Any) -> Any:
    asked.read(cast(Host, host))
    return None


@pytest.mark.parametrize("code", [1726, 0x800706BE])
def test_a_lost_call_is_made_once_more(code: int) -> None:
    """The servicing stack restarts itself at times; twice in a row is an error."""
    assert len(run(Fake(code))) == 2
    with pytest.raises(ApplyFailed, match="restart the host"):
        run(Fake(code, code))


@pytest.mark.parametrize("code", [14098, 0x80073712, 0x800F081F])
def test_a_damaged_store_is_repaired_once(code: int) -> None:
    """Restore, then once more; a second refusal is told, and without the option the first is."""
    lines = run(Fake(code, 3010), repair=True, source=["D:\\sxs"])
    assert [line.split()[0] for line in lines] == ["/enable-feature", "/cleanup-image", "/enable-feature"]
    assert lines[1] == '/cleanup-image /restorehealth /source:"D:\\sxs" /quiet'
    for host, repair, calls in ((Fake(code, 0, code), True, 3), (Fake(code), False, 1)):
        with pytest.raises(ApplyFailed):
            run(host, repair=repair)
        assert len(host.lines) == calls


def test_a_store_of_2008_r2_is_not_repaired_by_dism() -> None:
    """DISM there has no restorehealth, and the message names what does it."""
    host = Fake(14098, build=7601)
    with pytest.raises(ApplyFailed, match="System Update Readiness Tool"):
        run(host, repair=True)
    assert len(host.lines) == 1


def test_a_restart_is_asked_for() -> None:
    """3010 is a success."""
    host = Fake(3010)
    run(host)
    assert host.reboot_required
    assert "the change of TelnetClient takes effect when ws2019 has been restarted" in host.notes


@pytest.mark.parametrize("code", [*REASONS, 4711, 0x80070005])
def test_every_refusal_says_the_code_and_where_the_log_is(code: int) -> None:
    """An HRESULT of a Win32 error reads as the error."""
    with pytest.raises(ApplyFailed) as error:
        run(Fake(code, code))
    text = str(error.value)
    number = code & 0xFFFF if code >> 16 == 0x8007 else code
    assert (f"0x{number:08X}" if number >= 0x80000000 else f"exit code {number}") in text
    assert REASONS.get(number, "see its log") in text
    assert "C:\\Windows\\Logs\\DISM\\dism.log" in text
