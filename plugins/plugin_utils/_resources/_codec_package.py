# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What installs a codec: an installer, or an archive with one or with .inf files; how it comes to the host, and its run there.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .._host import Host, batch_quote, check_arguments
from .._plan import ApplyFailed, BadRequest
from ._brought_file import BroughtFile, use_slots
from ._codec_archive import NARROW, choose, companions, listed, view_of

_DONE, _RESTART = (0, 1641, 3010), (1641, 3010)
# The section of the .inf that is installed by hand; 128 stands for it, and for no restart, about which nobody could be asked.
_SECTION = "setupapi.dll,InstallHinfSection DefaultInstall 128"


class CodecPackage:
    """One package; `name` is its file name."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` as the module takes them, `package` among them.

        Raises:
            BadRequest: this can't be a package.
        """
        self._options = options
        self._arguments: str | None = options["arguments"]
        check_arguments(self._arguments or "")
        self._file = BroughtFile(options["package"], options)
        self.name = self._file.name
        self._archive = self.name.lower().endswith(".zip")
        if self._archive and self._file.place not in ("controller", "web"):
            raise BadRequest(f"{self.name} is opened on the controller; give a file of the controller, or an https address with sha256.")
        if not self._archive:
            self._check_installer(self.name)
            if options["installer"]:
                raise BadRequest(f"installer names files inside a .zip, and {self.name} is none.")

    def check(self, views: Sequence[str]) -> None:
        """Look at a file of the controller, and into it, before anything is sent.

        Raises:
            BadRequest: it can't be read, is not the one that is pinned, or has nothing for these views.
        """
        if self._file.place == "controller":
            local = self._file.local()
            if self._archive:
                for name in self._chosen(local, views):
                    companions(local, self.name, name, alone=not name.lower().endswith(".inf"))

    def install(self, host: Host, views: Sequence[str]) -> bool:
        """Bring what is needed for the views that lack the codec, and install it; True if it takes effect with the next restart.

        Raises:
            BadRequest: as `check`.
            ApplyFailed: the host does not take a file, or an installer fails.
        """
        if not self._archive:
            return self._run(host, self._file.bring(host), self.name)
        local = self._file.local()
        chosen = self._chosen(local, views)
        contents = {name: companions(local, self.name, name, alone=not name.lower().endswith(".inf")) for name in chosen}
        restart = False
        for number, name in enumerate(chosen):
            folder = f"{host.staging}\\codec{number}"
            host.prepare_staging()
            host.files.make_folder(folder)
            self._deliver(host, folder, contents[name])
            place = f"{folder}\\{name.rpartition('/')[2]}"
            if name.lower().endswith(".inf"):
                self._set_up(host, place, view_of(name))
            else:
                restart |= self._run(host, place, name)
            host.files.remove_staged(folder)
        return restart

    def _chosen(self, local: Path, views: Sequence[str]) -> tuple[str, ...]:
        chosen = choose(listed(local, self.name), views, self._options["installer"], self.name)
        for name in chosen:
            if not name.lower().endswith(".inf"):
                self._check_installer(name)
        # Of those that are named only the ones for views that lack the codec.
        return tuple(name for name in chosen if not name.lower().endswith(".inf") or view_of(name) in views)

    def _check_installer(self, name: str) -> None:
        if name.lower().endswith(".msi"):
            raise BadRequest(f"{name} is a package of Windows Installer; install it by module msi_package.")
        if not name.lower().endswith(".exe"):
            raise BadRequest(f"{name} is neither a .zip nor an .exe file; an .inf file comes in a .zip with what belongs to it.")
        if self._arguments is None:
            raise BadRequest(
                f"{name} would ask on a screen that nobody sees; give the arguments that keep it quiet (often /S or /VERYSILENT), "
                "or the .inf files of the archive in installer."
            )

    def _deliver(self, host: Host, folder: str, contents: Mapping[str, bytes]) -> None:
        use_slots(host, self._options)
        way = self._options["delivery"]
        with TemporaryDirectory(prefix="uamops-") as temporary:
            for number, (name, data) in enumerate(contents.items()):
                # The controller's own name, never one of the archive.
                local = Path(temporary) / str(number)
                local.write_bytes(data)
                host.files.deliver(local, f"{folder}\\{name}", hashlib.sha256(data).hexdigest(), way)
        host.tell(f"{self.name}: {', '.join(contents)} brought to the host")

    def _set_up(self, host: Host, place: str, view: str) -> None:
        """Install an .inf file; what comes of it is told by the read back alone, as rundll32 has no exit code of its own.

        The rest of its line is the path, without quotation marks.
        """
        narrow_on_wide = view == NARROW and host.system.bits == 64
        program = f"{host.system.directory}\\{'SysWOW64' if narrow_on_wide else 'System32'}\\rundll32.exe"
        host.as_system([f"{batch_quote(program)} {_SECTION} {place}"], self._options["time_limit"], f"install {place.rpartition(chr(92))[2]}")

    def _run(self, host: Host, place: str, name: str) -> bool:
        code = host.as_system([f"{batch_quote(place)} {self._arguments}"], self._options["time_limit"], f"install {name}")
        if code not in _DONE:
            raise ApplyFailed(f"{name} could not install the codec on {host.name} (exit code {code}); try its arguments by hand on one host.")
        if not self._archive:
            self._file.tidy(host, place)
        return code in _RESTART
