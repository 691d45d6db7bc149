// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/prometheus/series_names.h"

#include "core/base/text.h"

#include <QSet>

namespace cachedeck {

namespace {

constexpr QLatin1String nameLabel("__name__");
constexpr qsizetype longestName = 60;

/// The labels that not all series have with the same value.
QStringList varying(const std::vector<PromSeries>& series) {
  QSet<QString> seen;
  for (const PromSeries& one : series)
    for (auto it = one.labels.begin(); it != one.labels.end(); ++it) seen.insert(it.key());
  QStringList keys;
  for (const QString& key : seen)
    for (const PromSeries& one : series)
      if (one.labels.value(key) != series.front().labels.value(key)) {
        keys << key;
        break;
      }
  keys.sort();
  return keys;
}

}  // namespace

QString seriesText(const PromLabels& labels, qsizetype longest) {
  QStringList parts;
  for (auto it = labels.begin(); it != labels.end(); ++it) {
    QString value = it.value();
    value.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
    if (it.key() != nameLabel) parts << it.key() + QLatin1String("=\"") + value + QLatin1Char('"');
  }
  const QString name = labels.value(nameLabel);
  const QString set = parts.isEmpty() && !name.isEmpty() ? QString() : QLatin1Char('{') + parts.join(QLatin1String(", ")) + QLatin1Char('}');
  return printable(name + set, longest);
}

QStringList seriesNames(const std::vector<PromSeries>& series, const QString& alone) {
  QStringList names;
  if (series.empty()) return names;
  const QStringList keys = varying(series);
  for (const PromSeries& one : series) {
    QStringList parts;
    for (const QString& key : keys)
      if (const QString value = one.labels.value(key); !value.isEmpty()) parts << (keys.size() == 1 || key == nameLabel ? value : key + QLatin1Char('=') + value);
    const QString own = one.labels.value(nameLabel);
    const QString name = !parts.isEmpty() ? parts.join(QLatin1String(", ")) : !own.isEmpty() ? own : alone;
    names << printable(name, longestName);
  }
  return names;
}

}  // namespace cachedeck
