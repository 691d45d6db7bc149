#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the packages of the named lists that are missing (Debian and its relatives):
#   install.sh build runtime sandbox test
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

wanted=()
for list in "$@"; do
  while read -r package; do wanted+=("$package"); done < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$here/$list.txt")
done

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = ii ]; }

is_known() { apt-cache show "$1" >/dev/null 2>&1; }

# Where releases differ, a line names alternatives: one|other. The first that the release has is wanted.
missing=()
for names in "${wanted[@]}"; do
  found=
  for package in ${names//|/ }; do
    if is_installed "$package"; then found=1; break; fi
    if is_known "$package"; then break; fi
  done
  [ -n "$found" ] || missing+=("$names")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "These packages are missing and there is no apt-get to install them: ${missing[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Run this as root, or install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} packages: ${missing[*]}"

# The servers are only wanted as programs: Debian must not start them on their default ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
for i in "${!missing[@]}"; do
  for package in ${missing[$i]//|/ }; do
    if is_known "$package"; then missing[$i]=$package; break; fi
  done
done
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
