// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_feed.h"

#include "core/runs/json_numbers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cachedeck::runs {

namespace {

constexpr qsizetype longestName = 500, mostAggregates = 20, mostThresholds = 500;

/// "start" and "stop" hold the time alone.
std::int64_t timeIn(const QJsonValue& data) { return wholeOf(data[0][0]); }

}  // namespace

struct K6Feed::EventRow {
  const char* name;
  bool (K6Feed::*take)(const QJsonValue& data);
};

const K6Feed::EventRow K6Feed::events[] = {{"param", &K6Feed::param},       {"metric", &K6Feed::metric},         {"start", &K6Feed::start},        {"stop", &K6Feed::stop},
                                           {"snapshot", &K6Feed::snapshot}, {"cumulative", &K6Feed::cumulative}, {"threshold", &K6Feed::threshold}};

K6Feed::Type K6Feed::typeOf(const QString& name) {
  static const std::pair<const char*, Type> types[] = {{"counter", Type::Counter}, {"gauge", Type::Gauge}, {"rate", Type::Rate}, {"trend", Type::Trend}};
  for (const auto& [word, type] : types)
    if (name == QLatin1String(word)) return type;
  return Type::Unknown;
}

void K6Feed::read(const QByteArray& piece) {
  for (qsizetype at = 0; at < piece.size();) {
    const qsizetype end = piece.indexOf('\n', at), until = end < 0 ? piece.size() : end;
    if (!m_skipping) m_line.append(piece.constData() + at, until - at);
    if (m_line.size() > longestLine) {
      m_skipping = true;
      ++m_passedOver;
      m_line = QByteArray();
    }
    if (end >= 0) {
      if (!m_skipping) line(m_line);
      m_skipping = false;
      m_line.clear();
    }
    at = until + 1;
  }
}

void K6Feed::line(const QByteArray& text) {
  if (text.trimmed().isEmpty()) return;
  const QJsonObject event = QJsonDocument::fromJson(text).object();
  const QString name = event[QLatin1String("event")].toString();
  if (name.isEmpty()) {
    ++m_passedOver;
    return;
  }
  for (const EventRow& row : events)
    if (name == QLatin1String(row.name)) {
      if ((this->*row.take)(event[QLatin1String("data")])) m_changed = true;
      else ++m_passedOver;
      return;
    }
  // An event of a later k6: nothing is wrong with it.
}

bool K6Feed::param(const QJsonValue& data) {
  if (!data.isObject()) return false;
  if (const std::int64_t period = wholeOf(data[QLatin1String("period")]); period > 0 && period <= 3'600'000) m_periodMs = period;
  const QJsonObject aggregates = data[QLatin1String("aggregates")].toObject();
  for (auto one = aggregates.begin(); one != aggregates.end(); ++one) {
    const QJsonArray names = one.value().toArray();
    const Type type = typeOf(one.key());
    if (type == Type::Unknown || names.isEmpty() || names.size() > mostAggregates) continue;
    m_aggregates[type].clear();
    for (const QJsonValue& name : names) m_aggregates[type].push_back(name.toString().left(longestName).toStdString());
  }
  const QJsonObject thresholds = data[QLatin1String("thresholds")].toObject();
  m_figures.thresholds.clear();
  for (auto one = thresholds.begin(); one != thresholds.end(); ++one)
    for (const QJsonValue& expression : one.value().toArray())
      if (m_figures.thresholds.size() < mostThresholds)
        m_figures.thresholds.push_back({one.key().left(longestName).toStdString(), expression.toString().left(longestName).toStdString()});
  return true;
}

bool K6Feed::metric(const QJsonValue& data) {
  const QJsonObject metrics = data.toObject();
  for (auto one = metrics.begin(); one != metrics.end(); ++one) {
    m_lost = m_lost || m_metrics.size() >= mostMetrics || one.key().size() > longestName;
    if (m_lost) return false;
    m_metrics.try_emplace(one.key().toStdString(), typeOf(one.value()[QLatin1String("type")].toString()));
  }
  return data.isObject();
}

bool K6Feed::start(const QJsonValue& data) {
  const std::int64_t at = timeIn(data);
  if (at <= 0 || started()) return false;
  m_figures.startedMs = at;
  return true;
}

bool K6Feed::stop(const QJsonValue& data) {
  const std::int64_t at = timeIn(data);
  if (!started() || at < m_figures.startedMs) return false;
  m_figures.elapsedMs = at - m_figures.startedMs;
  return true;
}

std::optional<K6Metrics> K6Feed::metricsOf(const QJsonValue& data) const {
  const QJsonArray rows = data.toArray();
  if (m_lost || rows.isEmpty() || static_cast<std::size_t>(rows.size()) != m_metrics.size()) return std::nullopt;
  K6Metrics metrics;
  qsizetype at = 0;
  for (const auto& [name, type] : m_metrics) {
    const QJsonArray values = rows[at++].toArray();  // empty: no samples
    const auto names = m_aggregates.find(type);
    if (names == m_aggregates.end() || static_cast<std::size_t>(values.size()) != names->second.size()) continue;
    for (qsizetype i = 0; i < values.size(); ++i)
      if (values[i].isDouble()) metrics[name][names->second[static_cast<std::size_t>(i)]] = values[i].toDouble();
  }
  return metrics;
}

std::int64_t K6Feed::sinceStart(const K6Metrics& metrics) {
  const auto time = metrics.find("time");
  const std::int64_t at = time == metrics.end() || time->second.empty() ? 0 : fitted<std::int64_t>(time->second.begin()->second);
  if (at <= 0) return m_figures.elapsedMs;
  if (!started()) m_figures.startedMs = std::max<std::int64_t>(1, at - m_periodMs);
  return std::max<std::int64_t>(0, at - m_figures.startedMs);
}

bool K6Feed::snapshot(const QJsonValue& data) {
  const std::optional<K6Metrics> metrics = metricsOf(data);
  if (!metrics) return false;
  const std::int64_t until = sinceStart(*metrics);
  m_secondsLeftOut = m_secondsLeftOut || m_figures.seconds.size() >= mostSeconds;
  if (!m_secondsLeftOut) m_figures.seconds.push_back(secondOf(*metrics, std::max<std::int64_t>(0, until - m_periodMs), m_periodMs));
  return true;
}

bool K6Feed::cumulative(const QJsonValue& data) {
  const std::optional<K6Metrics> metrics = metricsOf(data);
  if (!metrics) return false;
  m_figures.elapsedMs = std::max(m_figures.elapsedMs, sinceStart(*metrics));
  takeMetrics(*metrics, m_figures);
  for (load::ThresholdVerdict& verdict : m_figures.thresholds) {
    const std::optional<double> reading = thresholdReading(*metrics, verdict.metric, verdict.expression);
    verdict.known = reading.has_value();
    verdict.value = reading.value_or(0);
    verdict.passed = true;  // a threshold event follows where it does not
  }
  return true;
}

bool K6Feed::threshold(const QJsonValue& data) {
  if (!data.isObject()) return false;
  const QJsonObject failing = data.toObject();
  for (load::ThresholdVerdict& verdict : m_figures.thresholds)
    if (failing[textOf(verdict.metric)].toArray().contains(QJsonValue(textOf(verdict.expression)))) verdict.passed = false;
  return true;
}

}  // namespace cachedeck::runs
