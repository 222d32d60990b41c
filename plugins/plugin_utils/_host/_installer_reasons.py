# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""msiexec's exit codes in words: what happened and what to do. Source: win32 `Msi/error-codes.md`.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

from collections.abc import Mapping

BUSY = 1618
UNKNOWN_PRODUCT = 1605
NEEDS_REBOOT = (1641, 3010)

REASONS: Mapping[int, str] = {
    5: "access is denied; the account has to be a full administrator of the host",
    1601: "the Windows Installer service can't be reached; see whether service msiserver is disabled",
    1602: "somebody at the host cancelled it",
    1603: "a step of it failed, and what had been done was rolled back",
    1604: "it was suspended and waits for a restart of the host",
    UNKNOWN_PRODUCT: "Windows Installer does not know this product (any more)",
    1612: "Windows Installer needs the original package and no longer has it; install the same version once more from its package, then try again",
    1613: "the package needs a newer Windows Installer than the host has",
    BUSY: "another installation is running on the host and did not end in time (busy_limit); run the play again later",
    1619: "the package could not be opened; the file is not there, or Windows may not read it",
    1620: "Windows does not take the file for an installation package; it may be damaged",
    1622: "the log file could not be opened; see whether its folder can be written",
    1624: "a transform of the package can't be applied",
    1625: "a policy of the host forbids the installation (Windows Installer, AppLocker or software restriction); ask who sets its Group Policy",
    1633: "the package is made for another processor type than the host has",
    1638: "another version of the product is installed, and this package can't replace it; remove that one first",
    1639: "Windows Installer did not understand the command line; look at the names and values of properties",
    1640: "Windows Installer does not install from a remote session here",
    1643: "a policy of the host forbids this patch or package",
    1654: "the package can't be installed on this version of Windows",
}
