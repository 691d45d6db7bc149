// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>

#include <optional>

namespace cachedeck::keys {

/// Which keys are meant. A list of names is exact; a pattern is Redis's glob. Filters narrow either.
struct Selector {
  QList<QByteArray> patterns;  ///< any of them; none and no names: every key
  QList<QByteArray> names;     ///< exact names (picked, of a file, of a query); then patterns are not used
  bool byName = false;         ///< names count, even when there are none

  QByteArray type;                    ///< "string", "hash", …; empty: any
  std::optional<qint64> ttlAboveMs;   ///< expires later than this; keys without expiry do not match
  std::optional<qint64> ttlBelowMs;
  bool withoutTtl = false;            ///< only keys without expiry
  std::optional<qint64> idleAboveS;   ///< not used for longer than this
  std::optional<qint64> bytesAbove;   ///< MEMORY USAGE

  /// All keys that begin with `prefix`, whatever characters it holds.
  static QByteArray prefixPattern(const QByteArray& prefix);
  bool matchesAll() const;
  /// What the server is given as MATCH, and whether the pages have to be matched again here (several patterns).
  QByteArray serverPattern() const;
  bool matches(QByteArrayView name) const;
  /// Any filter that needs a question about each key.
  bool needsFacts() const { return !type.isEmpty() || ttlAboveMs || ttlBelowMs || withoutTtl || idleAboveS || bytesAbove; }
  /// "risk:*, type string, TTL over 1 h", escaped for people.
  QString text() const;
  QJsonObject toJson() const;
};

/// Names of a file, or with "-" of standard input: one a line, escaped like redis-cli writes them (\xNN, \n, \", \\), a line in double quotes likewise; empty lines are left out. At most `most` bytes.
Result<QList<QByteArray>> namesFromFile(const QString& path, qint64 most = qint64{1} << 30);

}  // namespace cachedeck::keys
