// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/series_csv.h"

#include "core/base/text.h"
#include "core/snapshot/bundle_json.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"

#include <QSet>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace cachedeck::snapshot {

namespace {

constexpr char timeName[] = "time_ms";
// "-1.17549435e-38" and "-9223372036854775808", each with what follows it.
constexpr qsizetype longestValue = 17, longestTime = 22;

QString columnFault(const SeriesGroup::Column& column, std::size_t rows, QSet<QByteArray>& seen) {
  const QString id = printable(column.metric, 60);
  if (!isMetricId(column.metric)) return QStringLiteral("“%1” is no id of a metric").arg(id);
  if (seen.contains(column.metric)) return QStringLiteral("the metric %1 stands in two columns").arg(id);
  if (column.values.size() != rows) return QStringLiteral("the column %1 has %2 values for %3 times").arg(id).arg(column.values.size()).arg(rows);
  seen.insert(column.metric);
  return {};
}

char* putRow(const SeriesGroup& group, std::size_t row, char* at, char* end) {
  at = std::to_chars(at, end, group.timesMs[row]).ptr;
  for (const SeriesGroup::Column& column : group.columns) {
    *at++ = ',';
    if (const float value = column.values[row]; std::isfinite(value)) at = std::to_chars(at, end, value).ptr;
  }
  *at++ = '\n';
  return at;
}

/// Reads one member line by line; the first thing that is wrong stays.
class Parser {
 public:
  Parser(const QByteArray& csv, const QByteArray& name) : m_at(csv.constData()), m_end(m_at + csv.size()), m_bytes(csv) { m_group.name = name; }

  Result<SeriesGroup> group(qint64& cellsLeft) {
    if (auto head = header(); !head) return head.error();
    if (auto room = makeRoom(cellsLeft); !room) return room.error();
    while (m_at < m_end) {
      ++m_line;
      if (auto read = row(); !read) return read.error();
    }
    return std::move(m_group);
  }

 private:
  Error wrong(const QString& what) const { return reason(QStringLiteral("%1, line %2: %3").arg(QString::fromLatin1(memberIn(seriesFolder, m_group.name)), QString::number(m_line), what)); }

  Result<void> header() {
    const qsizetype length = m_bytes.indexOf('\n');
    if (length < 0) return wrong(QStringLiteral("the header is missing"));
    // Counted before the list of names is made.
    if (const auto commas = static_cast<std::size_t>(std::count(m_at, m_at + length, ',')); commas > mostColumns) return wrong(QStringLiteral("it has %1 columns; at most %2 are read").arg(commas).arg(mostColumns));
    const QByteArrayList names = m_bytes.first(length).split(',');
    if (names.first() != timeName) return wrong(QStringLiteral("the first column is not %1").arg(QLatin1String(timeName)));
    for (qsizetype i = 1; i < names.size(); ++i) m_group.columns.push_back({names[i], {}});
    m_at += length + 1;
    if (const QString fault = groupFault(m_group); !fault.isEmpty()) return wrong(fault);
    return {};
  }

  Result<void> makeRoom(qint64& cellsLeft) {
    const auto rows = static_cast<std::size_t>(std::count(m_at, m_end, '\n'));
    const auto width = static_cast<std::size_t>(m_group.columns.size()) + 1;
    // A cell takes at least a comma or a line's end: what is promised beyond that is not there.
    if (rows * width > static_cast<std::size_t>(m_end - m_at)) return wrong(QStringLiteral("there are fewer cells than the header has columns"));
    const auto cells = static_cast<qint64>(rows * width);
    if (cells > cellsLeft) return wrong(QStringLiteral("with it the series have more cells than are read"));
    cellsLeft -= cells;
    m_group.timesMs.reserve(rows);
    for (SeriesGroup::Column& column : m_group.columns) column.values.reserve(rows);
    return {};
  }

