// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/page_runner.h"

namespace cachedeck::keys {

/// Removes by UNLINK; with undo the keys' DUMPs are kept before.
class DeletePages : public PageRunner {
 public:
  explicit DeletePages(const Parts& parts) : PageRunner(parts) {}
  Result<std::vector<std::size_t>> unfinished(std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) override;

  bool mayRepeat() const override { return true; }

 private:
  std::vector<RedisCommand> directCommands(std::span<const QByteArray> names) const override;
  void ask(const QByteArray& name, std::vector<RedisCommand>& commands) const override;
  std::size_t questions() const override { return 2; }
  Seen look(const QByteArray& name, std::span<const Reply> replies) override;
  std::vector<RedisCommand> commands(std::span<const KeyImage> images) const override;
};

}  // namespace cachedeck::keys
