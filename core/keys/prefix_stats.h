// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/ttl_histogram.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <memory>
#include <optional>

namespace cachedeck::keys {

/// Memory for the figures of prefixes. With it, 10 M names that were seen (KeySet, up to 22 bytes each) and the rest of an analysis stay within 400 MB.
inline constexpr qint64 prefixMemory = qint64{64} << 20;

/// What is known of the keys below one prefix.
struct PrefixRow {
  QByteArray prefix;       ///< whole, with the separator at its end ("cat:12:"); a leaf that stands for names without further separator has none
  QByteArray label;        ///< its last segment
  qint64 keys = 0;         ///< complete: all keys that begin so
  qint64 bytes = -1;       ///< sum of what was measured, -1 when nothing was
  qint64 withoutTtl = -1;  ///< -1 when TTLs were not read
  int children = 0;        ///< prefixes directly below
  bool folded = false;     ///< children were given up to stay within the memory or the depth (all of them; only of the roots the heavy ones stay); its own figures are complete
};

/// Counts and bytes by prefix, of any number of keys, in bounded memory: a node is kept for a prefix, never for a name. When the nodes exceed `mostBytes`, the children of
/// the prefixes with the most children and the fewest keys a child (ids) are folded into their parent, whose figures stay complete. Every prefix that is listed is exact, and
/// of every prefix keys == direct() + rest() + the keys of all its children.
class PrefixStats {
 public:
  /// `separator`: any bytes, usually ":". An empty one makes one level of everything. `mostBytes`: 512 KiB to 4 GiB. `deepest`: levels of prefixes, at most 16.
  PrefixStats(QByteArray separator, qint64 mostBytes = prefixMemory, int deepest = 8);
  ~PrefixStats();
  PrefixStats(PrefixStats&&) noexcept;
  PrefixStats& operator=(PrefixStats&&) noexcept;

  /// `bytes` and `ttlMs` (-1 = no expiry) where they are known.
  void add(QByteArrayView name, std::optional<qint64> bytes = {}, std::optional<qint64> ttlMs = {});
  /// The prefixes directly below `prefix` (empty: the roots), most keys first, at most `limit`.
  QList<PrefixRow> children(const QByteArray& prefix, qsizetype limit = 10000) const;
  /// The figures of one prefix; keys 0 when it is not known.
  PrefixRow row(const QByteArray& prefix) const;
  /// The prefixes with the most keys over all levels, for a summary.
  QList<PrefixRow> top(qsizetype limit) const;
  qint64 keys() const;
  /// Names without a separator below `prefix` itself, that is keys directly in it.
  qint64 direct(const QByteArray& prefix) const;
  /// Keys below `prefix` in children that are not kept: folded, too deep, or with a label over 16 KiB. 0 unless PrefixRow::folded.
  qint64 rest(const QByteArray& prefix) const;
  qint64 memoryBytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace cachedeck::keys
