// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/delete_pages.h"

#include <map>

namespace cachedeck::keys {

std::vector<RedisCommand> DeletePages::directCommands(std::span<const QByteArray> names) const {
  RedisCommand unlink{"UNLINK"};
  unlink.reserve(static_cast<qsizetype>(names.size()) + 1);
  for (const QByteArray& name : names) unlink.append(name);
  return {std::move(unlink)};
}

void DeletePages::ask(const QByteArray& name, std::vector<RedisCommand>& commands) const {
  commands.push_back({"DUMP", name});
  commands.push_back({expiryQuestion(), name});
}

PageRunner::Seen DeletePages::look(const QByteArray& name, std::span<const Reply> replies) {
  Seen seen;
  const bool there = replies[0].type() == Reply::Type::Text;
  (there ? m.own.hits : m.own.misses) += 2;
  const qint64 expiry = expiryOf(replies[1]);
  if (!there || expiry == -2) {
    seen.what = Seen::What::Gone;
    return seen;
  }
  seen.image = {name, replies[0].text().toByteArray(), expiry, -1, KeyImage::noExpiry};
  return seen;
}

std::vector<RedisCommand> DeletePages::commands(std::span<const KeyImage> images) const {
  RedisCommand unlink{"UNLINK"};
  for (const KeyImage& image : images) unlink.append(image.name);
  return {std::move(unlink)};
}

Result<std::vector<std::size_t>> DeletePages::unfinished(RedisConnection& connection, std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) {
  std::map<QByteArray, const KeyImage*> imageOf;
  for (const KeyImage& image : images) imageOf.emplace(image.name, &image);
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : names) imageOf.contains(name) ? questions.push_back({"DUMP", name}) : questions.push_back({"EXISTS", name});
  const Result<std::vector<Reply>> replies = exchange(connection, questions);
  if (!replies) return replies.error();
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Reply& reply = (*replies)[i];
    if (reply.isError()) return connection.error(reply);
    const auto image = imageOf.find(names[i]);
    const bool there = image != imageOf.end() ? reply.type() == Reply::Type::Text : reply.integer() != 0;
    ++(there ? m.own.hits : m.own.misses);
    if (!there)
      ++counts.done;  // by us, as far as anybody can tell
    else if (image == imageOf.end() || reply.text() == QByteArrayView(image->second->dump))
      left.push_back(i);
    else
      ++counts.changed;  // somebody has made it anew
  }
  return left;
}

}  // namespace cachedeck::keys
