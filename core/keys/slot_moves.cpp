// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/slot_moves.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds askDeadline{5000};

}  // namespace

std::set<QString> SlotMap::ids() const {
  std::set<QString> all;
  for (const auto& [id, options] : primaries) all.insert(id);
  return all;
}

std::set<SlotMap::Move> movesIn(QByteArrayView clusterNodes) {
  std::set<SlotMap::Move> moves;
  for (const QByteArray& line : clusterNodes.toByteArray().split('\n')) {
    const QList<QByteArray> words = line.split(' ');
    if (words.size() < 8 || !words[2].split(',').contains("myself")) continue;
    const QString own = QString::fromLatin1(words.first());
    for (const QByteArray& word : words.sliced(8)) {
      const qsizetype at = word.indexOf('-');
      if (!word.startsWith('[') || !word.endsWith(']') || at < 0) continue;
      bool isNumber = false;
      const int slot = word.mid(1, at - 1).toInt(&isNumber);
      if (!isNumber) continue;
      const QString other = QString::fromLatin1(word.mid(at + 3, word.size() - at - 4));
      if (word.sliced(at).startsWith("-<-")) moves.insert({slot, other, own});
      if (word.sliced(at).startsWith("->-")) moves.insert({slot, own, other});
    }
  }
  return moves;
}

Result<SlotMap> askSlotMap(Servers& servers, const std::stop_token& stop) {
  if (const Result<void> asked = servers.refresh(stop); !asked) return asked.error();
  SlotMap map;
  const QStringList& ids = servers.mark().members;  // primaries first, in their order
  for (std::size_t i = 0; i < servers.primaries().size(); ++i) {
    map.primaries.emplace(ids[static_cast<qsizetype>(i)], servers.primaries()[i]);
    const Result<RedisConnection*> connection = servers.connectionTo(i, stop);
    if (!connection) return connection.error();
    const Result<Reply> nodes = (*connection)->command({"CLUSTER", "NODES"}, Deadline(askDeadline), stop);
    if (!nodes) return nodes.error();
    if (nodes->isError()) return (*connection)->error(*nodes);
    map.underWay.merge(movesIn(nodes->text()));
  }
  // One that has no slot yet is not gone through, and keys of its first one may be there already.
  if (std::ranges::any_of(map.underWay, [&](const SlotMap::Move& move) { return !map.primaries.contains(move.to); }))
    return fail(Error::Kind::Busy, QStringLiteral("A slot of the cluster of %1 is on its way to a node that has none yet. Try again when it is there.").arg(servers.entry().endpoint()));
  for (int slot = 0; slot < slotCount; ++slot) map.owners.push_back(ids[static_cast<qsizetype>(servers.indexOf(slot))]);
  return map;
}

std::set<SlotAt> gainers(const SlotMap& before, const SlotMap& after, const std::optional<std::set<SlotAt>>& goneThrough) {
  std::set<SlotAt> all;
  const auto moved = [&](int slot, const QString& from, const QString& to) {
    if (from != to && (!goneThrough || goneThrough->contains({from, slot})) && after.primaries.contains(to)) all.emplace(to, slot);
  };
  for (std::size_t slot = 0; slot < after.owners.size(); ++slot) moved(static_cast<int>(slot), before.owners[slot], after.owners[slot]);
  for (const SlotMap* map : {&before, &after})
    for (const SlotMap::Move& move : map->underWay) moved(move.slot, move.from, move.to);
  return all;
}

}  // namespace cachedeck::keys