  Result<void> row() {
    qint64 time = 0;
    const auto [after, code] = std::from_chars(m_at, m_end, time);
    if (code != std::errc() || !isTime(time)) return wrong(QStringLiteral("“%1” is no time in milliseconds from 1970 to 9999").arg(cellText()));
    if (!m_group.timesMs.empty() && time < m_group.timesMs.back()) return wrong(QStringLiteral("the time goes back"));
    m_group.timesMs.push_back(time);
    m_at = after;
    for (SeriesGroup::Column& column : m_group.columns) {
      if (m_at == m_end || *m_at != ',') return wrong(cellsFault());
      ++m_at;
      if (auto read = value(column); !read) return read;
    }
    if (m_at == m_end || *m_at != '\n') return wrong(cellsFault());
    ++m_at;
    return {};
  }

  Result<void> value(SeriesGroup::Column& column) {
    if (m_at == m_end || *m_at == ',' || *m_at == '\n') {
      column.values.push_back(std::numeric_limits<float>::quiet_NaN());
      return {};
    }
    // from_chars knows "inf" and "nan", a snapshot does not.
    const char first = *m_at == '-' && m_at + 1 < m_end ? m_at[1] : *m_at;
    float number = 0;
    const auto [after, code] = std::from_chars(m_at, m_end, number);
    const bool whole = after == m_end || *after == ',' || *after == '\n';
    if (code != std::errc() || !whole || first < '0' || first > '9') return wrong(QStringLiteral("“%1” of %2 is no number").arg(cellText(), QString::fromLatin1(column.metric)));
    column.values.push_back(number);
    m_at = after;
    return {};
  }

  QString cellsFault() const {
    if (m_at == m_end) return QStringLiteral("its end is missing");
    if (*m_at == ',' || *m_at == '\n') return QStringLiteral("there are more or fewer cells than the header has columns");
    return QStringLiteral("“%1” stands where a cell ends").arg(cellText());
  }

  QString cellText() const {
    const char* const end = std::find_if(m_at, m_end, [](char c) { return c == ',' || c == '\n'; });
    return printable(QByteArray(m_at, std::min<qsizetype>(end - m_at, 200)), 40);
  }

  const char* m_at;
  const char* m_end;
  const QByteArray& m_bytes;
  qint64 m_line = 1;
  SeriesGroup m_group;
};

}  // namespace

QString groupFault(const SeriesGroup& group) {
  if (!isPartName(group.name)) return QStringLiteral("“%1” is no name of a group of series").arg(printable(group.name, 60));
  if (group.columns.size() > mostColumns) return QStringLiteral("it has %1 columns; at most %2 fit").arg(group.columns.size()).arg(mostColumns);
  if (!std::ranges::is_sorted(group.timesMs)) return QStringLiteral("its times go back");
  if (!group.timesMs.empty() && (!isTime(group.timesMs.front()) || !isTime(group.timesMs.back()))) return QStringLiteral("its times are not from 1970 to 9999");
  QSet<QByteArray> seen;
  for (const SeriesGroup::Column& column : group.columns)
    if (const QString fault = columnFault(column, group.timesMs.size(), seen); !fault.isEmpty()) return fault;
  return {};
}

QByteArray seriesCsv(const SeriesGroup& group) {
  QByteArray csv(timeName);
  for (const SeriesGroup::Column& column : group.columns) csv += ',' + column.metric;
  csv += '\n';
  const qsizetype widest = longestTime + longestValue * static_cast<qsizetype>(group.columns.size());
  qsizetype used = csv.size();
  for (std::size_t row = 0; row < group.timesMs.size(); ++row) {
    if (csv.size() - used < widest) csv.resize(std::max(2 * csv.size(), used + widest));
    char* const begin = csv.data();
    used = putRow(group, row, begin + used, begin + csv.size()) - begin;
  }
  csv.resize(used);
  return csv;
}

Result<SeriesGroup> seriesFromCsv(const QByteArray& csv, const QByteArray& name, qint64& cellsLeft) { return Parser(csv, name).group(cellsLeft); }

}  // namespace cachedeck::snapshot
