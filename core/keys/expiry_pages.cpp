// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/expiry_pages.h"

#include <QRandomGenerator>

#include <map>

namespace cachedeck::keys {

namespace {

RedisCommand command(const QByteArray& name, qint64 expiresAtMs) {
  if (expiresAtMs == KeyImage::noExpiry) return {"PERSIST", name};
  return {"PEXPIREAT", name, QByteArray::number(expiresAtMs)};
}

double draw() { return QRandomGenerator::global()->generateDouble(); }

}  // namespace

/// What counts from the expiry that a key has would be counted twice.
bool ExpiryPages::mayRepeat() const { return m.action.kind != ActionKind::Add && m.action.kind != ActionKind::Scale && m.action.kind != ActionKind::Jitter; }

std::vector<RedisCommand> ExpiryPages::directCommands(std::span<const QByteArray> names) const {
  std::vector<RedisCommand> out;
  out.reserve(names.size());
  const qint64 now = m.clock.nowMs();
  for (const QByteArray& name : names) out.push_back(command(name, newExpiry(m.action, KeyImage::noExpiry, now, draw()).expiresAtMs));
  return out;
}

PageRunner::Seen ExpiryPages::look(const QByteArray& name, std::span<const Reply> replies) {
  Seen seen;
  const qint64 old = expiryOf(replies[0]);
  ++(old == -2 ? m.own.misses : m.own.hits);
  if (old == -2) {
    seen.what = Seen::What::Gone;
    return seen;
  }
  const ExpiryChange change = newExpiry(m.action, old, m.clock.nowMs(), draw());
  if (!change.changes) {
    seen.what = Seen::What::Keep;
    return seen;
  }
  seen.image = {name, {}, old, -1, change.expiresAtMs};
  return seen;
}

/// The old expiry is asked again within the transaction, where the new one does not depend on it: a WATCH of these keys costs the server more than all the rest (measured: 1.1 of 1.5 s for 200,000).
bool ExpiryPages::watches() const { return !m.action.setsOutright() || !m.hasExpireTime; }

std::vector<RedisCommand> ExpiryPages::commands(std::span<const KeyImage> images) const {
  std::vector<RedisCommand> out;
  out.reserve((watches() ? 1 : 2) * images.size());
  for (const KeyImage& image : images) {
    if (!watches()) out.push_back({expiryQuestion(), image.name});
    out.push_back(command(image.name, image.newExpiresAtMs));
  }
  return out;
}

bool ExpiryPages::settle(const Reply& exec, std::vector<KeyImage>& images, BatchResult& counts) {
  if (watches()) return PageRunner::settle(exec, images, counts);
  bool corrected = false;
  std::size_t at = 0;
  qint64 old = 0;
  for (const Reply::Item item : exec.root()) {
    if (at++ % 2 == 0) {
      old = item.integer();
      continue;
    }
    KeyImage& image = images[at / 2 - 1];
    ++(old == -2 ? m.own.misses : m.own.hits);
    ++(item.isError() ? counts.refused : item.integer() != 0 ? counts.done : counts.gone);
    if (old == -2 || old == image.expiresAtMs) continue;
    image.expiresAtMs = old;
    corrected = true;
  }
  return corrected;
}

Result<std::vector<std::size_t>> ExpiryPages::unfinished(std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) {
  std::map<QByteArray, const KeyImage*> imageOf;
  for (const KeyImage& image : images) imageOf.emplace(image.name, &image);
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : names) questions.push_back({expiryQuestion(), name});
  const Result<std::vector<Reply>> replies = askAll(questions);
  if (!replies) return replies.error();
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Reply& reply = (*replies)[i];
    if (reply.isError()) return m.servers.error(reply);
    const qint64 now = expiryOf(reply);
    ++(now == -2 ? m.own.misses : m.own.hits);
    const auto image = imageOf.find(names[i]);
    const auto is = [&](qint64 expiry) { return isSameExpiry(now, expiry); };
    if (now == -2)
      ++counts.gone;
    else if (image != imageOf.end() && is(image->second->newExpiresAtMs))
      ++counts.done;
    else if (image == imageOf.end() || is(image->second->expiresAtMs))
      left.push_back(i);
    else
      ++counts.changed;
  }
  return left;
}

}  // namespace cachedeck::keys
