# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles of a host's users, and the registry hives in them, loaded or not.

Where somebody is logged on, the hive is a key of HKU. Otherwise it is loaded for one command line, read or written there, and unloaded
in the same line, whatever happens in between: nothing stays loaded when the controller goes away. To load a hive changes no setting.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._plan import ApplyFailed, Missing, StateError
from ._hive_lines import PREFIX, Answer, HiveLine, batches
from ._registry import Key, RegistryValue

if TYPE_CHECKING:
    from . import Host

PROFILE_LIST = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList"
ALL, DEFAULT = "all", "default"
_LOADED = "reg query HKU"
# Users of the computer and of domains, and those of Entra ID.
_PERSON = re.compile(r"s-1-(?:5-21|12-1)(?:-\d+)+")
# Bits of State in ProfileList.
_MANDATORY, _TEMPORARY = 0x1, 0x800
_MINUTES = 120.0


@dataclass(frozen=True, slots=True)
class Profile:
    """`sid` is `default` for the profile that new users get. `kept` False: what is written there is thrown away at the logoff. `roams`: a server has a copy."""

    sid: str
    folder: str
    loaded: bool
    kept: bool = True
    roams: bool = False

    @property
    def ours(self) -> str:
        """The key that its hive is loaded as."""
        return f"{PREFIX}{self.sid}"

    @property
    def root(self) -> str:
        """The key of its hive while its user is logged on."""
        return f"HKU\\{self.sid}"

    @property
    def hive(self) -> str:
        """The file of its hive."""
        return f"{self.folder}\\NTUSER.DAT"


