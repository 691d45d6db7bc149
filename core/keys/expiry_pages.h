// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/page_runner.h"

namespace cachedeck::keys {

/// Changes expiries by PEXPIREAT and PERSIST; the old ones are kept before.
class ExpiryPages : public PageRunner {
 public:
  explicit ExpiryPages(const Parts& parts) : PageRunner(parts) {}
  Result<std::vector<std::size_t>> unfinished(std::span<const QByteArray> names, std::span<const KeyImage> images, BatchResult& counts) override;

  bool mayRepeat() const override;

 private:
  std::vector<RedisCommand> directCommands(std::span<const QByteArray> names) const override;
  void ask(const QByteArray& name, std::vector<RedisCommand>& commands) const override { commands.push_back({expiryQuestion(), name}); }
  std::size_t questions() const override { return 1; }
  Seen look(const QByteArray& name, std::span<const Reply> replies) override;
  std::vector<RedisCommand> commands(std::span<const KeyImage> images) const override;
  bool watches() const override;
  bool settle(const Reply& exec, std::vector<KeyImage>& images, BatchResult& counts) override;
};

}  // namespace cachedeck::keys
