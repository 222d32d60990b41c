#!/usr/bin/env bash
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs "ansible-test sanity". ansible-test only works in a folder .../ansible_collections/NAMESPACE/NAME that is no link, so it gets
# a copy of what git tracks or would track, tests included, without .tree: that is a link back to the checkout.
# What it downloads stays in .cache/ansible-test, which makes the second run quick.
# Usage: tools/sanity.sh [more arguments for ansible-test sanity]      The environment's bin folder must be in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD/.cache/ansible-test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
collection=$work/ansible_collections/uamops/netwrix_auditor

copy_checkout() {
  mkdir -p "$collection"
  git ls-files --cached --others --exclude-standard -z -- ':!.tree' |
    while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done |
    xargs -0 cp --parents --target-directory="$collection"
  git -C "$collection" init --quiet
  git -C "$collection" add --all
}

# ansible-test keeps environments in the home folder: it gets one of its own, with the user's settings of pip.
make_home() {
  mkdir -p "$home/.ansible/test/cache" "$home/.config"
  for settings in .config/pip .pip .netrc; do
    if [[ -e $HOME/$settings && ! -e $home/$settings ]]; then
      ln -s "$HOME/$settings" "$home/$settings"
    fi
  done
}

# ansible-test would fetch get-pip.py from a server of its own, which a machine behind a package mirror can't reach.
# Python brings a pip along that installs the wanted version.
provide_get_pip() {
  local package version
  package=$(python -c 'import ansible_test; print(ansible_test.__path__[0])')
  for version in $(grep -rhoE "\bpip='[0-9.]+'" "$package/_internal/python_requirements.py" | grep -oE '[0-9.]+' | tr . _); do
    cat >"$home/.ansible/test/cache/get_pip_$version.py" <<'PYTHON'
import subprocess
import sys

wanted = [argument for argument in sys.argv[1:] if not argument.startswith("--no-")]
subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", *wanted])
PYTHON
  done
}

copy_checkout
make_home
provide_get_pip
python_version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
cd "$collection"
HOME=$home PYTHONPATH='' ANSIBLE_CONFIG='' ansible-test sanity --local --python "$python_version" --color no "$@"
