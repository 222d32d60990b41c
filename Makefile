# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every target makes the environment that it needs by itself. CI calls these same targets.
#   PYTHON=python3.12        another Python for .venv (3.11 or newer)
#   ANSIBLE_CORE='~=2.20.0'  another ansible-core
#   VENV=folder              another place for the environment
SHELL := /bin/bash
VENV ?= .venv
BIN := $(abspath $(VENV))/bin
READY := $(VENV)/.installed
LAB := .lab

# Started programs find the environment's own commands first, the collection and the simulator.
export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export PYTHONPATH := $(CURDIR)/.tree:$(CURDIR)/tests
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help venv demo lab lab-stop test unit molecule bench document lint format sanity build clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.txt requirements-dev.txt tools/make_venv.sh
	@PYTHON='$(PYTHON)' ANSIBLE_CORE='$(ANSIBLE_CORE)' tools/make_venv.sh $(VENV)

venv: $(READY) ## Make the environment and nothing else

demo: $(READY) ## See it work: roll out, upgrade, move, remove; tamper, find the drift, repair, report (simulated hosts, 2 minutes)
	@python tools/demo.py

lab: $(READY) ## Start the simulated fleet in the background and say how to use it
	@python tools/lab.py start --state $(LAB)

lab-stop: $(READY) ## Stop the simulated fleet
	@python tools/lab.py stop --state $(LAB)

test: molecule unit ## Everything: roles by Molecule, then unit, protocol and module tests

unit: $(READY) ## Unit, protocol and module tests (PYTEST='-k name' chooses)
	@[[ $$UAMOPS_TEST_KERBEROS == 1 ]] || echo "Kerberos tests are left out: UAMOPS_TEST_KERBEROS=1 is not set, they need krb5kdc and compiled libraries (CONTRIBUTING.md)."
	@[[ $$UAMOPS_TEST_TOOLS == 1 ]] || echo "Tests with smbd, osslsigncode, msitools and Chromium are left out: UAMOPS_TEST_TOOLS=1 is not set (CONTRIBUTING.md)."
	@pytest -n auto --dist loadfile $(PYTEST)

molecule: $(READY) ## The roles against simulated hosts: check mode, converge, idempotence, verify, an agent's life
	@molecule test --all --no-command-borders

bench: $(READY) ## Measure: a drift check beside the usual modules, a report of 5,000 hosts (Chromium for the page), a package to 50 hosts (needs smbd and root)
	@python benchmarks/compliance.py
	@echo
	@python benchmarks/report.py
	@echo
	@python benchmarks/delivery.py

document: $(READY) ## Write the documentation of desired_state anew, from that of the other modules
	@python tools/document_desired_state.py

lint: $(READY) ## Style, types, Ansible's rules, documentation, changelog, licences
	ruff check .
	ruff format --check .
	cd .tree && mypy --config-file ../pyproject.toml ansible_collections/uamops/netwrix_auditor/plugins
	mypy tests tools benchmarks
	yamllint --strict .
	ansible-lint --offline --strict
	python tools/document_desired_state.py --check
	cd .tree/ansible_collections/uamops/netwrix_auditor && antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck --validate-collection-refs=all .
	antsibull-changelog lint
	reuse --suppress-deprecation lint --quiet

format: $(READY) ## Format the Python files
	ruff format .
	ruff check --fix .

sanity: $(READY) ## ansible-test sanity, in a copy where ansible-test accepts it
	@tools/sanity.sh

build: $(READY) ## Build the collection and import it as Galaxy would
	@tools/build.sh

clean: ## Remove everything that make has made
	rm -rf $(VENV) $(LAB) .cache .ansible .mypy_cache .pytest_cache .ruff_cache tests/output *.tar.gz