class Hives:
    """Reads are remembered until `forget`; what is expected is fetched together by the first read."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._expected: dict[tuple[str, str], None] = {}
        self._keys: dict[tuple[str, str], Key | None] = {}
        self._failed: dict[str, str] = {}

    def forget(self) -> None:
        """Read anew from now on."""
        self._keys.clear()
        self._failed.clear()

    def expect(self, user: str, path: str) -> None:
        """This key of this user (see `profiles`) will be asked for."""
        self._host.expect_folders()
        self._host.registry.expect(PROFILE_LIST, recursive=True)
        self._host.registry.expect_command(_LOADED)
        self._expected[user, path] = None

    def profiles(self, user: str) -> list[Profile]:
        """The profiles of an account (by name or SID), of `default`, or of `all`: everybody's and the default one. Empty for an account without one.

        Raises:
            Missing: the host knows no such account.
            BadRequest: the text can be no account.
        """
        known = self._known()
        if user.lower() == ALL:
            return list(known.values())
        sid = user.lower()
        if sid != DEFAULT and sid not in known:
            sid = self._host.accounts.require(user, self._host.name).sid.lower()
        return [known[sid]] if sid in known else []

    def key(self, profile: Profile, path: str) -> Key | None:
        """A key of a profile's hive; None if there is none.

        Raises:
            ApplyFailed: the hive can't be loaded.
        """
        if profile.loaded:
            return self._host.registry.key(f"{profile.root}\\{path}")
        if (profile.sid, path) not in self._keys and profile.sid not in self._failed:
            self._fetch([(profile, path)])
        if profile.sid in self._failed:
            raise ApplyFailed(
                f"The registry hive {profile.hive} on {self._host.name} can't be loaded, perhaps because another program holds it "
                f"or its user is just logging on; reg.exe said: {self._failed[profile.sid]}"
            )
        return self._keys[profile.sid, path]

    def write(self, profile: Profile, path: str, value: RegistryValue) -> None:
        """Set one value, making its key first.

        Raises:
            BadRequest: it can't be written on a command line.
            ApplyFailed: Windows refuses.
        """
        if profile.loaded:
            self._host.registry.write(f"{profile.root}\\{path}", value)
        else:
            self._run_write(profile, HiveLine(profile.ours, profile.hive).add(path, value), path)

    def delete(self, profile: Profile, path: str, name: str) -> None:
        """Delete one value that is there."""
        if profile.loaded:
            self._host.registry.delete(f"{profile.root}\\{path}", name)
        else:
            self._run_write(profile, HiveLine(profile.ours, profile.hive).delete(path, name), path)

    def _run_write(self, profile: Profile, line: HiveLine, path: str) -> None:
        answer = self._run([line])[0]
        self._tell_leftover(profile, answer)
        if not answer.loaded:
            raise ApplyFailed(f"The registry hive {profile.hive} on {self._host.name} can't be loaded; reg.exe said: {answer.said}")
        if None in answer.sections:
            raise ApplyFailed(f"Windows refused to change {path} in the registry hive {profile.hive} on {self._host.name}.")

    def _fetch(self, wanted: Iterable[tuple[Profile, str]]) -> None:
        """Read what is wanted with all that is expected, one command line for as many hives as it takes."""
        paths: dict[Profile, dict[str, None]] = {}
        for profile, path in [*wanted, *self._resolved()]:
            if profile.loaded:
                self._host.registry.expect(f"{profile.root}\\{path}")
            elif (profile.sid, path) not in self._keys:
                paths.setdefault(profile, {})[path] = None
        lines = []
        for profile, below in paths.items():
            lines += [(profile, HiveLine(profile.ours, profile.hive).query(part)) for part in _parts(list(below))]
        for (profile, line), answer in zip(lines, self._run([line for _profile, line in lines]), strict=True):
            self._keep(profile, line, answer)

    def _resolved(self) -> Iterator[tuple[Profile, str]]:
        """What is expected, by profile; an account that can't be found is told when it is asked for."""
        expected, self._expected = list(self._expected), {}
        for user, path in expected:
            try:
                yield from ((profile, path) for profile in self.profiles(user) if profile.kept)
            except StateError:
                continue

    def _keep(self, profile: Profile, line: HiveLine, answer: Answer) -> None:
        if not answer.loaded:
            self._failed[profile.sid] = answer.said
            return
        if not answer.unloaded and not answer.still:
            raise ApplyFailed(f"Somebody else unloaded the registry hive {profile.hive} on {self._host.name} while it was read; run the play again.")
        self._tell_leftover(profile, answer)
        for path, text in zip(line.paths, answer.sections, strict=True):
            self._keys[profile.sid, path] = None if text is None else Key.parse(text, f"HKU\\{profile.ours}\\{path}")

    def _tell_leftover(self, profile: Profile, answer: Answer) -> None:
        if answer.loaded and not answer.unloaded and answer.still:
            note = f"the registry hive {profile.hive} stays loaded as HKU\\{profile.ours}, because a program has it open; the next run unloads it"
            if note not in self._host.told:
                self._host.tell(note)

    def _run(self, lines: Sequence[HiveLine]) -> list[Answer]:
        answers: list[Answer] = []
        leftovers = self._leftovers()
        for batch in batches(lines):
            done = self._host.cmd(batch.text(leftovers), time_limit=_MINUTES)
            answers += batch.answers(done.stdout, self._host.name)
            leftovers = []
        return answers

    def _leftovers(self) -> list[str]:
        """Hives of ours that a run left loaded."""
        return [name for name in self._loaded() if name.lower().startswith(PREFIX.lower())]

    def _loaded(self) -> list[str]:
        listed = self._host.registry.command(_LOADED) or ""
        return [line.strip().partition("\\")[2] for line in listed.splitlines() if "\\" in line]

    def _known(self) -> Mapping[str, Profile]:
        """The profiles by lower-case SID."""
        profile_list = self._host.registry.key(PROFILE_LIST, recursive=True)
        if profile_list is None:
            raise Missing(f"{self._host.name} has no list of profiles in its registry ({PROFILE_LIST}).")
        loaded = {name.lower() for name in self._loaded()}
        found = {sid: self._profile(sid, key, loaded) for sid, key in profile_list.subkeys.items() if _PERSON.fullmatch(sid)}
        folder = self._host.expand(str(profile_list.data("Default") or "%SystemDrive%\\Users\\Default"))
        return {**found, DEFAULT: Profile(DEFAULT, folder, loaded=False)}

    def _profile(self, sid: str, key: Key, loaded: set[str]) -> Profile:
        state, central = key.data("State"), key.data("CentralProfile")
        bits = state if isinstance(state, int) else 0
        folder = self._host.expand(str(key.data("ProfileImagePath") or ""))
        return Profile(sid.upper(), folder, sid in loaded, kept=not bits & (_MANDATORY | _TEMPORARY), roams=bool(central))


def _parts(paths: list[str], most: int = 12) -> Iterator[list[str]]:
    """Few enough keys for one line, however long their paths are."""
    for start in range(0, len(paths), most):
        yield paths[start : start + most]
