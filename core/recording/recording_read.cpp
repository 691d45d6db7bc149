// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_read.h"

#include "core/recording/recording_format.h"

#include <QFileInfo>
#include <QtEndian>

#include <cmath>
#include <map>

namespace cachedeck::recording {

namespace {

using snapshot::SeriesGroup;
using Groups = std::map<qint64, SeriesGroup>;  // by id

Error tooMuch() {
  return fail(Error::Kind::Usage, QStringLiteral("That range holds more than %1 million values. Ask for a shorter one.").arg(mostValues / (1024 * 1024)));
}

Result<void> checkRange(qint64 fromMs, qint64 toMs) {
  if (fromMs > toMs) return fail(Error::Kind::Usage, QStringLiteral("The range ends before it begins."));
  // As unsigned numbers, since the difference of two wild ones does not fit.
  const quint64 span = static_cast<quint64>(toMs) - static_cast<quint64>(fromMs);
  if (span <= static_cast<quint64>(std::chrono::milliseconds(longestRange).count())) return {};
  return fail(Error::Kind::Usage, QStringLiteral("A range is at most %1 days long. Ask for a shorter one.").arg(longestRange.count() / 24));
}

Result<Groups> groupsOf(SqliteFile& file) {
  Groups groups;
  auto rows = file.rows(QStringLiteral("SELECT g.id, g.name, c.metric FROM groups g LEFT JOIN columns c ON c.grp = g.id ORDER BY g.id, c.position"));
  if (!rows) return rows.error();
  while (rows->next()) {
    SeriesGroup& group = groups[rows->value(0).toLongLong()];
    group.name = rows->value(1).toByteArray();
    if (!rows->isNull(2)) group.columns.push_back({rows->value(2).toByteArray(), {}});
  }
  if (rows->lastError().isValid()) return file.error(rows->lastError());
  return groups;
}

void addGap(SeriesGroup& group, qint64 ms) {
  group.timesMs.push_back(ms);
  for (auto& column : group.columns) column.values.push_back(NAN);
}

// A row from before a column came is shorter: the rest was not measured.
void addRow(SeriesGroup& group, qint64 ms, const QByteArray& figures) {
  group.timesMs.push_back(ms);
  const auto count = static_cast<size_t>(figures.size()) / sizeof(float);
  for (size_t i = 0; i < group.columns.size(); ++i)
    group.columns[i].values.push_back(i < count ? qFromLittleEndian<float>(figures.constData() + i * sizeof(float)) : NAN);
}

std::vector<SeriesGroup> measured(Groups groups) {
  std::vector<SeriesGroup> found;
  for (auto& [id, group] : groups) {
    if (group.timesMs.empty()) continue;
    std::erase_if(group.columns, [](const SeriesGroup::Column& column) { return std::ranges::all_of(column.values, [](float value) { return std::isnan(value); }); });
    if (!group.columns.empty()) found.push_back(std::move(group));
  }
  return found;
}

}  // namespace

Result<std::vector<SeriesGroup>> readRecording(const QString& path, qint64 fromMs, qint64 toMs, std::stop_token stop) {
  if (auto range = checkRange(fromMs, toMs); !range) return range.error();
  const auto file = openToRead(path);
  if (!file) return file.error();
  auto groups = groupsOf(**file);
  if (!groups) return groups.error();
  auto rows = (*file)->rows(QStringLiteral("SELECT grp, ms, gap, figures FROM samples WHERE ms BETWEEN ? AND ? ORDER BY ms, grp"), {fromMs, toMs});
  if (!rows) return rows.error();
  qint64 values = 0;
  while (rows->next()) {
    const auto found = groups->find(rows->value(0).toLongLong());
    const QByteArray figures = rows->value(3).toByteArray();
    if (found == groups->end() || figures.size() % static_cast<qsizetype>(sizeof(float)) != 0) return damaged(path, QStringLiteral("a row does not fit its table"));
    SeriesGroup& group = found->second;
    const qint64 ms = rows->value(1).toLongLong();
    if (rows->value(2).toInt() != 0 && !group.timesMs.empty() && group.timesMs.back() + 1 < ms) addGap(group, group.timesMs.back() + 1);
    addRow(group, ms, figures);
    values += static_cast<qint64>(group.columns.size());
    if (values > mostValues) return tooMuch();
    if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Reading the recording was stopped."));
  }
  if (rows->lastError().isValid()) return (*file)->error(rows->lastError());
  return measured(std::move(*groups));
}

}  // namespace cachedeck::recording
