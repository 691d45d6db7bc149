// SPDX-License-Identifier: GPL-3.0-or-later
// Cost of keeping and reading samples, beside the least that the same work can cost: a plain store into a ring for
// appending, a scan of all samples for reading. Prints nanoseconds, microseconds, bytes and the ratios.
#include "core/metrics/ring.h"

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

using namespace cachedeck;

namespace {

template <typename Work>
double secondsOf(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

volatile float sink;

struct Figures {
  double appendNs, storeNs, readUs, scanUs, bytes;
};

Figures measure(qint64 samples, int pixels) {
  std::vector<float> input(static_cast<size_t>(samples));
  for (size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(std::sin(static_cast<double>(i) * 0.01));
  Figures figures{};
  RingSeries<float> series(samples, 0);
  std::vector<float> plain(input.size());
  figures.appendNs = 1e9 * secondsOf([&] { for (const float value : input) series.push(value); }) / static_cast<double>(samples);
  figures.storeNs = 1e9 * secondsOf([&] {
    for (size_t i = 0; i < input.size(); ++i) {
      plain[i % plain.size()] = input[i];
      sink = plain[i];
    }
  }) / static_cast<double>(samples);

  // As History::window() does: a power of two rows, aligned.
  const auto stride = static_cast<qint64>(std::bit_ceil(static_cast<quint64>(std::max<qint64>(1, samples / (2 * pixels)))));
  constexpr int rounds = 20;
  figures.readUs = 1e6 / rounds * secondsOf([&] {
    for (int round = 0; round < rounds; ++round)
      for (qint64 row = 0; row + stride <= samples; row += stride) sink = series.over(row, row + stride).max;
  });
  figures.scanUs = 1e6 / rounds * secondsOf([&] {
    for (int round = 0; round < rounds; ++round)
      for (qint64 row = 0; row + stride <= samples; row += stride) {
        float low = plain[static_cast<size_t>(row)], high = low;
        for (qint64 i = row; i < row + stride; ++i) {
          low = std::min(low, plain[static_cast<size_t>(i)]);
          high = std::max(high, plain[static_cast<size_t>(i)]);
        }
        sink = high - low;
      }
  });
  figures.bytes = static_cast<double>(series.bytes()) / static_cast<double>(samples);
  return figures;
}

}  // namespace

int main() {
  std::printf("%10s %12s %12s %8s %14s %14s %8s %10s\n", "samples", "append ns", "store ns", "ratio", "read 600px us", "scan us",
              "ratio", "bytes/smp");
  for (const qint64 samples : {3'600, 100'000, 1'000'000}) {
    const Figures f = measure(samples, 600);
    std::printf("%10lld %12.1f %12.1f %8.1f %14.1f %14.1f %8.2f %10.2f\n", static_cast<long long>(samples), f.appendNs, f.storeNs,
                f.appendNs / f.storeNs, f.readUs, f.scanUs, f.scanUs / f.readUs, f.bytes);
  }
  return 0;
}
