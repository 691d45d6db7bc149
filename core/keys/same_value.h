// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <algorithm>
#include <array>

namespace cachedeck::keys {

/// Whether two answers of DUMP are of one value. After a restart, and on another server, the table of a hash or set is in another order: then the same bytes stand elsewhere, but for the
/// checksum at the end.
inline bool isSameValue(QByteArrayView dump, QByteArrayView image) {
  constexpr qsizetype tail = 10;  // version and checksum
  constexpr char set = 2, hash = 4;
  if (dump == image) return true;
  if (dump.size() != image.size() || dump.size() <= tail || dump[0] != image[0] || (dump[0] != set && dump[0] != hash)) return false;
  std::array<qsizetype, 256> surplus{};
  for (qsizetype i = 0; i < dump.size() - tail; ++i) {
    ++surplus[static_cast<unsigned char>(dump[i])];
    --surplus[static_cast<unsigned char>(image[i])];
  }
  return std::ranges::all_of(surplus, [](qsizetype count) { return count == 0; });
}

}  // namespace cachedeck::keys
