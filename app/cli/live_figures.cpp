// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch.h"
#include "core/base/instants.h"

#include "core/base/redactor.h"
#include "core/metrics/format.h"

#include <QDateTime>
#include <QJsonArray>

#include <cmath>
#include <utility>

namespace cachedeck {

namespace {

QJsonValue jsonNumber(double value) { return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null); }

bool belongsTo(const MetricInfo& metric, const QString& sourceId) { return sourceOf(metric) == sourceId; }

bool isOfService(const MetricInfo& metric) { return metric.id.startsWith(QLatin1String("app.")); }

}  // namespace

void LiveFigures::update(const QString& sourceId, const Sample& sample) {
  auto& values = m_sources[sourceId].values;
  values.clear();
  for (const auto& [id, value] : sample.values) values[id] = value;
}

void LiveFigures::update(const QString& sourceId, const QString& title, const SourceState& state) {
  Entry& entry = m_sources[sourceId];
  entry.title = title;
  entry.state = state;
  if (state.kind != SourceState::Kind::Live) entry.values.clear();  // a figure that is not live is not printed as one
}

QJsonObject LiveFigures::toJson(qint64 nowMs) const {
  QJsonObject sources;
  for (const auto& [id, entry] : m_sources) {
    QJsonObject metrics;
    for (const MetricInfo& metric : metricCatalog()) {
      if (!belongsTo(metric, id)) continue;
      const auto found = entry.values.find(metric.id);
      metrics.insert(metric.id, found == entry.values.end() ? QJsonValue(QJsonValue::Null) : jsonNumber(found->second));
    }
    const SourceState& state = entry.state;
    QJsonObject source{{QStringLiteral("state"), stateName(state.kind)},
                       {QStringLiteral("endpoint"), state.identity.endpoint},
                       {QStringLiteral("product"), state.identity.product},
                       {QStringLiteral("version"), state.identity.version},
                       {QStringLiteral("role"), state.identity.role},
                       {QStringLiteral("sampled_at"), state.lastGoodMs ? QJsonValue(isoUtc(state.lastGoodMs)) : QJsonValue()},
                       {QStringLiteral("round_trip_seconds"), state.lastGoodMs ? QJsonValue(state.roundTripSeconds) : QJsonValue()},
                       {QStringLiteral("error"), QJsonValue()},
                       {QStringLiteral("notes"), QJsonArray::fromStringList(state.notes)},
                       {QStringLiteral("metrics"), metrics}};
    if (state.error)
      source.insert(QStringLiteral("error"), QJsonObject{{QStringLiteral("kind"), kindName(state.error->kind)},
                                                         {QStringLiteral("message"), redact(state.error->message)}});
    sources.insert(id, source);
  }
  return {{QStringLiteral("time"), isoUtc(nowMs)}, {QStringLiteral("sources"), sources}};
}

QString LiveFigures::toText(qint64 nowMs) const {
  QString text = QDateTime::fromMSecsSinceEpoch(nowMs).toString(Qt::ISODate) + QLatin1Char('\n');
  for (const auto& [id, entry] : m_sources) {
    text += QStringLiteral("%1  %2  %3 %4\n").arg(entry.title, stateName(entry.state.kind), entry.state.identity.endpoint, entry.state.identity.version);
    if (entry.state.error) text += QStringLiteral("  %1\n").arg(redact(entry.state.error->message));
    for (const QString& note : entry.state.notes) text += QStringLiteral("  note: %1\n").arg(note);
    bool isServiceNamed = false;
    for (const MetricInfo& metric : metricCatalog()) {
      if (!belongsTo(metric, id)) continue;
      const auto found = entry.values.find(metric.id);
      if (found == entry.values.end() || std::isnan(found->second)) continue;
      if (isOfService(metric) && !std::exchange(isServiceNamed, true)) text += QStringLiteral("  the service that it scrapes:\n");
      text += QStringLiteral("  %1%2\n").arg(QLatin1String(metric.name), -24).arg(formatValue(found->second, metric.unit));
    }
  }
  return text;
}

}  // namespace cachedeck
