// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"

#include <chrono>
#include <cstdio>
#include <mutex>
#include <vector>

namespace cachedeck::sample {
namespace {

struct State {
  std::mutex mutex;
  std::vector<std::string> secrets;
  std::chrono::steady_clock::time_point next;
  unsigned leftOut = 0;
};

State& state() {
  static State instance;
  return instance;
}

std::string hidden(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets)
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += 3) text.replace(at, secret.size(), "***");
  return text;
}

void write(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = ' ';
  std::fprintf(stderr, "cachedeck-sample: %s\n", text.c_str());
}

}  // namespace

void hideInLog(const std::string& secret) {
  if (secret.empty()) return;
  const std::lock_guard lock(state().mutex);
  state().secrets.push_back(secret);
}

std::string redacted(std::string text) {
  const std::lock_guard lock(state().mutex);
  return hidden(std::move(text), state().secrets);
}

void logLine(std::string_view text) { write(redacted(std::string(text))); }

void logSparingly(std::string_view text) {
  State& shared = state();
  std::unique_lock lock(shared.mutex);
  const auto now = std::chrono::steady_clock::now();
  if (now < shared.next) {
    ++shared.leftOut;
    return;
  }
  shared.next = now + std::chrono::seconds(1);
  std::string line = hidden(std::string(text), shared.secrets);
  if (shared.leftOut > 0) line += " (" + std::to_string(shared.leftOut) + " more such lines before)";
  shared.leftOut = 0;
  lock.unlock();
  write(std::move(line));
}

}  // namespace cachedeck::sample
