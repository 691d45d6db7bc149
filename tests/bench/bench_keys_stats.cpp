// SPDX-License-Identifier: GPL-3.0-or-later
// Cost of counting keys by name and by prefix, beside std::unordered_set of the same names for the first and a plain search for the separators for the second. Prints
// nanoseconds a name, bytes a name and the ratios, then the memory and the largest pause with 20 M keys.
#include "core/keys/analysis.h"
#include "core/keys/key_set.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <unordered_set>
#include <vector>

using namespace cachedeck::keys;

namespace {

using Clock = std::chrono::steady_clock;

volatile std::size_t sink;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

template <typename Work>
double secondsOf(Work work) {
  const auto start = Clock::now();
  work();
  return secondsSince(start);
}

/// A million names of `form`, filled with an id and, where it takes two numbers, the id modulo 977.
std::vector<std::string> namesOf(const char* form) {
  constexpr unsigned count = 1'000'000;
  std::vector<std::string> names;
  names.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    // Scattered, as SCAN gives them.
    const unsigned id = i * 2654435761u;
    char text[64];
    const int size = std::snprintf(text, sizeof(text), form, id, id % 977);
    names.emplace_back(text, static_cast<std::size_t>(size));
  }
  return names;
}

QByteArrayView viewOf(const std::string& name) { return {name.data(), static_cast<qsizetype>(name.size())}; }

void sets(const std::vector<std::string>& names) {
  KeySet set;
  const double ours = secondsOf([&] { for (const std::string& name : names) set.insert(viewOf(name)); });
  std::unordered_set<std::string> plain;
  const double theirs = secondsOf([&] { for (const std::string& name : names) plain.insert(name); });
  const auto count = static_cast<double>(names.size());
  std::printf("%-34s %8.3f s %7.0f ns  %5.1f bytes/name   std::unordered_set %.3f s, ratio %.1f\n", "KeySet, 1 M", ours, 1e9 * ours / count,
              static_cast<double>(set.bytes()) / count, theirs, theirs / ours);
}

void prefixes(const char* title, const std::vector<std::string>& names) {
  const double least = secondsOf([&] {
    for (const std::string& name : names)
      for (const char* at = name.data(); (at = static_cast<const char*>(std::memchr(at, ':', static_cast<std::size_t>(name.data() + name.size() - at)))); ++at) sink = sink + 1;
  });
  PrefixStats stats(QByteArrayLiteral(":"));
  const double ours = secondsOf([&] { for (const std::string& name : names) stats.add(viewOf(name), 100, 60000); });
  const double rows = secondsOf([&] { sink = static_cast<std::size_t>(stats.children(stats.children({}).first().prefix).size()); });
  const auto count = static_cast<double>(names.size());
  std::printf("%-34s %8.3f s %7.0f ns  %5.1f MB  children() %.0f ms   search alone %.3f s, ratio %.1f\n", title, ours, 1e9 * ours / count,
              static_cast<double>(stats.memoryBytes()) / 1e6, 1e3 * rows, least, ours / least);
}

void analysis(const std::vector<std::string>& names) {
  Analysis all(QByteArrayLiteral(":"), {});
  const QByteArray type("string");
  qint64 i = 0;
  const double ours = secondsOf([&] {
    for (const std::string& name : names) {
      ++i;
      all.add({viewOf(name), i % 5000, (i * 7919) % 86'400'000, type}, 1'700'000'000'000);
    }
  });
  const double cliffs = secondsOf([&] { sink = static_cast<std::size_t>(all.cliffs().size()); });
  std::printf("%-34s %8.3f s %7.0f ns  cliffs() %.0f ms\n", "Analysis, 1 M", ours, 1e9 * ours / static_cast<double>(names.size()), 1e3 * cliffs);
}

void many() {
  constexpr unsigned count = 10'000'000;
  KeySet set;
  PrefixStats stats(QByteArrayLiteral(":"));
  qint64 most = 0;
  double longest = 0, inSet = 0, inStats = 0;
  for (unsigned i = 0; i < 2 * count; ++i) {
    char text[64];
    const int size = i % 2 == 0 ? std::snprintf(text, sizeof(text), "session:%u:%u", i % 977, i) : std::snprintf(text, sizeof(text), "user:%u:profile", i);
    const auto start = Clock::now();
    if (i < count) set.insert({text, size});
    const auto between = Clock::now();
    stats.add({text, size});
    const double one = secondsSince(between);
    inSet += std::chrono::duration<double>(between - start).count();
    inStats += one;
    longest = std::max(longest, one);
    most = std::max(most, stats.memoryBytes());
  }
  std::printf("%-34s %8.3f s  %.1f bytes/name\n", "KeySet, 10 M", inSet, static_cast<double>(set.bytes()) / count);
  std::printf("%-34s %8.3f s  at most %.1f MB, longest add() %.0f ms\n", "PrefixStats, 10 M + 10 M keys", inStats, static_cast<double>(most) / 1e6, 1e3 * longest);
}

}  // namespace

int main() {
  sets(namesOf("key:%012u:%03u"));
  prefixes("PrefixStats, 977 prefixes", namesOf("item:%2$03u:%1$010u"));
  prefixes("PrefixStats, a prefix a key", namesOf("user:%010u:name"));
  analysis(namesOf("item:%2$03u:%1$010u"));
  many();
  return 0;
}
