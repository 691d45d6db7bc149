#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Our charts against uPlot in headless Chromium: processor time of a refresh of 12 panels × 3 series, by turns in one run.
#   tests/bench/uplot/compare.sh build/bench/bin/bench_charts [xcb|offscreen]
# Run by hand, about five minutes. Needs chromium, npm and node 18; and Xvfb for xcb, the default. Everything else goes to a
# temporary folder and is removed, everything started is stopped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
usage() { echo "usage: compare.sh BENCH_CHARTS [xcb|offscreen]" >&2; exit 2; }
[ $# -ge 1 ] && [ $# -le 2 ] || usage
ours=$(realpath -e "$1")
platform=${2:-xcb}

needed=(chromium npm node)
case $platform in
  xcb) needed+=(Xvfb) ;;
  offscreen) ;;
  *) usage ;;
esac
for program in "${needed[@]}"; do
  command -v "$program" >/dev/null || { echo "$program is missing. On Debian: apt-get install chromium npm xvfb" >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cp "$here"/package.json "$here"/package-lock.json "$folder"
npm --prefix "$folder" ci --silent --ignore-scripts --no-audit --no-fund --no-update-notifier
# In the background and waited for, so that a signal reaches both.
node "$here/compare.mjs" "$ours" "$platform" "$folder" &
child=$!
trap 'kill $child 2>/dev/null || true; wait $child || true; exit 130' INT TERM
wait $child
