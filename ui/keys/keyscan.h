// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/keys/analysis.h"
#include "core/keys/scan.h"

#include <QSet>

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace cachedeck {

/// Names in one piece of memory.
class KeyNames {
 public:
  void append(QByteArrayView name);
  qsizetype size() const { return static_cast<qsizetype>(m_ends.size()); }
  QByteArrayView at(qsizetype i) const;
  qsizetype bytes() const { return static_cast<qsizetype>(m_bytes.size()); }
  void clear();

 private:
  std::vector<char> m_bytes;
  std::vector<std::uint32_t> m_ends;
};

/// Some thousand names, packed (zlib) to a fraction: a list keeps millions of them in bounded memory, and a window takes them over without copying.
class NameBlock {
 public:
  static NameBlock pack(const KeyNames& names);
  KeyNames unpack() const;
  int size() const { return m_size; }
  qsizetype packedBytes() const { return m_packed.size(); }

 private:
  QByteArray m_packed;
  int m_size = 0;
};

/// What stands below one prefix, as a tree shows it.
struct PrefixLevel {
  QByteArray prefix;             ///< empty: the roots
  QList<keys::PrefixRow> rows;   ///< those with the most keys
  qint64 direct = 0;             ///< keys that end here
  qint64 rest = 0;               ///< keys in prefixes that are not kept or not listed
};

/// A moment of a scan.
struct TreeShot {
  qint64 keys = 0, bytes = -1;
  QList<PrefixLevel> levels;
  bool complete = false;
};

/// The figures of a keyspace whose keys were all measured.
struct KeyspaceFigures {
  qint64 keys = 0, bytes = -1;
  keys::TtlHistogram ttls;
  QMap<QByteArray, qint64> types;
  QList<keys::LargeKey> largest;
  QList<keys::TtlCliff> cliffs;
  QString replica;  ///< that was asked instead of the primary; empty: none
};

/// Between a scan on its worker and the window, which looks in some times a second.
struct ScanMail {
  static constexpr qsizetype mostNames = 5'000'000, mostBytes = 128 << 20;  // of the list, packed

  keys::ScanProgress progress;
  std::stop_source stop;
  std::mutex mutex;  // for what follows
  std::deque<NameBlock> names;  // not yet taken by the window; mostNames and mostBytes in all
  QSet<QByteArray> open{QByteArray()};  // levels of the tree that are looked at
  std::shared_ptr<const TreeShot> shot;
};

struct ScanJob {
  RedisOptions redis;
  keys::Selector selector;
  QByteArray also;       ///< a further pattern, matched here
  bool measured = false; ///< asks size, type and TTL of each key
};

struct ScanEnd {
  qint64 scanned = 0, matched = 0;
  double seconds = 0;
  bool stopped = false;
  std::optional<KeyspaceFigures> figures;  ///< of a measured one
};

/// Goes through the database, puts names (and, with `tree`, its levels) into the mail. Blocks; Cancelled when it was stopped.
Result<ScanEnd> scanInto(const ScanJob& job, ScanMail& mail, keys::Analysis* tree, const Clock& clock, const std::stop_token& stop);

/// One level as it stands.
PrefixLevel levelOf(const keys::PrefixStats& stats, const QByteArray& prefix);

}  // namespace cachedeck
