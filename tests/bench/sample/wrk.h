// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

/// A run of wrk, as its script (wrk.lua) reported it.
struct WrkRun {
  double requestsPerSecond = 0;
  double meanMs = 0, p95Ms = 0, p99Ms = 0;  ///< of what was measured, without what wrk adds to it (wrk.lua); checked against the rate
  double hits = 0, requests = 0, errors = 0;
};

/// wrk with one thread and `connections` closed-loop users, cycling through the paths; `meanwhile` is called every 0.5 s.
WrkRun runWrk(const QString& base, const QStringList& paths, const QString& authorization, int connections, int seconds,
              const std::function<void()>& meanwhile = {});

/// User and system time of a process so far, seconds.
double cpuSeconds(qint64 pid);
