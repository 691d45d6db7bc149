// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/key_set.h"

#include <QRandomGenerator>

#include <xxhash.h>

namespace cachedeck::keys {

namespace {

// A table is filled to three quarters and then grows by a third: 16 to 22 bytes a name, whatever their number.
constexpr std::size_t smallest = 12;

bool isFull(std::size_t used, std::size_t slots) { return used * 4 >= slots * 3; }

// The upper bits scaled to the table instead of a remainder: any size will do, and growing reads and writes in order.
std::size_t home(std::uint32_t place, std::size_t slots) { return static_cast<std::size_t>((std::uint64_t{place} * slots) >> 32); }

}  // namespace

KeySet::KeySet() : m_seed(QRandomGenerator::system()->generate64()) {}

void KeySet::grow(Table& table) {
  const std::size_t wanted = std::max(smallest, table.slots.size() + table.slots.size() / 3);
  std::vector<Hash> slots(wanted);
  for (const Hash& hash : table.slots) {
    if (hash == Hash{}) continue;
    std::size_t at = home(hash.place, wanted);
    while (slots[at] != Hash{}) at = at + 1 == wanted ? 0 : at + 1;
    slots[at] = hash;
  }
  table.slots = std::move(slots);
}

bool KeySet::insert(QByteArrayView name) {
  const XXH128_hash_t digest = XXH3_128bits_withSeed(name.data(), static_cast<std::size_t>(name.size()), m_seed);
  Hash hash{static_cast<std::uint32_t>(digest.low64 >> 32), static_cast<std::uint32_t>(digest.low64), static_cast<std::uint32_t>(digest.high64)};
  if (hash == Hash{}) hash.rest = 1;  // zero marks a free slot
  Table& table = m_tables[digest.high64 >> 56];
  if (isFull(table.used, table.slots.size())) grow(table);
  const std::size_t slots = table.slots.size();
  std::size_t at = home(hash.place, slots);
  for (; table.slots[at] != Hash{}; at = at + 1 == slots ? 0 : at + 1)
    if (table.slots[at] == hash) return false;
  table.slots[at] = hash;
  ++table.used;
  ++m_size;
  return true;
}

qint64 KeySet::bytes() const {
  std::size_t slots = 0;
  for (const Table& table : m_tables) slots += table.slots.capacity();
  return static_cast<qint64>(sizeof(*this) + slots * sizeof(Hash));
}

}  // namespace cachedeck::keys
