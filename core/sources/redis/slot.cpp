// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/topology.h"

namespace cachedeck {

namespace {

/// CRC16/XMODEM (polynomial 0x1021, begins with 0, nothing reflected), as the Redis Cluster specification has it.
constexpr std::array<std::uint16_t, 256> crcTable() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? (crc << 1) ^ 0x1021U : crc << 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

constexpr std::array<std::uint16_t, 256> table = crcTable();

/// What is hashed: the text between the first { and the first } behind it, or all of the name where that is empty or not there.
QByteArrayView hashedPart(QByteArrayView name) {
  const qsizetype open = name.indexOf('{');
  if (open < 0) return name;
  const qsizetype close = name.indexOf('}', open + 1);
  return close > open + 1 ? name.sliced(open + 1, close - open - 1) : name;
}

}  // namespace

int slotOf(QByteArrayView name) {
  unsigned crc = 0;
  for (const char c : hashedPart(name)) crc = ((crc << 8) ^ table[((crc >> 8) ^ static_cast<unsigned char>(c)) & 0xFFU]) & 0xFFFFU;
  return static_cast<int>(crc % slotCount);
}

}  // namespace cachedeck
