// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <array>
#include <cstdint>
#include <vector>

namespace cachedeck::keys {

/// Which names were seen already: SCAN gives some twice while the server's table shrinks. Keeps 104 bits of their hashes (XXH3 with a random seed; that any two
/// of a thousand million names have the same ones has a chance of 1 in 10¹³), in 256 tables that grow one by one, so that the peak is hardly above the sum: at most 24 bytes a name.
class KeySet {
 public:
  KeySet();
  /// True when the name is new.
  bool insert(QByteArrayView name);
  qint64 size() const { return m_size; }
  qint64 bytes() const;

 private:
  struct Hash {
    std::uint32_t place = 0, middle = 0, rest = 0;
    bool operator==(const Hash&) const = default;
  };
  struct Table {
    std::vector<Hash> slots;
    std::size_t used = 0;
  };
  static void grow(Table& table);
  std::array<Table, 256> m_tables;
  std::uint64_t m_seed;
  qint64 m_size = 0;
};

}  // namespace cachedeck::keys
