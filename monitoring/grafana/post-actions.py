#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts actions of operators into Grafana, where the dashboards mark them.

  cachedeck journal export --format json | GRAFANA_TOKEN=… post-actions.py http://127.0.0.1:3000 [SECONDS]

Posts what the journal has of the last SECONDS (3600); run it as often as that, from cron. The token is that of a service account
with the role Editor."""
import json
import os
import sys
import time
import urllib.request


def annotation(entry):
    lines = [entry["text"]] if entry.get("text") else []
    lines.append(f"{entry['user']} on {entry['where'] or entry['profile']}")
    if entry.get("outcome"):
        lines.append(entry["outcome"])
    return {
        "time": entry["wall_ms"],
        "tags": ["cachedeck", "operator", entry["action"]],
        "text": f"{entry['action']} {entry['phase']}".strip() + "\n" + "\n".join(lines),
    }


def main():
    if len(sys.argv) not in (2, 3) or not os.environ.get("GRAFANA_TOKEN"):
        sys.exit(__doc__)
    since = (time.time() - int(sys.argv[2] if len(sys.argv) == 3 else 3600)) * 1000
    posted = 0
    for entry in json.load(sys.stdin):
        if entry["wall_ms"] <= since:
            continue
        request = urllib.request.Request(
            sys.argv[1].rstrip("/") + "/api/annotations",
            json.dumps(annotation(entry)).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["GRAFANA_TOKEN"]},
        )
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except OSError as problem:
            sys.exit(f"{sys.argv[1]} took {posted} actions and not the next one: {problem}")
        posted += 1
    print(f"{posted} actions posted.")


main()
