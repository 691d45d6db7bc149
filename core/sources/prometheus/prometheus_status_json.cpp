// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_json.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace cachedeck {

namespace {

// What the status pages list is held to this many entries of a kind: a hostile or huge server does not fill the memory.
constexpr size_t mostEntries = 10000;

QString text(const QJsonObject& object, const char* key) { return object.value(QLatin1String(key)).toString(); }

PromLabels labelsOf(const QJsonObject& parent, const char* key) {
  PromLabels labels;
  const QJsonObject object = parent.value(QLatin1String(key)).toObject();
  for (auto it = object.begin(); it != object.end(); ++it) labels.insert(it.key(), it.value().toString());
  return labels;
}

template <typename Entry, typename Read>
std::vector<Entry> entries(const QJsonValue& list, Read read) {
  std::vector<Entry> result;
  const QJsonArray array = list.toArray();
  for (const QJsonValue& item : array)
    if (result.size() < mostEntries) result.push_back(read(item.toObject()));
  return result;
}

PromTarget target(const QJsonObject& object) {
  return {labelsOf(object, "labels"),
          text(object, "scrapePool"),
          text(object, "scrapeUrl"),
          text(object, "health"),
          text(object, "lastError"),
          promDuration(text(object, "scrapeInterval")),
          object.value(QLatin1String("lastScrapeDuration")).toDouble()};
}

PromAlert alert(const QJsonObject& object) {
  PromAlert alert{labelsOf(object, "labels"), labelsOf(object, "annotations"), text(object, "state"), 0, 0};
  // RFC 3339 with nanoseconds, of which QDateTime reads the milliseconds.
  alert.activeAtMs = QDateTime::fromString(text(object, "activeAt"), Qt::ISODateWithMs).toMSecsSinceEpoch();
  promNumber(text(object, "value"), &alert.value);
  return alert;
}

PromRule rule(const QJsonObject& object) {
  PromRule rule;
  rule.type = text(object, "type");
  rule.name = text(object, "name");
  rule.query = text(object, "query");
  rule.state = text(object, "state");
  rule.health = text(object, "health");
  rule.lastError = text(object, "lastError");
  rule.holdSeconds = object.value(QLatin1String("duration")).toDouble();
  rule.labels = labelsOf(object, "labels");
  rule.annotations = labelsOf(object, "annotations");
  rule.alerts = entries<PromAlert>(object.value(QLatin1String("alerts")), alert);
  return rule;
}

PromRuleGroup group(const QJsonObject& object) {
  return {text(object, "name"), text(object, "file"), object.value(QLatin1String("interval")).toDouble(),
          entries<PromRule>(object.value(QLatin1String("rules")), rule)};
}

}  // namespace

std::vector<PromTarget> promTargets(const QJsonValue& data) {
  return entries<PromTarget>(data.toObject().value(QLatin1String("activeTargets")), target);
}

std::vector<PromAlert> promAlerts(const QJsonValue& data) {
  return entries<PromAlert>(data.toObject().value(QLatin1String("alerts")), alert);
}

std::vector<PromRuleGroup> promRules(const QJsonValue& data) {
  return entries<PromRuleGroup>(data.toObject().value(QLatin1String("groups")), group);
}

PromBuild promBuild(const QJsonValue& data) {
  const QJsonObject object = data.toObject();
  const QString application = text(object, "application");  // Mimir names itself
  const QString version = text(object, "version");
  if (!application.isEmpty()) return {application, version};
  // VictoriaMetrics answers with nothing, or with the version of a Prometheus that it stands in for, and never a revision.
  if (text(object, "revision").isEmpty()) return {QStringLiteral("VictoriaMetrics"), {}};
  // This API came with Prometheus 2; Thanos, which fills the same fields, has stayed below 1.
  return {version.startsWith(QLatin1String("0.")) ? QStringLiteral("Thanos") : QStringLiteral("Prometheus"), version};
}

}  // namespace cachedeck
