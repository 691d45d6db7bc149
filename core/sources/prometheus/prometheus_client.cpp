// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_client.h"

#include "core/base/text.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qint64 mostPoints = 11000;
// A range over long-term storage takes longer than a look at now.
constexpr std::chrono::milliseconds rangeDeadline{10000};
// Longer than this a query goes into a form, since proxies cut long request lines.
constexpr qsizetype longestInUrl = 2000;

QString seconds(qint64 ms) { return QString::number(static_cast<double>(ms) / 1000, 'f', 3); }

}  // namespace

Result<PromAnswer> PrometheusClient::ask(const QString& path, const HttpQuery& query, std::stop_token stop,
                                         std::chrono::milliseconds deadline) {
  const QByteArray body = encodedQuery(query);
  const Result<HttpResponse> response =
      body.size() <= longestInUrl ? m_http.get(path, query, std::move(stop), deadline)
                                  : m_http.post(path, {}, body, "application/x-www-form-urlencoded", std::move(stop), deadline);
  if (!response) return response.error();
  return promAnswer(m_http.settings(), *response, path);
}

Result<PromResult> PrometheusClient::evaluate(const QString& path, const HttpQuery& query, std::stop_token stop,
                                              std::chrono::milliseconds deadline) {
  const Result<PromAnswer> answer = ask(path, query, std::move(stop), deadline);
  if (!answer) return answer.error();
  Result<PromResult> result = promResult(answer->data);
  if (result) result->warnings = answer->warnings + result->warnings;
  return result;
}

Result<PromResult> PrometheusClient::query(const QString& query, std::stop_token stop, qint64 atMs, std::chrono::milliseconds deadline) {
  HttpQuery fields{{"query", query}};
  if (atMs > 0) fields.emplace_back("time", seconds(atMs));
  return evaluate(QStringLiteral("/api/v1/query"), fields, std::move(stop), deadline);
}

Result<PromResult> PrometheusClient::queryRange(const QString& query, qint64 fromMs, qint64 toMs, qint64 stepMs,
                                                std::stop_token stop) {
  if (toMs < fromMs || stepMs <= 0)
    return fail(Error::Kind::Usage, QStringLiteral("A range query needs a start before its end and a step above zero."));
  const qint64 step = std::max(stepMs, (toMs - fromMs + mostPoints - 1) / mostPoints);
  return evaluate(QStringLiteral("/api/v1/query_range"),
                  {{"query", query}, {"start", seconds(fromMs)}, {"end", seconds(toMs)}, {"step", seconds(step)}},
                  std::move(stop), rangeDeadline);
}

Result<std::vector<PromTarget>> PrometheusClient::targets(std::stop_token stop) {
  const Result<PromAnswer> answer = ask(QStringLiteral("/api/v1/targets"), {{"state", QStringLiteral("active")}}, std::move(stop));
  if (!answer) return answer.error();
  return promTargets(answer->data);
}

Result<std::vector<PromAlert>> PrometheusClient::alerts(std::stop_token stop) {
  const Result<PromAnswer> answer = ask(QStringLiteral("/api/v1/alerts"), {}, std::move(stop));
  if (!answer) return answer.error();
  return promAlerts(answer->data);
}

Result<std::vector<PromRuleGroup>> PrometheusClient::rules(std::stop_token stop) {
  const Result<PromAnswer> answer = ask(QStringLiteral("/api/v1/rules"), {}, std::move(stop));
  if (!answer) return answer.error();
  return promRules(answer->data);
}

Result<QStringList> PrometheusClient::metricNames(std::stop_token stop, qsizetype most) {
  // Servers that do not know the limit leave it alone.
  const Result<PromAnswer> answer = ask(QStringLiteral("/api/v1/label/__name__/values"), {{"limit", QString::number(most)}}, std::move(stop), rangeDeadline);
  if (!answer) return answer.error();
  return promNames(answer->data, most);
}

// A GET however long it is: values of a label cannot be asked by a form.
Result<QJsonValue> PrometheusClient::askLabels(const QString& path, const QStringList& selectors, qint64 fromMs, qsizetype most, std::stop_token stop) {
  HttpQuery fields{{"start", seconds(fromMs)}, {"limit", QString::number(most)}};
  for (const QString& selector : selectors) fields.emplace_back("match[]", selector);
  if (encodedQuery(fields).size() > longestInUrl) return fail(Error::Kind::Usage, QStringLiteral("The selectors are too long to ask for their labels."));
  const Result<HttpResponse> response = m_http.get(path, fields, std::move(stop));
  if (!response) return response.error();
  const Result<PromAnswer> answer = promAnswer(m_http.settings(), *response, path);
  if (!answer) return answer.error();
  return answer->data;
}

Result<QStringList> PrometheusClient::labelNames(const QStringList& selectors, qint64 fromMs, std::stop_token stop, qsizetype most) {
  const Result<QJsonValue> data = askLabels(QStringLiteral("/api/v1/labels"), selectors, fromMs, most, std::move(stop));
  if (!data) return data.error();
  QStringList names = promNames(*data, most);
  names.removeIf([](const QString& name) { return !isPromLabel(name); });
  return names;
}

Result<QStringList> PrometheusClient::labelValues(const QString& label, const QStringList& selectors, qint64 fromMs, std::stop_token stop, qsizetype most) {
  if (!isPromLabel(label)) return fail(Error::Kind::Usage, QStringLiteral("“%1” is no name of a label.").arg(printable(label, 80)));
  const Result<QJsonValue> data = askLabels(QStringLiteral("/api/v1/label/%1/values").arg(label), selectors, fromMs, most, std::move(stop));
  if (!data) return data.error();
  return promPlainValues(*data, most);
}

Result<PromBuild> PrometheusClient::build(std::stop_token stop) {
  const Result<PromAnswer> answer = ask(QStringLiteral("/api/v1/status/buildinfo"), {}, std::move(stop));
  if (answer) return promBuild(answer->data);
  using Kind = Error::Kind;
  const Kind kind = answer.error().kind;
  // The server answered, only not to this.
  const bool unsupported = kind == Kind::NotFound || kind == Kind::Protocol || kind == Kind::Permission || kind == Kind::Usage || kind == Kind::Server;
  if (unsupported) return PromBuild{};
  return answer.error();
}

}  // namespace cachedeck
