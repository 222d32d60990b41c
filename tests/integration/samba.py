# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An SMB server for simulated hosts: Debian's smbd shares their drives as C$ and ADMIN$, on loopback only.

Its configuration, passwords and state are in one folder; nothing of a Samba that this machine may have is read or written. One smbd serves all
hosts: it tells them apart by the address that the client connected to. Samba wants a Unix account behind every name, so the fleet's accounts borrow
the system's own (daemon, bin ...); all files are read and written as the user who started the server. What of it differs from Windows is in
tests/simulator/FIDELITY.md.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simulator.windows import Account, Windows
from simulator.windows.shares import own_shares

SECONDS = 20.0
PROGRAM_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
SERVED, DENIED, OFF = "served", "denied", "off"
STATES = (SERVED, DENIED, OFF)

GLOBAL = """\
[global]
  workgroup = WORKGROUP
  server role = standalone server
  netbios name = SIMULATOR
  disable netbios = yes
  smb ports = {port}
  interfaces = {addresses}
  bind interfaces only = yes
  hosts allow = 127.
  private dir = {folder}/private
  state directory = {folder}/state
  cache directory = {folder}/cache
  lock directory = {folder}/lock
  pid directory = {folder}/pid
  ncalrpc dir = {folder}/ncalrpc
  binddns dir = {folder}/binddns
  usershare path =
  log file = {folder}/smbd.log
  passdb backend = tdbsam:{folder}/private/passdb.tdb
  username map = {folder}/users.map
  map to guest = never
  server min protocol = SMB2_02
  server max protocol = SMB3_11
  server signing = auto
  load printers = no
  printcap name = /dev/null
  disable spoolss = yes
  rpc start on demand helpers = no
  include = {folder}/hosts/%i.conf
"""
SHARE = """\
[{name}]
  path = {path}
  browseable = no
  read only = no
  {who}
  force user = {runner}
  create mask = 0777
  directory mask = 0777
  case sensitive = no
  preserve case = yes
  store dos attributes = no
  map archive = no
  map hidden = no
  map system = no
  map readonly = yes
  nt acl support = no
  oplocks = no
  level2 oplocks = no
  wide links = no
"""


@dataclass(frozen=True)
class SmbServer:
    """A server in operation on ``port`` of every address of ``addresses``; ``log`` is its log file."""

    port: int
    addresses: Sequence[str]
    log: Path


def unavailable() -> str | None:
    """Why this machine can't serve SMB, None if it can."""
    missing = [name for name in ("smbd", "smbpasswd") if shutil.which(name, path=PROGRAM_PATH) is None]
    if missing:
        return f"{' and '.join(missing)} not found: install Debian's samba"
    if os.geteuid() != 0:
        return "smbd changes between users and must be started by root"
    return None


@contextmanager
def serve_smb(hosts: Iterable[Windows], folder: Path, port: int) -> Iterator[SmbServer]:
    """Share the drives of hosts; all that smbd writes goes to ``folder`` (made if missing). Raises RuntimeError if it can't.

    A host's option ``smb`` is ``served`` (default), ``denied`` (accounts are known, the shares refuse them) or ``off`` (nobody listens at its
    address); ``admin_shares: false`` leaves the shares out. Administrators with a live token may connect; who is no administrator, or a
    local one whose token is cut down, is refused at the share, and a wrong name or password at the login.
    """
    if reason := unavailable():
        raise RuntimeError(reason)
    served = [host for host in hosts if state_of(host) != OFF]
    if not served:
        raise RuntimeError("no host has SMB switched on")
    _configure(served, folder, port)
    command = [_program("smbd"), "--foreground", "--no-process-group", f"--configfile={folder}/smb.conf", "--debuglevel=1"]
    with (folder / "smbd.out").open("wb") as output:
        # A session of its own: its children, one for each connection, are ended with it.
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        for host in served:
            _wait(process, host.address, port, folder)
        yield SmbServer(port, [host.address for host in served], folder / "smbd.log")
    finally:
        _end(process)


def state_of(host: Windows) -> str:
    """A host's option ``smb``; raises ValueError for an unknown word."""
    option = host.options.get("smb", SERVED)
    # YAML reads a bare "off" as false.
    state = {True: SERVED, False: OFF}.get(option, option)
    if state not in STATES:
        raise ValueError(f"{host.name}: smb is one of {', '.join(STATES)}, not {state!r}")
    return str(state)


def _program(name: str) -> str:
    found = shutil.which(name, path=PROGRAM_PATH)
    assert found is not None
    return found


