// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/fact_catalog.h"
#include "core/snapshot/fact_text.h"
#include "core/sources/http/http_errors.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace cachedeck::snapshot {

namespace {

Result<QJsonArray> list(FactLinks& links, const QString& path) {
  const Result<HttpClient*> client = links.alertmanager();
  if (!client) return client.error();
  const Result<HttpResponse> response = (*client)->get(path, {}, links.stop);
  if (!response) return response.error();
  const HttpSettings& settings = (*client)->settings();
  if (response->status != 200) return statusError(settings, *response, path);
  const Result<QJsonDocument> document = jsonBody(settings, *response, path);
  if (!document) return document.error();
  if (document->isArray()) return document->array();
  return fail(Error::Kind::Protocol, QStringLiteral("What answers on %1 is not Alertmanager. Check the port and the path prefix.").arg((*client)->endpoint()));
}

QString text(const QJsonObject& object, const char* member) { return object.value(QLatin1String(member)).toString(); }
qint64 timeOf(const QJsonObject& object, const char* member) { return QDateTime::fromString(text(object, member), Qt::ISODateWithMs).toMSecsSinceEpoch(); }
QString timeText(const QJsonObject& object, const char* member) { return factTime(timeOf(object, member)); }

QMap<QString, QString> labelsOf(const QJsonObject& object) {
  QMap<QString, QString> labels;
  for (auto label = object.begin(); label != object.end(); ++label) labels[label.key()] = label.value().toString();
  return labels;
}

QString words(const QJsonArray& array, const char* member = nullptr) {
  QStringList all;
  for (const QJsonValue& one : array) all += member ? one[QLatin1String(member)].toString() : one.toString();
  return factCell(all.join(QLatin1String(", ")));
}

QString matchersOf(const QJsonArray& matchers) {
  QStringList all;
  for (const QJsonValue& one : matchers) {
    const bool isRegex = one[QLatin1String("isRegex")].toBool(), isEqual = one[QLatin1String("isEqual")].toBool(true);
    all += QStringLiteral("%1%2\"%3\"").arg(one[QLatin1String("name")].toString(), isEqual ? (isRegex ? QStringLiteral("=~") : QStringLiteral("=")) : (isRegex ? QStringLiteral("!~") : QStringLiteral("!=")),
                                            one[QLatin1String("value")].toString());
  }
  return factCell(all.join(QLatin1String(", ")));
}

}  // namespace

Result<FactTable> alertmanagerAlertsFacts(FactLinks& links, QStringList&) {
  const Result<QJsonArray> alerts = list(links, QStringLiteral("/api/v2/alerts"));
  if (!alerts) return alerts.error();
  FactTable table;
  table.keys = 2;
  table.columns = {factText("Alert"), factText("Labels"), factText("State"), factText("Since"), factText("Receivers"), factText("Silenced by"), factText("Inhibited by")};
  for (const QJsonValue& value : *alerts) {
    const QJsonObject alert = value.toObject(), status = alert.value(QLatin1String("status")).toObject();
    const QMap<QString, QString> labels = labelsOf(alert.value(QLatin1String("labels")).toObject());
    const QString name = QStringLiteral("alertname");
    table.rows += QStringList{factCell(labels.value(name)), factLabels(labels, {name}), factCell(text(status, "state")), timeText(alert, "startsAt"),
                              words(alert.value(QLatin1String("receivers")).toArray(), "name"), words(status.value(QLatin1String("silencedBy")).toArray()),
                              words(status.value(QLatin1String("inhibitedBy")).toArray())};
  }
  return table;
}

Result<FactTable> alertmanagerSilencesFacts(FactLinks& links, QStringList&) {
  const Result<QJsonArray> silences = list(links, QStringLiteral("/api/v2/silences"));
  if (!silences) return silences.error();
  FactTable table;
  table.columns = {factText("Silence"), factText("Matchers"), factText("State"), factText("From"), factText("Until"), factText("Made by"), factText("Comment")};
  for (const QJsonValue& value : *silences) {
    const QJsonObject silence = value.toObject();
    const QString state = text(silence.value(QLatin1String("status")).toObject(), "state");
    // Alertmanager lists silences for days after their end.
    if (state == QLatin1String("expired") && timeOf(silence, "endsAt") < links.fromMs) continue;
    table.rows += QStringList{factCell(text(silence, "id")), matchersOf(silence.value(QLatin1String("matchers")).toArray()), factCell(state), timeText(silence, "startsAt"), timeText(silence, "endsAt"),
                              factCell(text(silence, "createdBy")), factCell(text(silence, "comment"))};
  }
  return table;
}

}  // namespace cachedeck::snapshot
