// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/push.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/runs/push_groups.h"
#include "core/sources/http/http_client.h"
#include "core/sources/http/http_errors.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <QRegularExpression>

namespace cachedeck::runs {

namespace {

constexpr char textFormat[] = "text/plain; version=0.0.4; charset=utf-8";

QString labelOf(const RunRecord& record) {
  const QString name = redact(printable(record.scenario, 64));
  return name.isEmpty() ? QStringLiteral("unnamed") : name;
}

/// Deletes what is beyond the newest ones; this run stays, however old it is.
Result<int> removeOld(HttpClient& client, const QString& scenario, const QString& run, const PushOptions& options, std::stop_token stop) {
  const QString path = QStringLiteral("/api/v1/metrics");
  const auto answer = client.get(path, {}, stop, options.deadline);
  if (!answer) return answer.error();
  if (answer->status != 200) return statusError(client.settings(), *answer, path);
  const auto groups = jsonBody(client.settings(), *answer, path);
  if (!groups) return groups.error();
  QStringList others = pushedRuns(*groups, scenario);
  others.removeAll(run);
  int removed = 0;
  for (const QString& old : others.mid(std::max(0, options.keep - 1))) {
    const QString group = groupPath(scenario, old);
    const auto gone = client.remove(group, stop, options.deadline);
    if (!gone) return gone.error();
    if (gone->status < 200 || gone->status >= 300) return statusError(client.settings(), *gone, group);
    ++removed;
  }
  return removed;
}

}  // namespace

QString groupPath(const QString& scenario, const QString& run) {
  static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_-][A-Za-z0-9._-]*\\z"));
  const QString label = plain.match(scenario).hasMatch()
                            ? QStringLiteral("scenario/") + scenario
                            : QStringLiteral("scenario@base64/") + QString::fromLatin1(scenario.toUtf8().toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
  return QStringLiteral("/metrics/job/%1/%2/run/%3").arg(QLatin1String(pushJob), label, run);
}

Result<PushOutcome> pushRun(const HttpSettings& gateway, const RunRecord& record, const PushOptions& options, std::stop_token stop) {
  if (!isRunId(record.id)) return fail(Error::Kind::Usage, QStringLiteral("“%1” is no id of a run.").arg(printable(record.id, 60)));
  const QString scenario = labelOf(record), path = groupPath(scenario, record.id);
  HttpClient client(gateway);
  // POST adds the metrics to the run's own group; it makes the group when there is none.
  const auto pushed = client.post(path, {}, QByteArray::fromStdString(pushedText(record)), textFormat, stop, options.deadline);
  if (!pushed) return pushed.error();
  if (pushed->status != 200 && pushed->status != 202) return statusError(gateway, *pushed, path);
  const auto removed = removeOld(client, scenario, record.id, options, stop);
  client.close();
  if (removed) return PushOutcome{*removed, {}};
  return PushOutcome{0, QStringLiteral("The results were pushed, but those of older runs could not be removed: %1").arg(removed.error().message)};
}

Result<PushOutcome> pushRun(const QString& gatewayUrl, const RunRecord& record, const PushOptions& options, std::stop_token stop) {
  const auto fields = httpSettingsFromUrl(gatewayUrl);
  if (!fields) return fields.error();
  const auto gateway = httpSettings(*fields, pushgatewayFields());
  if (!gateway) return gateway.error();
  return pushRun(*gateway, record, options, std::move(stop));
}

}  // namespace cachedeck::runs
