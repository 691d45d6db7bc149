// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/doctor/finding.h"
#include "core/sources/source.h"

#include <QMap>
#include <QStringList>

#include <chrono>
#include <stop_token>

namespace cachedeck::doctor {

/// What an examination may be told besides the servers.
struct Options {
  QString serviceUrl;  ///< of the service, with user and password where it wants them; empty: it is not asked
  /// Between two looks at the counters of Redis, most of which passes while the other servers are asked.
  std::chrono::milliseconds watchFor{2000};
  std::chrono::seconds warmUp{600};  ///< a cache that is younger is cold: a low hit rate is no warning then
  /// "host:port" where an exporter is looked for that is no target, by kind ("redis", "postgres"); without an entry the server's host and the usual port.
  QMap<QString, QString> exporters;
};

struct Report {
  Findings findings;    ///< the severest first
  QStringList looked;   ///< what was looked at: "Redis 7.0.15 at 127.0.0.1:6379"
  QStringList missing;  ///< a sentence for each thing that could not be looked at

  bool isHealthy() const;  ///< nothing above info
};

/// Asks every source once and lets all checks look. Blocks for a few seconds, for a Worker; a server that is down costs at most 5 s, one that answers slowly at most 15 s.
/// Never fails: what cannot be reached is a finding or a sentence. Looks up no key and writes nothing, so that no figure is bent. `looked` is empty where nothing was reached.
Report examine(const QMap<QString, SourceSettings>& sources, const Options& options, const Clock& clock, const std::stop_token& stop);

}  // namespace cachedeck::doctor
