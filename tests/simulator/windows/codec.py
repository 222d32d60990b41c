# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers of Video for Windows in the registry: Windows' own, and the product's codec."""

from __future__ import annotations

from typing import Any

from .registry import Registry, Type

DRIVER = "vidc.spv1"
FILE = "spv1.dll"
_VIEWS = {"64-bit": r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Drivers32"}
_VIEWS_64 = {**_VIEWS, "32-bit": r"SOFTWARE\WOW6432Node\Microsoft\Windows NT\CurrentVersion\Drivers32"}
_OWN = {"vidc.mrle": "msrle32.dll", "vidc.msvc": "msvidc32.dll", "midimapper": "midimap.dll"}


def seed(registry: Registry, bits: int) -> None:
    """What every host has."""
    for path in _views(bits).values():
        for name, file in _OWN.items():
            registry.put("hklm", path, name, Type.REG_SZ, file)


def register(registry: Registry, bits: int, given: Any) -> None:
    """The fleet's option ``codec``: True for all programs, or one of 64-bit and 32-bit; ValueError for anything else."""
    views = _views(bits)
    if given is not True and given not in views:
        raise ValueError(f"codec is true or one of {', '.join(views)}, not {given!r}")
    for view in views if given is True else (given,):
        registry.put("hklm", views[view], DRIVER, Type.REG_SZ, FILE)


def _views(bits: int) -> dict[str, str]:
    return _VIEWS_64 if bits == 64 else {"32-bit": _VIEWS["64-bit"]}
