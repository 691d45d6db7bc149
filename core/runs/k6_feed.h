// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/k6_metrics.h"

#include <QByteArray>
#include <QJsonValue>

namespace cachedeck::runs {

/// Reads what k6's dashboard records while it runs: a JSON object a line, {"event": "snapshot", "data": …}. Values come as arrays, in the order of all metrics' names that were
/// announced so far. The other side may be broken or hostile: what is no event, too long or unknown is passed over and counted, and memory stays bounded.
class K6Feed {
 public:
  static constexpr qsizetype longestLine = 4 << 20;
  static constexpr std::size_t mostMetrics = 5000, mostSeconds = 10'000;

  /// Pieces as they come, cut anywhere.
  void read(const QByteArray& piece);
  /// The run as far as the feed tells. Its state and end are not the feed's matter.
  const load::RunFigures& figures() const { return m_figures; }
  /// k6 has said that the run began.
  bool started() const { return m_figures.startedMs > 0; }
  /// Whether there is something new since the last call.
  bool takeChange() { return std::exchange(m_changed, false); }
  /// Lines that were no event, or did not fit what was announced.
  qint64 passedOver() const { return m_passedOver; }
  /// Seconds beyond mostSeconds are not kept: percentiles of several cannot be put together.
  bool secondsLeftOut() const { return m_secondsLeftOut; }

 private:
  enum class Type { Unknown, Counter, Gauge, Rate, Trend };
  struct EventRow;
  static const EventRow events[];
  static Type typeOf(const QString& name);
  void line(const QByteArray& text);
  bool param(const QJsonValue& data);
  bool metric(const QJsonValue& data);
  bool start(const QJsonValue& data);
  bool stop(const QJsonValue& data);
  bool snapshot(const QJsonValue& data);
  bool cumulative(const QJsonValue& data);
  bool threshold(const QJsonValue& data);
  std::optional<K6Metrics> metricsOf(const QJsonValue& data) const;
  std::int64_t sinceStart(const K6Metrics& metrics);

  load::RunFigures m_figures;
  std::map<std::string, Type> m_metrics;  ///< sorted by bytes, as k6 sorts them
  std::map<Type, std::vector<std::string>> m_aggregates{{Type::Counter, {"count", "rate"}}, {Type::Gauge, {"value"}}, {Type::Rate, {"rate"}},
                                                        {Type::Trend, {"avg", "max", "med", "min", "p(90)", "p(95)", "p(99)"}}};
  QByteArray m_line;
  std::int64_t m_periodMs = 1000;
  qint64 m_passedOver = 0;
  bool m_skipping = false, m_changed = false, m_secondsLeftOut = false;
  bool m_lost = false;  ///< too many metrics: positions mean nothing any more
};

}  // namespace cachedeck::runs
