// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheaside/backend.h"

#include <memory>

namespace cachedeck::cacheaside {

/// This process's own memory, for development: bounded in bytes (keys, values and overhead), least recently used out first, expired
/// entries never served. A value that alone is larger than the bound is refused (Query).
///
/// One mutex guards all of it: order of use and bound are then exact, and it is held for well under a microsecond, since values are
/// copied outside of it. Only remove() with a wildcard looks at every entry under it.
class MemoryBackend : public Backend {
 public:
  explicit MemoryBackend(std::size_t maxBytes = 64u << 20);
  ~MemoryBackend() override;

  const char* name() const override { return "memory"; }
  bool available() const override { return true; }
  Outcome<void> probe() override { return {}; }
  Outcome<std::optional<std::string>> get(const std::string& key) override;
  Outcome<std::vector<std::optional<std::string>>> getMany(std::span<const std::string> keys) override;
  Outcome<void> set(const std::string& key, const std::string& value, std::chrono::milliseconds ttl) override;
  Outcome<void> setMany(std::span<const Entry> entries) override;

  struct Stats {
    std::size_t entries = 0, bytes = 0;  ///< now, those included that expired and were not met since
    std::uint64_t evicted = 0, expired = 0;
  };
  Stats stats() const;

 protected:
  Outcome<std::vector<std::uint64_t>> removeBy(std::span<const std::string> patterns, Time deadline) override;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

/// Nothing is ever cached, and each caller computes for himself: the baseline.
class NoBackend : public Backend {
 public:
  const char* name() const override { return "none"; }
  bool available() const override { return false; }
  bool shares() const override { return false; }
  Outcome<void> probe() override { return {}; }
  Outcome<std::optional<std::string>> get(const std::string&) override { return std::optional<std::string>(); }
  Outcome<std::vector<std::optional<std::string>>> getMany(std::span<const std::string> keys) override {
    return std::vector<std::optional<std::string>>(keys.size());
  }
  Outcome<void> set(const std::string&, const std::string&, std::chrono::milliseconds) override { return {}; }
  Outcome<void> setMany(std::span<const Entry>) override { return {}; }

 private:
  Outcome<std::vector<std::uint64_t>> removeBy(std::span<const std::string> patterns, Time) override {
    return std::vector<std::uint64_t>(patterns.size());
  }
};

}  // namespace cachedeck::cacheaside
