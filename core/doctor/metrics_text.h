// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/prometheus/prometheus_types.h"

#include <QByteArray>

#include <vector>

namespace cachedeck::doctor {

/// The lines of a /metrics page whose names begin with one of some words.
class MetricsText {
 public:
  struct Line {
    QString name;
    PromLabels labels;
    double value = 0;
  };
  /// Any bytes. Lines that are none are skipped; at most 2,000 are kept.
  static MetricsText parse(const QByteArray& text, const QByteArrayList& beginnings);

  const std::vector<Line>& lines() const { return m_lines; }
  bool has(const char* name) const;
  /// Over all label sets; 0 without any.
  double sum(const char* name) const;
  /// By the value of a label.
  QMap<QString, double> by(const char* name, const char* label) const;

 private:
  std::vector<Line> m_lines;
};

}  // namespace cachedeck::doctor
