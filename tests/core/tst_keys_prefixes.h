// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/prefix_stats.h"

#include <QHash>
#include <QTest>

/// The same figures counted by hand, one entry a prefix, without any thought for memory.
struct Counted {
  qint64 keys = 0, direct = 0, bytes = -1, withoutTtl = -1;
  void add(std::optional<qint64> size, std::optional<qint64> ttlMs) {
    ++keys;
    if (size) bytes = std::max<qint64>(0, bytes) + *size;
    if (ttlMs) withoutTtl = std::max<qint64>(0, withoutTtl) + (*ttlMs == -1);
  }
};

class BruteForce {
 public:
  BruteForce(QByteArray separator, int deepest) : m_separator(std::move(separator)), m_deepest(deepest) {}

  void add(const QByteArray& name, std::optional<qint64> bytes, std::optional<qint64> ttlMs) {
    prefixes[{}].add(bytes, ttlMs);
    qsizetype from = 0;
    QByteArray last;
    for (int level = 0;; ++level) {
      const qsizetype at = m_separator.isEmpty() ? -1 : name.indexOf(m_separator, from);
      if (at < 0) break;
      if (level == m_deepest) return;
      from = at + m_separator.size();
      last = name.left(from);
      prefixes[last].add(bytes, ttlMs);
    }
    ++prefixes[last].direct;
  }

  QHash<QByteArray, Counted> prefixes;

 private:
  QByteArray m_separator;
  int m_deepest;
};

struct Walked {
  qsizetype prefixes = 0;  ///< without the root
  bool folded = false;
  QString wrong;           ///< empty: every figure agrees
};

/// Compares every prefix that `stats` lists, from `prefix` on, and whether the parts of each add up.
inline void compareBelow(const cachedeck::keys::PrefixStats& stats, const BruteForce& brute, const QByteArray& prefix, Walked& walked) {
  const cachedeck::keys::PrefixRow row = stats.row(prefix);
  const Counted counted = brute.prefixes.value(prefix);
  const QList<cachedeck::keys::PrefixRow> children = stats.children(prefix, std::numeric_limits<qsizetype>::max());
  qint64 sum = stats.direct(prefix) + stats.rest(prefix);
  for (const auto& child : children) sum += child.keys;
  if (row.prefix != prefix || row.keys != counted.keys || row.bytes != counted.bytes || row.withoutTtl != counted.withoutTtl || stats.direct(prefix) != counted.direct ||
      row.children != children.size() || sum != row.keys || (stats.rest(prefix) > 0) != row.folded)
    walked.wrong += QStringLiteral("[%1] keys %2/%3 bytes %4/%5 without TTL %6/%7 direct %8/%9 sum %10 rest %11\n")
                        .arg(QString::fromLatin1(prefix.left(80).toPercentEncoding()))
                        .arg(row.keys).arg(counted.keys).arg(row.bytes).arg(counted.bytes).arg(row.withoutTtl).arg(counted.withoutTtl)
                        .arg(stats.direct(prefix)).arg(counted.direct).arg(sum).arg(stats.rest(prefix));
  walked.folded = walked.folded || row.folded;
  for (qsizetype i = 0; i < children.size(); ++i) {
    if (i > 0 && children[i].keys > children[i - 1].keys) walked.wrong += QStringLiteral("children out of order\n");
    if (!children[i].prefix.startsWith(prefix + children[i].label)) walked.wrong += QStringLiteral("a label that is not in its prefix\n");
    ++walked.prefixes;
    compareBelow(stats, brute, children[i].prefix, walked);
  }
}

inline Walked compare(const cachedeck::keys::PrefixStats& stats, const BruteForce& brute) {
  Walked walked;
  compareBelow(stats, brute, {}, walked);
  return walked;
}
