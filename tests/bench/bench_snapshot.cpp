// SPDX-License-Identifier: GPL-3.0-or-later
// The file of a snapshot of 24 h × 40 series at one second: time to write and to read it, its size, beside the least that the same work can cost: its CSV as plain bytes to disk and back.
#include "core/snapshot/bundle.h"
#include "core/snapshot/series_csv.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

using namespace cachedeck;
using namespace cachedeck::snapshot;

namespace {

constexpr int seconds = 24 * 3600;
constexpr qint64 startMs = 1'796'000'000'000;

double secondsOf(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What consoles see: whole numbers that wander (clients, bytes), percents of two or three decimals, rates, counters.
std::vector<float> walk(int kind, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<float> values;
  double level = kind == 1 ? 92 : kind == 2 ? 40'000 : kind == 3 ? 1e6 : 120;
  for (int i = 0; i < seconds; ++i) {
    const double step = normal(random);
    switch (kind) {
      case 0: level = std::max(0.0, level + std::round(0.6 * step)); break;                                  // connections
      case 1: level = std::clamp(level + 0.05 * step, 0.0, 100.0); break;                                    // percent
      case 2: level = std::max(0.0, level + 300 * step); break;                                              // operations a second
      default: level += std::max(0.0, std::round(20 + 8 * step)); break;                                     // counter
    }
    values.push_back(static_cast<float>(kind == 1 ? std::round(level * (seed % 2 ? 1000 : 100)) / (seed % 2 ? 1000 : 100) : std::round(level)));
  }
  return values;
}

Snapshot dayOf(int metrics, int groups) {
  Snapshot snapshot;
  snapshot.id = newSnapshotId(startMs);
  snapshot.takenMs = snapshot.toMs = startMs + 1000LL * seconds;
  snapshot.fromMs = startMs;
  for (int g = 0; g < groups; ++g) {
    SeriesGroup group{QByteArray("source") + QByteArray::number(g), {}, {}};
    for (int i = 0; i < seconds; ++i) group.timesMs.push_back(startMs + 1000LL * i + (i * 7919) % 4);
    for (int m = g; m < metrics; m += groups) group.columns.push_back({group.name + ".metric" + QByteArray::number(m), walk(m % 4, static_cast<unsigned>(m))});
    snapshot.series.push_back(std::move(group));
  }
  return snapshot;
}

/// The least: the same text, as it is, to disk and back.
void plainFile(const Snapshot& snapshot, const QString& path) {
  QByteArray all;
  for (const SeriesGroup& group : snapshot.series) all += seriesCsv(group);
  double read = 0;
  const double write = secondsOf([&] {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(all);
  });
  read = secondsOf([&] {
    QFile file(path);
    if (file.open(QIODevice::ReadOnly)) all = file.readAll();
  });
  std::printf("plain CSV as it is            write %5.2f s  read %5.2f s  %6.1f MB\n", write, read, 1e-6 * static_cast<double>(all.size()));
}

bool same(const Snapshot& a, const Snapshot& b) {
  for (std::size_t g = 0; g < a.series.size(); ++g) {
    if (a.series[g].timesMs != b.series[g].timesMs) return false;
    for (std::size_t c = 0; c < a.series[g].columns.size(); ++c)
      if (a.series[g].columns[c].values != b.series[g].columns[c].values) return false;
  }
  return a.series.size() == b.series.size();
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QTemporaryDir folder;
  const Snapshot day = dayOf(40, 3);
  const QString path = folder.filePath(QStringLiteral("day.cdsnap"));
  plainFile(day, folder.filePath(QStringLiteral("day.csv")));
  bool good = true;
  for (int round = 0; round < 3; ++round) {
    const double write = secondsOf([&] { good = writeBundle(day, path).ok() && good; });
    Snapshot back;
    const double read = secondsOf([&] {
      auto result = readBundle(path);
      good = result.ok() && good;
      if (result) back = std::move(*result);
    });
    const double list = secondsOf([&] { good = readManifest(path).ok() && good; });
    const double verify = secondsOf([&] { good = verifyBundle(path).ok() && good; });
    good = same(day, back) && good;
    const double megabytes = 1e-6 * static_cast<double>(QFile(path).size());
    std::printf("24 h x 40 series at 1 s       write %5.2f s (goal < 2)  read %5.2f s (goal < 1)  %6.1f MB (goal < 15)  manifest %6.2f ms  verify %5.2f s\n", write, read, megabytes, 1000 * list, verify);
    good = good && write < 2 && read < 1 && megabytes < 15;
  }
  std::puts(good ? "within the goals, values equal" : "NOT within the goals, or values differ");
  return good ? 0 : 1;
}
