// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/recording_read.h"
#include "core/recording/recording_store.h"

#include <QFile>
#include <QTest>

#include <array>
#include <cmath>

namespace cachedeck::test {

using namespace cachedeck::recording;

constexpr qint64 dayStart = 1'700'000'000'000;

/// Names of the length that the catalog's have, alive as long as the program.
inline QLatin1String metricName(int index) {
  static const auto names = [] {
    std::array<QByteArray, 64> made;
    for (size_t i = 0; i < made.size(); ++i) made[i] = "redis.metric_number_" + QByteArray::number(static_cast<int>(i));
    return made;
  }();
  return QLatin1String(names[static_cast<size_t>(index)]);
}

/// A value that tells its row and column, exact as a float.
inline double valueOf(qint64 row, int column) { return static_cast<double>(row % 65'536) + column * 0.015625; }

inline RecordingRow rowOf(qint64 row, int columns = 3, const QByteArray& group = "redis") {
  RecordingRow made{group, dayStart + row * 1000, {}, false, 2500};
  for (int i = 0; i < columns; ++i) made.values.emplace_back(metricName(i), valueOf(row, i));
  return made;
}

inline std::vector<RecordingRow> rowsOf(qint64 from, qint64 count, int columns = 3, const QByteArray& group = "redis") {
  std::vector<RecordingRow> rows;
  for (qint64 row = from; row < from + count; ++row) rows.push_back(rowOf(row, columns, group));
  return rows;
}

inline RecordingPlace placeIn(const QString& folder, const QString& name = QStringLiteral("shop")) {
  return {folder + QStringLiteral("/recordings/") + name + QStringLiteral(".sqlite"), QStringLiteral("Shop"), QStringLiteral("production"), true};
}

/// Everything that is in a file.
inline Result<std::vector<snapshot::SeriesGroup>> readDay(const QString& file) { return readRecording(file, dayStart - 1000, dayStart + 30LL * 86'400'000); }

/// Whether rows [from, from + count) are in the group, whole, and nothing else.
inline bool holdsRows(const snapshot::SeriesGroup& group, qint64 from, qint64 count) {
  if (static_cast<qint64>(group.timesMs.size()) != count) return false;
  for (size_t i = 0; i < group.timesMs.size(); ++i) {
    const qint64 row = from + static_cast<qint64>(i);
    if (group.timesMs[i] != dayStart + row * 1000) return false;
    for (size_t column = 0; column < group.columns.size(); ++column)
      if (static_cast<double>(group.columns[column].values[i]) != valueOf(row, static_cast<int>(column))) return false;
  }
  return true;
}

}  // namespace cachedeck::test
