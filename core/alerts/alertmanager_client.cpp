// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/alertmanager_client.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/sources/http/http_errors.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

namespace cachedeck {

namespace {

QString path(const char* page) { return QStringLiteral("/api/v2/") + QLatin1String(page); }

QJsonObject objectOf(const PromLabels& labels) {
  QJsonObject object;
  for (auto label = labels.begin(); label != labels.end(); ++label) object[label.key()] = label.value();
  return object;
}

}  // namespace

Result<QJsonDocument> AlertmanagerClient::ask(const QString& path, const HttpQuery& query, std::stop_token stop) {
  const Result<HttpResponse> response = m_http.get(path, query, std::move(stop));
  if (!response) return response.error();
  if (response->status != 200) return statusError(m_http.settings(), *response, path);
  return jsonBody(m_http.settings(), *response, path);
}

Result<QJsonArray> AlertmanagerClient::list(const QString& path, const HttpQuery& query, std::stop_token stop) {
  const Result<QJsonDocument> document = ask(path, query, std::move(stop));
  if (!document) return document.error();
  if (document->isArray()) return document->array();
  return fail(Error::Kind::Protocol, QStringLiteral("What answers on %1 is not Alertmanager. Check the port and the path prefix.").arg(endpoint()));
}

Result<HttpResponse> AlertmanagerClient::send(const QString& path, const QJsonDocument& body, std::stop_token stop) {
  const Result<HttpResponse> response = m_http.post(path, {}, body.toJson(QJsonDocument::Compact), "application/json", std::move(stop));
  if (!response || response->status == 200) return response;
  // What is wrong with it stands in the body: a bare JSON string, or {code, message}.
  const QJsonDocument said = QJsonDocument::fromJson('[' + response->body + ']');
  const QString reason = said[0].isString() ? said[0].toString() : said[0][QLatin1String("message")].toString();
  if (reason.isEmpty()) return statusError(m_http.settings(), *response, path);
  return fail(Error::Kind::Usage, QStringLiteral("Alertmanager at %1 refused it: %2").arg(endpoint(), printable(reason, 300)));
}

Result<QList<ManagedAlert>> AlertmanagerClient::alerts(const QString& filter, std::stop_token stop) {
  const Result<QJsonArray> array = list(path("alerts"), filter.isEmpty() ? HttpQuery() : HttpQuery{{"filter", filter}}, std::move(stop));
  return array ? Result<QList<ManagedAlert>>(managedAlerts(*array)) : Result<QList<ManagedAlert>>(array.error());
}

Result<QList<Silence>> AlertmanagerClient::silences(std::stop_token stop) {
  const Result<QJsonArray> array = list(path("silences"), {}, std::move(stop));
  return array ? Result<QList<Silence>>(cachedeck::silences(*array)) : Result<QList<Silence>>(array.error());
}

Result<QStringList> AlertmanagerClient::receivers(std::stop_token stop) {
  const Result<QJsonArray> array = list(path("receivers"), {}, std::move(stop));
  if (!array) return array.error();
  QStringList names;
  for (const QJsonValue& one : *array) names << one[QLatin1String("name")].toString();
  return names;
}

Result<ManagerStatus> AlertmanagerClient::status(std::stop_token stop) {
  const Result<QJsonDocument> document = ask(path("status"), {}, std::move(stop));
  return document ? Result<ManagerStatus>(managerStatus(document->object())) : Result<ManagerStatus>(document.error());
}

Result<QString> AlertmanagerClient::silence(const Silence& silence, std::stop_token stop) {
  const bool named = std::any_of(silence.matchers.begin(), silence.matchers.end(), [](const Matcher& one) { return !one.name.isEmpty() && !one.value.isEmpty(); });
  if (!named) return fail(Error::Kind::Usage, QStringLiteral("A silence needs at least one matcher with a value: it would silence everything."));
  if (silence.author.trimmed().isEmpty() || silence.comment.trimmed().isEmpty()) return fail(Error::Kind::Usage, QStringLiteral("A silence needs an author and a comment that says why."));
  if (silence.endsAtMs <= silence.startsAtMs) return fail(Error::Kind::Usage, QStringLiteral("The silence ends before it begins."));
  const Result<HttpResponse> response = send(path("silences"), QJsonDocument(toJson(silence)), std::move(stop));
  if (!response) return response.error();
  const Result<QJsonDocument> body = jsonBody(m_http.settings(), *response, path("silences"));
  return body ? Result<QString>((*body)[QLatin1String("silenceID")].toString()) : Result<QString>(body.error());
}

Result<void> AlertmanagerClient::expire(const QString& id, std::stop_token stop) {
  static const QRegularExpression plain(QStringLiteral("\\A[0-9A-Za-z-]{1,80}\\z"));  // it stands in a path
  if (!plain.match(id).hasMatch()) return fail(Error::Kind::Usage, QStringLiteral("“%1” is no id of a silence.").arg(printable(id, 60)));
  const QString page = path("silence/") + id;
  const Result<HttpResponse> response = m_http.remove(page, std::move(stop));
  if (!response) return response.error();
  return response->status == 200 ? Result<void>() : Result<void>(statusError(m_http.settings(), *response, page));
}

Result<void> AlertmanagerClient::post(const PromLabels& labels, const PromLabels& annotations, qint64 startsAtMs, qint64 endsAtMs, std::stop_token stop) {
  const QJsonObject alert{{QStringLiteral("labels"), objectOf(labels)}, {QStringLiteral("annotations"), objectOf(annotations)}, {QStringLiteral("startsAt"), isoUtc(startsAtMs)}, {QStringLiteral("endsAt"), isoUtc(endsAtMs)}};
  const Result<HttpResponse> response = send(path("alerts"), QJsonDocument(QJsonArray{alert}), std::move(stop));
  return response ? Result<void>() : Result<void>(response.error());
}

Result<QList<AlertGroup>> AlertmanagerClient::groups(std::stop_token stop) {
  const Result<QJsonArray> array = list(path("alerts/groups"), {}, std::move(stop));
  return array ? Result<QList<AlertGroup>>(alertGroups(*array)) : Result<QList<AlertGroup>>(array.error());
}

Result<NotificationCounters> AlertmanagerClient::notifications(std::stop_token stop) {
  const Result<HttpResponse> response = m_http.get(QStringLiteral("/metrics"), {}, std::move(stop));
  if (!response) return response.error();
  if (response->status != 200) return statusError(m_http.settings(), *response, QStringLiteral("/metrics"));
  return notificationCounters(response->body);
}

}  // namespace cachedeck
