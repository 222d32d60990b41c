# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of computers and accounts, addresses, ports, ids and versions: what may be given, and when two of them are the same.

This plugin util is PRIVATE: for use inside this collection only.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from .._plan import BadRequest

# Letters, digits, hyphens, underscores and dots: DNS and NetBIOS names that a command line can hold unharmed.
_HOST = re.compile(r"(?=.{1,255}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
_NETBIOS_LENGTH = 15


def checked_address(text: str, what: str) -> str:
    """A host name or IP address as it may stand in a command line.

    Raises:
        BadRequest: it is neither.
    """
    if not is_address(text) and not _HOST.fullmatch(text):
        raise BadRequest(f"{what} {text!r} is neither the name of a computer nor an IP address.")
    return text


def checked_port(number: int, what: str) -> int:
    """A TCP port.

    Raises:
        BadRequest: it is none.
    """
    if not 0 < number < 65536:
        raise BadRequest(f"{what} {number} is no TCP port (1 to 65535).")
    return number


def checked_seconds(number: int, what: str) -> int:
    """A time in seconds, up to an hour.

    Raises:
        BadRequest: it is not.
    """
    if not 0 <= number <= 3600:
        raise BadRequest(f"{what} {number} is no time between 0 and 3600 seconds.")
    return number


def is_address(text: str) -> bool:
    """True for an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def same_computer(one: str, other: str) -> bool:
    """True if two names, full or not, can be of one computer; two full names have to be the same, two addresses too."""
    one, other = one.strip().lower().rstrip("."), other.strip().lower().rstrip(".")
    if one == other or is_address(one) or is_address(other):
        return one == other and bool(one)
    first, second = one.partition("."), other.partition(".")
    if first[2] and second[2]:
        return False
    # A NetBIOS name is the first 15 characters of a longer one.
    short = min(len(first[0]), len(second[0]))
    return first[0] == second[0] or (short == _NETBIOS_LENGTH and first[0][:short] == second[0][:short])


def same_account(wanted: str, domain: str, name: str, computer: str) -> bool:
    r"""True if `wanted` (`DOMAIN\name`, `name@domain`, `.\name`) is the account `name` of `domain`; a full name of a domain begins with its short one."""
    given_domain, given_name = split_account(wanted)
    given_domain = computer if given_domain == "." else given_domain
    return given_name.lower() == name.lower() and given_domain.partition(".")[0].lower() == domain.partition(".")[0].lower()


def split_account(text: str) -> tuple[str, str]:
    """Domain and name.

    Raises:
        BadRequest: there is no domain in it.
    """
    domain, backslash, name = text.partition("\\")
    if not backslash:
        name, _at, domain = text.rpartition("@")
    if not domain.strip() or not name.strip():
        raise BadRequest(f"data_account {text!r} must be written as DOMAIN\\name, name@domain or a SID; a managed service account's name ends with $.")
    return domain, name


def plain_id(text: str) -> str:
    """An agent's id in a form to compare."""
    return text.strip().strip("{}").lower()


def version_of(text: str) -> tuple[int, ...]:
    """`10.7.13645` as numbers to compare, zeros at the end left out; empty for what holds no version."""
    match = re.match(r"\s*(\d+(?:\.\d+)*)", text)
    numbers = [int(part) for part in match[1].split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
