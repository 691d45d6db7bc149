// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/sources/source.h"

#include <QObject>

#include <memory>
#include <optional>

namespace cachedeck {

/// What a successful test found.
struct TestOutcome {
  Identity identity;
  double roundTripSeconds = 0;
  QStringList notes;
};

/// Connects once and measures once, on a Worker of its own; the window goes on meanwhile.
class ConnectionTest : public QObject {
  Q_OBJECT
 public:
  explicit ConnectionTest(const Clock& clock, QObject* parent = nullptr);
  ~ConnectionTest() override;
  /// Cancels a test under way first.
  void start(const SourceInfo& info, const SourceSettings& settings);
  /// Ends with a Cancelled error at once.
  void cancel();
  bool isRunning() const { return m_running; }

 Q_SIGNALS:
  void finished(const cachedeck::Result<cachedeck::TestOutcome>& result);

 private:
  void finish(const Result<TestOutcome>& result);

  const Clock& m_clock;
  std::stop_source m_stop;
  bool m_running = false;
  int m_number = 0;  // an answer of an earlier test is dropped
  std::unique_ptr<Worker> m_worker;
};

}  // namespace cachedeck
