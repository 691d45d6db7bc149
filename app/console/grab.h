// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/watch.h"
#include "app/console/console.h"

#include <QTimer>

#include <chrono>

namespace cachedeck {

struct GrabOptions {
  QString file;
  std::chrono::milliseconds after{10000};
  bool figures = false;  ///< print the live figures on standard output too
};

/// Waits until the console has been connected for a while, saves a picture of its window and ends the application:
/// 0, or 1 when the file or the figures cannot be written, 3 when no source could be reached.
class Grab : public QObject {
  Q_OBJECT
 public:
  Grab(Console& console, const GrabOptions& options);

 private:
  void take();
  int exitCode() const;
  Result<void> printFigures() const;

  Console& m_console;
  const GrabOptions m_options;
  QTimer m_timer;
  LiveFigures m_figures;
};

}  // namespace cachedeck
