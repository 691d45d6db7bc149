// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_forecast.h"

#include "core/metrics/format.h"
#include "core/keys/forecast.h"

namespace cachedeck {

using namespace keys;

namespace {

QString bytesText(qint64 bytes) { return formatValue(static_cast<double>(bytes), Unit::Bytes); }

}  // namespace

KeysForecast::KeysForecast(const Plan& plan, const Action& action, const RunOptions& options, const MeanQuery& query)
    : m_action(action), m_options(options), m_query(query), m_keys(plan.keys), m_before(plan.ttls) {
  const TtlForecast ttls = ttlForecast(plan.ttls, action);
  m_after = ttls.after;
  m_changes = ttls.changes;
  m_imageBytes = keys::undoForecast(plan, action);
}

std::optional<double> KeysForecast::keysPerSecond() const {
  if (m_action.kind == ActionKind::SoftExpire) return 1000 * static_cast<double>(m_keys) / static_cast<double>(m_action.amountMs);
  if (m_options.keysPerSecond > 0) return m_options.keysPerSecond;
  return {};
}

void KeysForecast::addTtls(QStringList& lines) const {
  if (m_action.deletes()) return;
  lines << QStringLiteral("%1: about %2 of %3 keys change").arg(m_action.text()).arg(m_changes).arg(m_keys);
  lines << QStringLiteral("  %1 %2 %3").arg(QStringLiteral("TTL"), -10).arg(QStringLiteral("before"), 12).arg(QStringLiteral("after"), 12);
  const auto& classes = TtlHistogram::classes();
  for (qsizetype i = 0; i < classes.size(); ++i)
    if (m_before.counts()[i] + m_after.counts()[i] > 0)
      lines << QStringLiteral("  %1 %2 %3").arg(QString::fromUtf8(classes[i].label), -10).arg(m_before.counts()[i], 12).arg(m_after.counts()[i], 12);
}

void KeysForecast::addRefill(QStringList& lines) const {
  if (!takesAway() || m_keys == 0) return;
  const std::optional<double> rate = keysPerSecond();
  const QString pace = rate ? QStringLiteral("%1 keys/s").arg(QString::number(*rate, 'g', 3)) : QStringLiteral("%1 keys at once").arg(m_keys);
  if (!m_query.seconds) {
    lines << QStringLiteral("refill, if each key is asked for again: %1").arg(pace);
    lines << QStringLiteral("  %1").arg(m_query.unknown.isEmpty() ? QStringLiteral("with --postgres URL also how long the database is busy") : m_query.unknown);
    return;
  }
  const double mean = *m_query.seconds;
  lines << QStringLiteral("refill, if each key is asked for again: %1 × %2 a query = %3 of the database's time").arg(pace, formatValue(mean, Unit::Seconds), formatValue(static_cast<double>(m_keys) * mean, Unit::Seconds));
  if (rate) lines << QStringLiteral("  about %1 connections busy").arg(QString::number(*rate * mean, 'g', 2));
  else lines << QStringLiteral("  the cache is cold from then on; --soft-expire TIME spreads it");
}

void KeysForecast::addUndo(QStringList& lines) const {
  if (!m_options.undo) lines << QStringLiteral("undo: no images are kept, this is for good");
  else if (m_imageBytes < 0) lines << QStringLiteral("undo: images of at most %1").arg(bytesText(m_options.undoCap));
  else if (fits()) lines << QStringLiteral("undo: images of about %1, at most %2").arg(bytesText(m_imageBytes), bytesText(m_options.undoCap));
  else lines << QStringLiteral("undo: images of about %1 are more than the %2 that are allowed: raise --undo-cap, choose fewer keys, or add --no-undo").arg(bytesText(m_imageBytes), bytesText(m_options.undoCap));
}

QStringList KeysForecast::lines() const {
  QStringList lines;
  addTtls(lines);
  addRefill(lines);
  addUndo(lines);
  return lines;
}

QJsonObject KeysForecast::toJson() const {
  QJsonObject json{{QStringLiteral("changes"), m_changes}};
  if (!m_action.deletes()) {
    json[QLatin1String("ttl_before")] = m_before.toJson();
    json[QLatin1String("ttl_after")] = m_after.toJson();
  }
  if (takesAway()) {
    QJsonObject refill{{QStringLiteral("keys"), m_keys}};
    const std::optional<double> rate = keysPerSecond();
    refill[QLatin1String("keys_per_second")] = rate ? QJsonValue(*rate) : QJsonValue();  // null: at once
    if (m_query.seconds) {
      refill[QLatin1String("mean_query_ms")] = 1000 * *m_query.seconds;
      refill[QLatin1String("database_seconds")] = static_cast<double>(m_keys) * *m_query.seconds;
      if (rate) refill[QLatin1String("connections_busy")] = *rate * *m_query.seconds;
    } else if (!m_query.unknown.isEmpty()) {
      refill[QLatin1String("mean_query_unknown")] = m_query.unknown;
    }
    json[QLatin1String("refill")] = refill;
  }
  QJsonObject undo{{QStringLiteral("images"), m_options.undo}};
  if (m_options.undo) {
    undo[QLatin1String("bytes")] = m_imageBytes;
    undo[QLatin1String("cap_bytes")] = m_options.undoCap;
    undo[QLatin1String("fits")] = fits();
  }
  json[QLatin1String("undo")] = undo;
  return json;
}

}  // namespace cachedeck
