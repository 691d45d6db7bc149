// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/ring.h"

namespace cachedeck {

qint64 TimeColumn::lowerBound(qint64 ms) const {
  qint64 low = first();
  qint64 high = m_end;
  while (low < high) {
    const qint64 middle = low + (high - low) / 2;
    if (at(middle) < ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace cachedeck
