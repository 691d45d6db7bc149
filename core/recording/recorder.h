// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/recording/recording_session.h"

#include <QObject>
#include <QTimer>

namespace cachedeck::recording {

/// Keeps the samples of a profile on disk. Lives on the window's thread, which it never blocks: a Worker of its own commits every few seconds. Its end writes what waits.
class Recorder : public QObject {
  Q_OBJECT
 public:
  Recorder(const RecordingPlace& place, const RecordingBounds& bounds, const Clock& clock, std::chrono::milliseconds commitEvery = std::chrono::seconds(3), QObject* parent = nullptr);
  ~Recorder() override;

  /// With the arguments of History::append: the group is the source's id.
  void take(QLatin1String group, const Sample& sample, qint64 maxStepMs = 2500);
  const RecorderState& state() const { return m_state; }

 Q_SIGNALS:
  /// After each commit.
  void stateChanged();

 private:
  void commit();

  const Clock& m_clock;
  std::shared_ptr<RecordingSession> m_session;
  RecorderState m_state;
  bool m_busy = false;
  QTimer m_timer;
  Worker m_worker;  // last: it uses what stands above
};

}  // namespace cachedeck::recording
