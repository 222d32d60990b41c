#!/usr/bin/env bash
# Copyright (c) 2026 The uamops.netwrix_auditor authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the simulated host's stand-in packages (tests/simulator/packages/*.msi) from their sources. Needed only after a source has changed:
# the packages are in the repository. Needs wixl and msibuild (Debian: apt-get install wixl msitools). Only the creation times differ from build to build.
set -euo pipefail
cd "$(dirname "$0")/../tests/simulator/packages"
packages=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -- *.wxs "$work"
cd "$work" # wixl finds relative sources only from their folder

# A stand-in for a program of some kB: program NAME VERSION
program() { { printf 'MZ'; for line in {1..60}; do printf 'Stand-in for tests: %s %s, line %02d\r\n' "$1" "$2" "$line"; done; } >"$1"; }

# What wixl can't say itself, the package code and changes of the tables: finish FILE NUMBER PLATFORM [SQL]...
finish() {
  local file=$1 code
  code=$(printf '{5C6BE3B5-31A0-4B7D-FFFF-%012X}' "$2")
  msibuild "$file" -s 'Stand-in for tests' 'The uamops.netwrix_auditor authors' "$3" "$code"
  for sql in "${@:4}"; do msibuild "$file" -q "$sql"; done
  cp "$file" "$packages/"
}

# agent FILE VERSION NUMBER-OF-PRODUCT NUMBER-OF-PACKAGE ARCHITECTURE [SQL]...
agent() {
  local file=$1 version=$2 architecture=$5 folder=ProgramFilesFolder permanent=16 wide=no family=0032 platform=Intel
  if [ "$architecture" = x64 ]; then folder=ProgramFiles64Folder permanent=272 wide=yes family=0064 platform=x64; fi
  program UAVRAgent.exe "$version"
  wixl -o "$file" -a "$architecture" -D "Version=$version" -D "ProductCode=$(printf '{5C6BE3B5-31A0-4B7D-%s-%012d}' "$family" "$3")" \
    -D "ProgramFiles=$folder" -D "Win64=$wide" -D "Family=$family" agent.wxs
  finish "$file" "$4" "$platform;1033" "UPDATE File SET Version='$version.0', Language='1033' WHERE File='AgentFile'" \
    "UPDATE Property SET Value='UAVR_SERVERNAME;UAVR_SERVERPORT;WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED' WHERE Property='SecureCustomProperties'" \
    "UPDATE Component SET Attributes=$permanent WHERE Component='DataComponent'" "${@:6}"
}

# other FILE SOURCE NUMBER-OF-PACKAGE LANGUAGE CODE-PAGE [SQL]... (wixl stores letters but never names their code page)
other() {
  printf 'Stand-in for tests: %s\r\n' "$1" >test.txt
  wixl -o "$1" -a x86 "$2"
  printf '\r\n\r\n%s\t_ForceCodepage\r\n' "$5" >_ForceCodepage.idt
  msibuild "$1" -i _ForceCodepage.idt
  finish "$1" "$3" "Intel;$4" "${@:6}"
}

agent UACoreSvcSetup-10.6.0.msi 10.6.0 1060 1 x86
agent UACoreSvcSetup-10.7.0.msi 10.7.0 1070 2 x86
agent UACoreSvcSetup-10.8.0.msi 10.8.0 1080 3 x86
agent UACoreSvcSetup-10.7.1-minor.msi 10.7.1 1070 4 x86
agent UACoreSvcSetup-10.8.0-x64.msi 10.8.0 1080 5 x64
agent UACoreSvcSetup-10.7.0-broken.msi 10.7.0 1079 6 x86 \
  "INSERT INTO CustomAction (Action, Type, Target) VALUES ('FailOnPurpose', 19, 'This package fails on purpose.')" \
  "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('FailOnPurpose', 'NOT REMOVE', 5950)"
other LikeNamed-1.0.msi like_named.wxs 7 1033 1252
other Umlauts-1.0.msi umlauts.wxs 8 1031 1252 "UPDATE Registry SET Value='#%[#MainFile]' WHERE Name='Datei'" # wixl forgets the #%
other Japanese-1.0.msi japanese.wxs 9 1041 932 "UPDATE Property SET Value='検査用パッケージ' WHERE Property='ProductName'" \
  "UPDATE Property SET Value='ソフト工業' WHERE Property='Manufacturer'"
ls -l "$packages"/*.msi
