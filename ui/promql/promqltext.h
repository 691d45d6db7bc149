// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace cachedeck {

/// A stretch of a text.
struct TextPart {
  int from = 0, length = 0;
};

/// Functions, aggregations and keywords of PromQL, sorted.
const QStringList& promqlWords();

/// Where the server's words say that it could not read on, as a place in the query.
std::optional<int> parseErrorAt(const QString& message, const QString& query);
/// What is marked there: the word, or the one character; the last one at the end.
TextPart partAt(const QString& query, int position);

/// By the names and functions in it.
Unit likelyUnit(const QString& query);
/// A value in a unit; a number without one has up to ten digits. "NaN", "+Inf" and "-Inf" as PromQL writes them.
QString valueText(double value, Unit unit);

}  // namespace cachedeck
