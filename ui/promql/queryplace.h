// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/promql/promqltext.h"

namespace cachedeck {

/// What only the server knows of labels.
struct LabelQuestion {
  QString label;          ///< whose values; empty: what labels there are
  QStringList selectors;  ///< of the series that any of these picks; empty: of all
  bool operator==(const LabelQuestion&) const = default;
};

/// What is being written at a place of a query.
struct QueryPlace {
  enum class Kind {
    None,   ///< in a comment, a duration, a number, a text that is no label's: nothing is known of it
    Name,   ///< of a metric or a function
    Label,  ///< within braces, or in the list of by, without, on …
    Value,  ///< of a label, within its quotes
  };
  Kind kind = Kind::None;
  TextPart begun;          ///< as far as it is written before the place
  LabelQuestion question;  ///< of labels and values
  QStringList taken;       ///< labels that cannot stand there once more
  QChar quote;             ///< around a value,
  bool isClosed = false;   ///< and whether the other one is there
  bool isRegex = false;    ///< the value is a regular expression
};

QueryPlace queryPlace(const QString& query, int position);

/// What of a value is written, as the value would be without its escapes.
QString plainValue(const QString& begun, const QueryPlace& place);
/// A value as it is written there.
QString writtenValue(const QString& value, const QueryPlace& place);

}  // namespace cachedeck
