# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Locks between the processes of one user on this controller: Ansible's forks, and plays that run at the same time.

The kernel holds them (flock), so that they end with the process that has them, however it ends.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .._plan import BadRequest

_PAUSE = 0.1
"""Seconds between two looks for a free slot; only the first in the queue looks."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the file `path`, which is made if it is not there and stays; waits for it.

    Raises:
        BadRequest: the file can't be made.
    """
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def slots(folder: Path, count: int) -> Iterator[None]:
    """Hold one of `count` slots, waiting for it in a queue. Whoever names the same folder shares them.

    Raises:
        BadRequest: `count` is less than 1, or the folder can't be used.
    """
    if count < 1:
        raise BadRequest(f"At least one upload has to be possible at a time, not {count}.")
    with locked(folder / "queue"):
        descriptor = _free(folder, count)
    try:
        yield
    finally:
        os.close(descriptor)


def _free(folder: Path, count: int) -> int:
    """The file of the first slot that nobody holds, locked."""
    while True:
        for number in range(count):
            descriptor = _open(folder / f"slot-{number}")
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return descriptor
        time.sleep(_PAUSE)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadRequest(f"The folder {path.parent} on the controller can't be used for locks: {error.strerror}.") from None
