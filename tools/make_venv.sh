#!/usr/bin/env bash
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the environment that every other make target runs in.
# Usage: tools/make_venv.sh FOLDER
#   PYTHON        the Python to use; without it the first of python3.11, 3.12, 3.13 and python3 that is new enough
#   ANSIBLE_CORE  another ansible-core than requirements-dev.txt pins, as pip's version specifier: ANSIBLE_CORE="~=2.20.0"
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1

say_and_stop() {
  printf 'make: %s\n' "$1" >&2
  exit 1
}

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  for candidate in python3.11 python3.12 python3.13 python3; do
    if new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  say_and_stop "Python 3.11 or newer is needed and was not found. Name one: make PYTHON=/path/to/python3.11 ..."
}

if [[ -n ${PYTHON:-} ]]; then
  new_enough "$PYTHON" || say_and_stop "PYTHON=$PYTHON does not run or is older than 3.11."
else
  PYTHON=$(find_python)
fi

if [[ ! -x $venv/bin/pip ]]; then
  echo "Making $venv with $("$PYTHON" --version) (once, about a minute) ..."
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
    say_and_stop "this Python has no venv module. On Debian and Ubuntu: apt install python3-venv"
  "$PYTHON" -m venv --clear "$venv"
fi

"$venv/bin/pip" install -qq --disable-pip-version-check -r requirements-dev.txt
if [[ -n ${ANSIBLE_CORE:-} ]]; then
  "$venv/bin/pip" install -qq --disable-pip-version-check "ansible-core${ANSIBLE_CORE}"
fi
touch "$venv/.installed"
