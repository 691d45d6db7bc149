// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <cstdint>
#include <map>

namespace cachedeck::keys {

/// Keys by time to live, in fixed classes.
class TtlHistogram {
 public:
  struct Class {
    const char* label;   ///< "no TTL", "< 10 s", "< 1 min", … "< 30 d", "≥ 30 d"
    qint64 belowMs;      ///< exclusive upper end; of the first (no TTL) -1, of the last the largest number
  };
  static const QList<Class>& classes();

  /// `ttlMs` -1: without expiry.
  void add(qint64 ttlMs, qint64 count = 1);
  const QList<qint64>& counts() const { return m_counts; }
  qint64 total() const;
  qint64 withoutTtl() const { return m_counts.first(); }
  QJsonObject toJson() const;  ///< {"no TTL": 12, …}, only classes that hold something
  bool operator==(const TtlHistogram&) const = default;

  TtlHistogram();

 private:
  QList<qint64> m_counts;
};

/// Finds the moments at which many keys of one prefix expire together ("41,000 cat:* expire within 12 s at 14:00").
struct TtlCliff {
  QByteArray prefix;      ///< with its separator; empty: all keys
  qint64 fromMs = 0;      ///< wall clock of the first expiry in the window
  qint64 spanMs = 0;      ///< how long the window is
  qint64 keys = 0;        ///< that expire in it
  double share = 0;       ///< of the prefix's keys that have a TTL, 0–1
};

}  // namespace cachedeck::keys
