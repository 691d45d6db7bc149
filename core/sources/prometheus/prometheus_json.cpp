// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/prometheus_json.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/sources/http/http_errors.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>
#include <limits>

namespace cachedeck {

namespace {

constexpr qsizetype longestName = 200;

QString text(const QJsonObject& object, const char* key) { return object.value(QLatin1String(key)).toString(); }

PromLabels labelsOf(const QJsonValue& value) {
  PromLabels labels;
  const QJsonObject object = value.toObject();
  for (auto it = object.begin(); it != object.end(); ++it) labels.insert(it.key(), it.value().toString());
  return labels;
}

void appendStrings(QStringList* list, const QJsonValue& value) {
  const QJsonArray array = value.toArray();
  for (const QJsonValue& item : array)
    if (list->size() < 20) *list += redact(printable(item.toString(), 300));
}

Error::Kind kindOf(const QString& errorType, int status) {
  if (errorType == QLatin1String("bad_data")) return Error::Kind::Usage;
  if (errorType == QLatin1String("timeout") || errorType == QLatin1String("canceled")) return Error::Kind::Timeout;
  if (errorType == QLatin1String("unavailable")) return Error::Kind::Busy;
  if (errorType == QLatin1String("not_found")) return Error::Kind::NotFound;
  // VictoriaMetrics writes the status as the type, and 422 for a query that it cannot parse as well as for one that fails.
  return status == 400 ? Error::Kind::Usage : Error::Kind::Server;
}

Error apiError(const HttpSettings& settings, const HttpResponse& response, const QJsonObject& object) {
  const QString words = redact(printable(text(object, "error").simplified(), 400));
  const Error::Kind kind = kindOf(text(object, "errorType"), response.status);
  const QString peer = endpointOf(settings.base);
  if (kind == Error::Kind::Timeout)
    return fail(kind, QStringLiteral("%1 gave the query up: %2. Narrow it or its time range.").arg(peer, words));
  return fail(kind, QStringLiteral("%1 refused the query: %2").arg(peer, words));
}

void addPoint(PromSeries* series, const QJsonValue& pair) {
  const QJsonArray array = pair.toArray();
  double value = 0;
  if (array.size() == 2 && array.at(0).isDouble() && promNumber(array.at(1).toString(), &value))
    series->points.emplace_back(array.at(0).toDouble(), value);
}

PromSeries seriesOf(const QJsonObject& item) {
  PromSeries series{labelsOf(item.value(QLatin1String("metric"))), {}};
  if (item.contains(QLatin1String("value"))) addPoint(&series, item.value(QLatin1String("value")));
  const QJsonArray values = item.value(QLatin1String("values")).toArray();
  series.points.reserve(series.points.size() + static_cast<size_t>(values.size()));
  for (const QJsonValue& pair : values) addPoint(&series, pair);
  return series;
}

}  // namespace

bool promNumber(const QString& text, double* value) {
  if (text == QLatin1String("NaN")) {
    *value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (text == QLatin1String("+Inf") || text == QLatin1String("Inf") || text == QLatin1String("-Inf")) {
    *value = text.startsWith(QLatin1Char('-')) ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
    return true;
  }
  bool good = false;
  *value = text.toDouble(&good);  // QString::toDouble reads the C locale, whatever the user's is
  return good && std::isfinite(*value);
}

double promDuration(const QString& text) {
  static const QRegularExpression part(QStringLiteral("(\\d+)(ms|y|w|d|h|m|s)"));
  static const QHash<QString, double> seconds{
      {QStringLiteral("ms"), 0.001}, {QStringLiteral("s"), 1},      {QStringLiteral("m"), 60},      {QStringLiteral("h"), 3600},
      {QStringLiteral("d"), 86400},  {QStringLiteral("w"), 604800}, {QStringLiteral("y"), 31536000}};
  double sum = 0;
  for (auto it = part.globalMatch(text); it.hasNext();) {
    const QRegularExpressionMatch match = it.next();
    sum += match.captured(1).toDouble() * seconds.value(match.captured(2));
  }
  return sum;
}

Result<PromAnswer> promAnswer(const HttpSettings& settings, const HttpResponse& response, const QString& path) {
  // A proxy or gateway before the server answers these in any format.
  if (response.status == 401 || response.status == 403) return statusError(settings, response, path);
  const Result<QJsonDocument> document = jsonBody(settings, response, path);
  if (!document) return document.error();
  const QJsonObject object = document->object();
  const QString status = text(object, "status");
  if (status == QLatin1String("error")) return apiError(settings, response, object);
  if (response.status >= 400) return statusError(settings, response, path);
  if (status != QLatin1String("success"))
    return fail(Error::Kind::Protocol, QStringLiteral("%1 answers with JSON, but not in the way of the Prometheus API. Check the port and the path prefix.").arg(endpointOf(settings.base)));
  PromAnswer answer{object.value(QLatin1String("data")), {}};
  appendStrings(&answer.warnings, object.value(QLatin1String("warnings")));
  appendStrings(&answer.warnings, object.value(QLatin1String("infos")));
  return answer;
}

QStringList promNames(const QJsonValue& data, qsizetype most) {
  QStringList names;
  const QJsonArray items = data.toArray();
  for (const QJsonValue& item : items) {
    if (names.size() == most) break;
    const QString name = item.toString();
    if (!name.isEmpty() && name.size() <= longestName) names += printable(name, longestName);
  }
  names.sort();
  return names;
}

QStringList promPlainValues(const QJsonValue& data, qsizetype most) {
  QStringList values;
  const QJsonArray items = data.toArray();
  for (const QJsonValue& item : items) {
    if (values.size() == most) break;
    const QString value = item.toString();
    if (!value.isEmpty() && value.size() <= longestName && printable(value, longestName) == value) values += value;
  }
  values.sort();
  return values;
}

bool isPromLabel(const QString& name) {
  static const QRegularExpression label(QStringLiteral("\\A[A-Za-z_][A-Za-z0-9_]*\\z"));
  return label.match(name).hasMatch();
}

Result<PromResult> promResult(const QJsonValue& data, size_t mostSeries) {
  const QString type = text(data.toObject(), "resultType");
  const QJsonArray items = data.toObject().value(QLatin1String("result")).toArray();
  PromResult result;
  if (type == QLatin1String("scalar") || type == QLatin1String("string")) {
    PromSeries series;
    addPoint(&series, items);
    if (!series.points.empty()) result.series.push_back(std::move(series));
    return result;
  }
  if (type != QLatin1String("vector") && type != QLatin1String("matrix"))
    return fail(Error::Kind::Protocol, QStringLiteral("The query's result has the unknown type “%1”.").arg(printable(type, 40)));
  for (const QJsonValue& item : items) {
    if (result.series.size() == mostSeries) {
      result.warnings += QStringLiteral("Only the first %1 of %2 series were taken.").arg(mostSeries).arg(items.size());
      break;
    }
    result.series.push_back(seriesOf(item.toObject()));
  }
  return result;
}

}  // namespace cachedeck
