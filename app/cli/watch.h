// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"

#include <QJsonObject>
#include <QMap>
#include <QString>

#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace cachedeck {

/// The newest figures of all sources, for `watch` and for the offscreen run of ./run.
class LiveFigures {
 public:
  void update(const QString& sourceId, const Sample& sample);
  void update(const QString& sourceId, const QString& title, const SourceState& state);

  /// {"time": ISO 8601, "sources": {id: {"state", "endpoint", "version", "sampled_at", "round_trip_seconds", "error",
  /// "notes", "metrics": {id: number or null}}}}. A metric that was not measured is null.
  QJsonObject toJson(qint64 nowMs) const;
  /// A block of lines for people: one line a source, its figures below.
  QString toText(qint64 nowMs) const;

 private:
  struct Entry {
    QString title;
    SourceState state;
    std::map<QLatin1String, double> values;
  };
  std::map<QString, Entry> m_sources;
};

struct WatchOptions {
  bool json = false;
  std::chrono::milliseconds every{1000};
  int count = 0;  ///< 0 = until stopped
};

/// Polls the sources and prints their figures on standard output until `count` is reached or SIGINT, SIGTERM comes.
/// Returns 0 when all sources were live at the end, 1 when some were, or nothing more could be printed, 3 when none could be reached.
int watchSources(const QMap<QString, SourceSettings>& settings, const WatchOptions& options);

}  // namespace cachedeck
