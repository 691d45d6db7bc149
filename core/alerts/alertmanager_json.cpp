// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alertmanager_json.h"

#include "core/base/instants.h"

#include <QDateTime>

namespace cachedeck {

namespace {

constexpr qsizetype mostEntries = 10'000;

QString text(const QJsonObject& object, const char* member) { return object[QLatin1String(member)].toString(); }

qint64 timeOf(const QJsonObject& object, const char* member) { return QDateTime::fromString(text(object, member), Qt::ISODateWithMs).toMSecsSinceEpoch(); }

PromLabels labelsOf(const QJsonObject& object, const char* member) {
  PromLabels labels;
  const QJsonObject all = object[QLatin1String(member)].toObject();
  for (auto label = all.begin(); label != all.end(); ++label) labels[label.key()] = label.value().toString();
  return labels;
}

QStringList words(const QJsonValue& array, const char* member = nullptr) {
  QStringList all;
  for (const QJsonValue& one : array.toArray()) all << (member ? one[QLatin1String(member)].toString() : one.toString());
  return all;
}

}  // namespace

QString matcherText(const Matcher& matcher) {
  return QStringLiteral("%1%2\"%3\"").arg(matcher.name, matcher.isEqual ? (matcher.isRegex ? QStringLiteral("=~") : QStringLiteral("=")) : matcher.isRegex ? QStringLiteral("!~") : QStringLiteral("!="), matcher.value);
}

QList<ManagedAlert> managedAlerts(const QJsonArray& array) {
  QList<ManagedAlert> alerts;
  for (const QJsonValue& value : array) {
    if (alerts.size() >= mostEntries) break;
    const QJsonObject object = value.toObject(), status = object[QLatin1String("status")].toObject();
    ManagedAlert alert;
    alert.labels = labelsOf(object, "labels");
    alert.annotations = labelsOf(object, "annotations");
    alert.fingerprint = text(object, "fingerprint");
    alert.state = text(status, "state");
    alert.receivers = words(object[QLatin1String("receivers")], "name");
    alert.silencedBy = words(status[QLatin1String("silencedBy")]);
    alert.inhibitedBy = words(status[QLatin1String("inhibitedBy")]);
    alert.startsAtMs = timeOf(object, "startsAt");
    alert.endsAtMs = timeOf(object, "endsAt");
    alerts << alert;
  }
  return alerts;
}

QList<Silence> silences(const QJsonArray& array) {
  QList<Silence> all;
  for (const QJsonValue& value : array) {
    if (all.size() >= mostEntries) break;
    const QJsonObject object = value.toObject();
    Silence silence{text(object, "id"), {}, timeOf(object, "startsAt"), timeOf(object, "endsAt"), text(object, "createdBy"), text(object, "comment"), object[QLatin1String("status")][QLatin1String("state")].toString()};
    for (const QJsonValue& one : object[QLatin1String("matchers")].toArray())
      silence.matchers << Matcher{one[QLatin1String("name")].toString(), one[QLatin1String("value")].toString(), one[QLatin1String("isRegex")].toBool(), one[QLatin1String("isEqual")].toBool(true)};
    all << silence;
  }
  return all;
}

ManagerStatus managerStatus(const QJsonObject& object) {
  return {object[QLatin1String("versionInfo")][QLatin1String("version")].toString(), object[QLatin1String("cluster")][QLatin1String("status")].toString(),
          object[QLatin1String("config")][QLatin1String("original")].toString(), timeOf(object, "uptime")};
}

QJsonObject toJson(const Silence& silence) {
  QJsonArray matchers;
  for (const Matcher& matcher : silence.matchers)
    matchers << QJsonObject{{QStringLiteral("name"), matcher.name}, {QStringLiteral("value"), matcher.value}, {QStringLiteral("isRegex"), matcher.isRegex}, {QStringLiteral("isEqual"), matcher.isEqual}};
  QJsonObject object{{QStringLiteral("matchers"), matchers},       {QStringLiteral("startsAt"), isoUtc(silence.startsAtMs)}, {QStringLiteral("endsAt"), isoUtc(silence.endsAtMs)},
                     {QStringLiteral("createdBy"), silence.author}, {QStringLiteral("comment"), silence.comment}};
  if (!silence.id.isEmpty()) object[QLatin1String("id")] = silence.id;
  return object;
}

}  // namespace cachedeck
