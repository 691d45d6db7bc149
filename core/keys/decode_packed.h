// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace cachedeck::keys {

/// What came out of compressed bytes.
struct Opened {
  static constexpr qsizetype longest = 8 << 20;  ///< bytes that come out at most
  QByteArray bytes;
  bool complete = false;  ///< false: the data is cut or broken, goes on after `longest`, or has something else behind it
  bool isNothing() const { return bytes.isEmpty() && !complete; }
};

/// gzip (also several members) or zlib; which of them is in the data.
Opened inflated(const QByteArray& bytes);
Opened unzstd(const QByteArray& bytes);

}  // namespace cachedeck::keys
