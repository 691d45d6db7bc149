// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/doctor/metrics_text.h"

#include "core/sources/prometheus/prometheus_json.h"

#include <algorithm>
#include <optional>

namespace cachedeck::doctor {

namespace {

constexpr size_t mostLines = 2000;

/// name="value" pairs up to the closing brace; the rest of the line begins at *at.
std::optional<PromLabels> labelsAt(const QString& line, qsizetype* at) {
  PromLabels labels;
  qsizetype i = *at;
  while (i < line.size() && line[i] != QLatin1Char('}')) {
    const qsizetype equals = line.indexOf(QLatin1String("=\""), i);
    if (equals < 0) return std::nullopt;
    const QString name = line.mid(i, equals - i).trimmed();
    QString value;
    for (i = equals + 2; i < line.size() && line[i] != QLatin1Char('"'); ++i) {
      const bool escaped = line[i] == QLatin1Char('\\') && i + 1 < line.size();
      if (escaped) ++i;
      value += escaped && line[i] == QLatin1Char('n') ? QLatin1Char('\n') : line[i];
    }
    labels.insert(name, value);
    ++i;
    while (i < line.size() && (line[i] == QLatin1Char(',') || line[i] == QLatin1Char(' '))) ++i;
  }
  if (i >= line.size()) return std::nullopt;
  *at = i + 1;
  return labels;
}

std::optional<MetricsText::Line> lineOf(const QString& text) {
  MetricsText::Line line;
  qsizetype at = 0;
  while (at < text.size() && text[at] != QLatin1Char('{') && text[at] != QLatin1Char(' ')) ++at;
  line.name = text.left(at);
  if (at < text.size() && text[at] == QLatin1Char('{')) {
    ++at;
    const std::optional<PromLabels> labels = labelsAt(text, &at);
    if (!labels) return std::nullopt;
    line.labels = *labels;
  }
  if (!promNumber(text.mid(at).simplified().section(QLatin1Char(' '), 0, 0), &line.value)) return std::nullopt;
  return line;
}

}  // namespace

MetricsText MetricsText::parse(const QByteArray& text, const QByteArrayList& beginnings) {
  MetricsText all;
  for (qsizetype at = 0; at < text.size() && all.m_lines.size() < mostLines;) {
    qsizetype end = text.indexOf('\n', at);
    if (end < 0) end = text.size();
    const QByteArray line = text.mid(at, end - at);
    at = end + 1;
    if (!std::any_of(beginnings.begin(), beginnings.end(), [&](const QByteArray& word) { return line.startsWith(word); })) continue;
    if (const std::optional<Line> read = lineOf(QString::fromUtf8(line))) all.m_lines.push_back(*read);
  }
  return all;
}

bool MetricsText::has(const char* name) const {
  return std::any_of(m_lines.begin(), m_lines.end(), [&](const Line& line) { return line.name == QLatin1String(name); });
}

double MetricsText::sum(const char* name) const {
  double sum = 0;
  for (const Line& line : m_lines)
    if (line.name == QLatin1String(name)) sum += line.value;
  return sum;
}

QMap<QString, double> MetricsText::by(const char* name, const char* label) const {
  QMap<QString, double> sums;
  for (const Line& line : m_lines)
    if (line.name == QLatin1String(name)) sums[line.labels.value(QLatin1String(label))] += line.value;
  return sums;
}

}  // namespace cachedeck::doctor