def _configure(hosts: Sequence[Windows], folder: Path, port: int) -> None:
    for name in ("private", "state", "cache", "lock", "pid", "ncalrpc", "binddns", "hosts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    borrowed = _borrowed(hosts)
    # The mask is that of loopback, so that smbd finds the interface of each address.
    addresses = " ".join(f"{host.address}/8" for host in hosts)
    (folder / "smb.conf").write_text(GLOBAL.format(folder=folder, port=port, addresses=addresses), encoding="utf-8")
    lines = [f'{unix} = "{name}"\n' for name, (unix, _password) in borrowed.items()]
    (folder / "users.map").write_text("".join(lines), encoding="utf-8")
    for host in hosts:
        (folder / "hosts" / f"{host.address}.conf").write_text(_shares(host, borrowed), encoding="utf-8")
    for unix, password in borrowed.values():
        command = [_program("smbpasswd"), "-c", str(folder / "smb.conf"), "-s", "-a", unix]
        subprocess.run(command, input=f"{password}\n{password}\n", text=True, capture_output=True, check=True, timeout=SECONDS)


def _borrowed(hosts: Sequence[Windows]) -> Mapping[str, tuple[str, str]]:
    """The Unix account and the password of each account's name, in small letters. Raises RuntimeError if there are too many."""
    passwords: dict[str, str] = {}
    for account in (account for host in hosts for account in host.accounts):
        if passwords.setdefault(account.name.lower(), account.password) != account.password:
            raise RuntimeError(f"two accounts are called {account.name}: Samba here does not look at the domain")
    free = [entry.pw_name for entry in pwd.getpwall() if 0 < entry.pw_uid < 65534 and entry.pw_name.lower() not in passwords]
    if len(free) < len(passwords):
        raise RuntimeError(f"{len(passwords)} accounts need as many Unix accounts; this machine has {len(free)} to borrow")
    return {name: (unix, password) for (name, password), unix in zip(passwords.items(), free, strict=False)}


def _shares(host: Windows, borrowed: Mapping[str, tuple[str, str]]) -> str:
    """The part of the configuration that one address gets."""
    administrators = [] if state_of(host) == DENIED else [borrowed[account.name.lower()][0] for account in host.accounts if _may(account)]
    everyone = [unix for unix, _password in borrowed.values()]
    parts = []
    if host.options.get("admin_shares", True):
        for name, path in (("C$", "C:\\"), ("ADMIN$", r"C:\Windows")):
            parts.append(_share(host, name, path, administrators, everyone))
    for share in own_shares(host.options.get("shares", {})):
        readers = everyone if "Everyone" in share.readers else administrators if "administrators" in share.readers else []
        host.files.make_folder(share.path)
        parts.append(_share(host, share.name, share.path, readers, everyone).replace("read only = no", "read only = yes"))
    return "".join(parts)


def _share(host: Windows, name: str, path: str, allowed: Sequence[str], everyone: Sequence[str]) -> str:
    # An empty list of valid users would let in everybody.
    who = f"valid users = {' '.join(allowed)}" if allowed else f"available = yes\n  invalid users = {' '.join(everyone)}"
    return SHARE.format(name=name, path=host.files.resolve(path), who=who, runner=pwd.getpwuid(os.geteuid()).pw_name)


def _may(account: Account) -> bool:
    return account.elevated


def _wait(process: subprocess.Popen[bytes], address: str, port: int, folder: Path) -> None:
    """Wait until smbd listens; raises RuntimeError with its last words if it does not."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection((address, port), timeout=SECONDS).close()
        except OSError as exc:
            if process.poll() is not None or time.monotonic() > deadline:
                said = (folder / "smbd.out").read_text(encoding="utf-8", errors="replace")[-500:]
                raise RuntimeError(f"smbd does not listen at {address}:{port}: {said}") from exc
            time.sleep(0.05)
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End smbd and its children: the whole group that it leads, and nothing else. Returns when none of them runs any more."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        deadline = time.monotonic() + SECONDS
        # The children may outlive their parent, and are not ours to wait for.
        while (alive := _runs(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not alive:
            break
    process.wait(SECONDS)


def _runs(group: int) -> bool:
    """Whether a process of a group runs; one that has ended and was not yet waited for (state Z or X) does not."""
    for entry in (entry for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        try:
            # proc(5): pid (name) state parent group ...; the name may hold blanks and brackets.
            state, _parent, its_group = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False
