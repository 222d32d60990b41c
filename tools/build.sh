#!/usr/bin/env bash
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the collection into .cache/build and imports it as Galaxy would. The importer's warnings are failures here: Galaxy's reviewers read them.
# The environment's bin folder must be in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/.cache/build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$build"
mkdir -p "$build"

ansible-galaxy collection build --force --output-path "$build" .
archive=$(find "$build" -name 'uamops-netwrix_auditor-*.tar.gz')

# It must work from the archive alone.
ansible-galaxy collection install --offline --force --collections-path "$work/collections" "$archive" >"$work/install.log" 2>&1 ||
  { cat "$work/install.log"; exit 1; }
(cd "$work" && ANSIBLE_CONFIG='' ANSIBLE_COLLECTIONS_PATH=$work/collections PYTHONPATH='' \
  ansible-playbook -i localhost, --syntax-check uamops.netwrix_auditor.site uamops.netwrix_auditor.compliance)
# The page's template is no Python file and has to be in the archive too.
(cd "$work" && PYTHONPATH=$work/collections python -c '
from datetime import UTC, datetime
from ansible_collections.uamops.netwrix_auditor.plugins.plugin_utils._report import Fleet, collection_version, render_html
about = {"title": "Build", "playbook": "build", "mode": "check", "collection_version": collection_version()}
assert "</html>" in render_html(Fleet().document(about, datetime.now(UTC), None)) and about["collection_version"]
')

export GALAXY_IMPORTER_RUN_FLAKE8=true GALAXY_IMPORTER_CHECK_REQUIRED_TAGS=true GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER=false
(cd "$work" && ANSIBLE_CONFIG='' PYTHONPATH='' python -m galaxy_importer.main "$archive") >"$work/import.log" 2>&1 ||
  { cat "$work/import.log"; exit 1; }
if grep -E '^(WARNING|ERROR)' "$work/import.log"; then
  echo "galaxy-importer has warnings, see above." >&2
  exit 1
fi
echo "Built ${archive#"$PWD"/}, imported without a warning."
