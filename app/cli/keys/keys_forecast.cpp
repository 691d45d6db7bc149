// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_forecast.h"

#include "core/metrics/format.h"
#include "core/keys/forecast.h"

namespace cachedeck {

using namespace keys;

namespace {

}  // namespace

KeysForecast::KeysForecast(const Plan& plan, const Action& action, const RunOptions& options, const MeanQuery& query)
    : m_action(action), m_options(options), m_query(query), m_keys(plan.keys), m_before(plan.ttls) {
  const TtlForecast ttls = ttlForecast(plan.ttls, action);
  m_after = ttls.after;
  m_changes = ttls.changes;
  m_atOnce = ttls.atOnce;
  m_imageBytes = action.deletes() && !plan.sizesKnown() ? -1 : keys::undoForecast(plan, action);
  m_oversize = action.deletes() ? plan.oversize : 0;
}

qint64 KeysForecast::refilled() const { return m_action.deletes() || endsSoftly() ? m_keys : m_atOnce; }

std::optional<double> KeysForecast::keysPerSecond() const {
  if (endsSoftly()) return 1000 * static_cast<double>(m_keys) / static_cast<double>(m_action.amountMs);
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

/// A TTL of a second is a deletion by another name.
void KeysForecast::addAtOnce(QStringList& lines) const {
  if (m_atOnce == 0 || endsSoftly()) return;
  lines << QStringLiteral("about %1 of these keys will end at once (within 10 s): for them this is a deletion, and undo does not bring back what has ended").arg(m_atOnce);
}

void KeysForecast::addRefill(QStringList& lines) const {
  if (!takesAway()) return;
  const std::optional<double> rate = keysPerSecond();
  const QString pace = rate ? QStringLiteral("%1 keys/s").arg(QString::number(*rate, 'g', 3)) : QStringLiteral("%1 keys at once").arg(refilled());
  if (!m_query.seconds) {
    lines << QStringLiteral("refill, if each key is asked for again: %1").arg(pace);
    lines << QStringLiteral("  %1").arg(m_query.unknown.isEmpty() ? QStringLiteral("with --postgres URL also how long the database is busy") : m_query.unknown);
    return;
  }
  const double mean = *m_query.seconds;
  lines << QStringLiteral("refill, if each key is asked for again: %1 × %2 a query = %3 of the database's time").arg(pace, formatValue(mean, Unit::Seconds), formatValue(static_cast<double>(refilled()) * mean, Unit::Seconds));
  if (rate) lines << QStringLiteral("  about %1 connections busy").arg(QString::number(*rate * mean, 'g', 2));
  else lines << QStringLiteral("  the cache is cold from then on; --soft-expire TIME spreads it");
}

void KeysForecast::addUndo(QStringList& lines) const {
  if (!m_options.undo) lines << QStringLiteral("undo: no images are kept, this is for good");
  else if (m_imageBytes < 0) lines << QStringLiteral("undo: images of at most %1").arg(bytesText(m_options.undoCap));
  else if (fits()) lines << QStringLiteral("undo: images of about %1, at most %2").arg(bytesText(m_imageBytes), bytesText(m_options.undoCap));
  else lines << QStringLiteral("undo: images of about %1 are more than the %2 that are allowed: raise --undo-cap, choose fewer keys, or add --no-undo").arg(bytesText(m_imageBytes), bytesText(m_options.undoCap));
  if (!m_options.undo) return;
  if (m_oversize > 0) lines << QStringLiteral("  %1 of the keys are larger than %2, which no image is kept of: they will be refused. To delete them too, add --no-undo").arg(m_oversize).arg(bytesText(Plan::largestImage));
  if (endsSoftly()) lines << QStringLiteral("  of each key only until it ends: what has ended by then does not come back");
}

QStringList KeysForecast::lines() const {
  QStringList lines;
  addTtls(lines);
  addAtOnce(lines);
  addRefill(lines);
  addUndo(lines);
  return lines;
}

QJsonObject KeysForecast::toJson() const {
  QJsonObject json{{QStringLiteral("changes"), m_changes}};
  if (!m_action.deletes()) {
    json[QLatin1String("ttl_before")] = m_before.toJson();
    json[QLatin1String("ttl_after")] = m_after.toJson();
    json[QLatin1String("end_at_once")] = m_atOnce;
  }
  if (takesAway()) {
    QJsonObject refill{{QStringLiteral("keys"), refilled()}};
    const std::optional<double> rate = keysPerSecond();
    refill[QLatin1String("keys_per_second")] = rate ? QJsonValue(*rate) : QJsonValue();  // null: at once
    if (m_query.seconds) {
      refill[QLatin1String("mean_query_ms")] = 1000 * *m_query.seconds;
      refill[QLatin1String("database_seconds")] = static_cast<double>(refilled()) * *m_query.seconds;
      if (rate) refill[QLatin1String("connections_busy")] = *rate * *m_query.seconds;
    } else if (!m_query.unknown.isEmpty()) {
      refill[QLatin1String("mean_query_unknown")] = m_query.unknown;
    }
    json[QLatin1String("refill")] = refill;
  }
  QJsonObject undo{{QStringLiteral("images"), m_options.undo}};
  if (m_options.undo) {
    undo[QLatin1String("bytes")] = m_imageBytes < 0 ? QJsonValue() : QJsonValue(m_imageBytes);
    undo[QLatin1String("cap_bytes")] = m_options.undoCap;
    undo[QLatin1String("fits")] = m_imageBytes < 0 ? QJsonValue() : QJsonValue(fits());
    undo[QLatin1String("refused")] = m_oversize;
  }
  json[QLatin1String("undo")] = undo;
  return json;
}

}  // namespace cachedeck
