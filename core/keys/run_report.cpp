// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/run.h"

#include "core/base/text.h"

namespace cachedeck::keys {

QString whereText(const RunPlace& place, const ServerMark& server, const QString& user) {
  return QStringLiteral("%1 %2 as %3").arg(place.environment, server.text(), user.isEmpty() ? QStringLiteral("default") : printable(user.toUtf8(), 128));
}

double RunPlace::rate(double asked) const { return asked <= 0 && environmentFromKey(environment) == Environment::Production ? productionRate : asked; }

RunPlace RunPlace::forOperation(const OperationOwner& owner) const {
  RunPlace place = *this;
  if (!owner.environment || *owner.environment < environmentFromKey(environment)) return place;
  place.profile = owner.profile;
  place.environment = environmentKey(*owner.environment);
  return place;
}

RunCounts RunProgress::counts() const {
  const std::scoped_lock lock(m_mutex);
  return m_counts;
}

void RunProgress::set(const RunCounts& counts) {
  const std::scoped_lock lock(m_mutex);
  m_counts = counts;
}

QString RunProgress::waitsFor() const {
  const std::scoped_lock lock(m_mutex);
  return m_waitsFor;
}

void RunProgress::setWaitsFor(const QString& reason) {
  const std::scoped_lock lock(m_mutex);
  m_waitsFor = reason;
}

QJsonObject RunCounts::toJson(bool deletes) const {
  QJsonObject json{{QStringLiteral("planned"), planned}, {deletes ? QStringLiteral("deleted") : QStringLiteral("changed"), done}, {QStringLiteral("gone"), gone},
                   {QStringLiteral("refused"), refused}, {QStringLiteral("overtaken"), changed}};
  if (!deletes) json[QLatin1String("kept")] = kept;
  return json;
}

QJsonObject RunReport::toJson(bool deletes) const {
  QJsonObject json = counts.toJson(deletes);
  json[QLatin1String("operation")] = id;
  json[QLatin1String("outcome")] = outcome;
  if (!reason.isEmpty()) json[QLatin1String("reason")] = reason;
  if (!note.isEmpty()) json[QLatin1String("note")] = note;
  json[QLatin1String("seconds")] = seconds;
  json[QLatin1String("keys_per_second")] = keysPerSecond();
  json[QLatin1String("waited_seconds")] = waitedSeconds;
  json[QLatin1String("probe_p50_ms")] = probeP50Ms;
  json[QLatin1String("probe_p99_ms")] = probeP99Ms;
  json[QLatin1String("probe_max_ms")] = probeMaxMs;
  json[QLatin1String("undo_bytes")] = imageBytes;
  return json;
}

}  // namespace cachedeck::keys
