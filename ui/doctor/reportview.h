// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/doctor.h"

#include <QScrollArea>

namespace cachedeck {

/// A report: findings by severity, then what was looked at, and what was not.
class ReportView : public QScrollArea {
  Q_OBJECT
 public:
  /// More findings than that are only told in the copied text.
  static constexpr int mostShown = 200;

  explicit ReportView(QWidget* parent = nullptr);
  void setReport(const doctor::Report& report);
};

}  // namespace cachedeck
