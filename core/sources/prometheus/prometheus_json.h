// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sources/http/http_settings.h"
#include "core/sources/prometheus/prometheus_types.h"

#include <QJsonValue>

namespace cachedeck {

/// The "data" of an answer of the Prometheus API, with the server's warnings and infos.
struct PromAnswer {
  QJsonValue data;
  QStringList warnings;
};

/// Takes the envelope off an answer. Errors: those of statusError() and jsonBody(); Usage for a query that the server
/// cannot read (bad_data), Timeout, Busy or Server for its other error types, with the server's words.
Result<PromAnswer> promAnswer(const HttpSettings& settings, const HttpResponse& response, const QString& path);

/// A sample value as the API writes it ("1.5e3", "NaN", "+Inf"); nothing when it is no number.
bool promNumber(const QString& text, double* value);
/// "1h2m3s500ms" in seconds, 0 when it is none.
double promDuration(const QString& text);

/// vector, matrix, scalar or string; what is not a number in it is left out. Errors: Protocol for another shape.
Result<PromResult> promResult(const QJsonValue& data, size_t mostSeries = 1000);
std::vector<PromTarget> promTargets(const QJsonValue& data);
std::vector<PromAlert> promAlerts(const QJsonValue& data);
std::vector<PromRuleGroup> promRules(const QJsonValue& data);
/// Values of a label, sorted, printable, the first `most`; what is no text or too long for a name is left out.
QStringList promNames(const QJsonValue& data, qsizetype most);
/// The same, but no value is changed: one that cannot be shown as it is, is left out.
QStringList promPlainValues(const QJsonValue& data, qsizetype most);
/// Whether a query can name a label so, without quotes.
bool isPromLabel(const QString& name);
PromBuild promBuild(const QJsonValue& data);

}  // namespace cachedeck
