// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/delete_pages.h"

#include "core/keys/same_value.h"

#include <algorithm>
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

Result<std::vector<std::size_t>> DeletePages::unfinished(std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) {
  std::map<QByteArray, const KeyImage*> imageOf;
  for (const KeyImage& image : images) imageOf.emplace(image.name, &image);
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : names) questions.push_back({"MEMORY", "USAGE", name});  // counts as no look-up
  const Result<std::vector<Reply>> sizes = askAll(questions);
  if (!sizes) return sizes.error();
  std::vector<std::size_t> left, compared;
  questions.clear();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Reply& size = (*sizes)[i];
    if (size.isError()) return m.servers.error(size);
    if (size.type() == Reply::Type::Nil) {
      ++counts.done;  // by us, as far as anybody can tell
    } else if (imageOf.contains(names[i])) {
      compared.push_back(i);
      questions.push_back({"DUMP", names[i]});
      questions.push_back({expiryQuestion(), names[i]});
    } else {
      left.push_back(i);
    }
  }
  if (questions.empty()) return left;
  const Result<std::vector<Reply>> dumps = askAll(questions);
  if (!dumps) return dumps.error();
  for (std::size_t i = 0; i < compared.size(); ++i) {
    const Reply &dump = (*dumps)[2 * i], &expiry = (*dumps)[2 * i + 1];
    if (dump.isError() || expiry.isError()) return m.servers.error(dump.isError() ? dump : expiry);
    const bool there = dump.type() == Reply::Type::Text;
    const KeyImage& image = *imageOf[names[compared[i]]];
    (there ? m.own.hits : m.own.misses) += 2;
    if (!there)
      ++counts.done;
    else if (isSameValue(dump.text(), image.dump) && isSameExpiry(expiryOf(expiry), image.expiresAtMs))
      left.push_back(compared[i]);
    else
      ++counts.changed;  // somebody has made it anew
  }
  std::ranges::sort(left);
  return left;
}

}  // namespace cachedeck::keys
