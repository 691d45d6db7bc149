// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/log.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
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

constexpr std::size_t shortestHidden = 4, shortestInside = 6;

bool isWordPart(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80) != 0; }

bool standsAlone(const std::string& text, std::size_t at, std::size_t size) {
  return (at == 0 || !isWordPart(text[at - 1])) && (at + size >= text.size() || !isWordPart(text[at + size]));
}

std::string hidden(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets)
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
      const bool hide = secret.size() >= shortestInside || standsAlone(text, at, secret.size());
      if (hide) text.replace(at, secret.size(), "***");
      at += hide ? 3 : 1;
    }
  return text;
}

std::string timeText() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(now));
  const auto more = std::chrono::duration_cast<std::chrono::milliseconds>(now - std::chrono::floor<std::chrono::seconds>(now)).count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char day[32], text[48];
  std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text, sizeof text, "%s.%03dZ", day, static_cast<int>(more));
  return text;
}

void write(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = ' ';
  std::fprintf(stderr, "%s cachedeck-sample: %s\n", timeText().c_str(), text.c_str());
}

}  // namespace

void hideInLog(const std::string& secret) {
  if (secret.size() < shortestHidden) return;
  const std::lock_guard lock(state().mutex);
  std::vector<std::string>& all = state().secrets;
  // The longest first: another one may be a part of it.
  const auto place = std::find_if(all.begin(), all.end(), [&secret](const std::string& one) { return one.size() <= secret.size(); });
  all.insert(place, secret);
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
