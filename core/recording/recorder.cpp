// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recorder.h"

namespace cachedeck::recording {

Recorder::Recorder(const RecordingPlace& place, const RecordingBounds& bounds, const Clock& clock, std::chrono::milliseconds commitEvery, QObject* parent)
    : QObject(parent), m_clock(clock), m_session(std::make_shared<RecordingSession>(place, bounds)), m_worker(QStringLiteral("recording")) {
  m_state.file = place.file;
  m_worker.atExit([session = m_session, &clock] { session->finish(clock.now().wallMs); });
  connect(&m_timer, &QTimer::timeout, this, &Recorder::commit);
  m_timer.start(commitEvery);
  commit();  // what keeps it from recording is said at once
}

Recorder::~Recorder() = default;

void Recorder::take(QLatin1String group, const Sample& sample, qint64 maxStepMs) {
  m_session->put({QByteArray(group.data(), group.size()), sample.at.wallMs, sample.values, sample.restarted, maxStepMs});
}

void Recorder::commit() {
  if (m_busy) return;  // a slow disk: what comes meanwhile waits for the next one
  m_busy = true;
  m_worker.post(
      this, [session = m_session, now = m_clock.now().wallMs](std::stop_token stop) { return session->commit(now, stop); },
      [this](const RecorderState& state) {
        m_busy = false;
        m_state = state;
        Q_EMIT stateChanged();
      });
}

}  // namespace cachedeck::recording
