// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record.h"

#include "app/cli/record_text.h"
#include "app/cli/stop_signals.h"
#include "app/cli/voice.h"
#include "core/recording/recorder.h"

#include <QCoreApplication>
#include <QSet>

namespace cachedeck {

namespace {

using recording::Recorder;
using recording::RecorderState;
using Kind = RecorderState::Kind;

constexpr std::chrono::minutes lineEvery{1};

constexpr Voice voice("record");

class Recording : public QObject {
 public:
  Recording(const QMap<QString, SourceSettings>& settings, const recording::RecordingPlace& place, const RecordOptions& options)
      : m_options(options), m_file(place.file), m_recorder(std::make_unique<Recorder>(place, recording::RecordingBounds{}, m_clock)) {
    connect(m_recorder.get(), &Recorder::stateChanged, this, &Recording::recorded);
    for (const SourceInfo& info : sourceRegistry()) {
      const QString id = QString::fromLatin1(info.id);
      if (settings.contains(id)) add(info, settings[id]);
    }
    connect(&m_lines, &QTimer::timeout, this, &Recording::print);
    m_lines.start(lineEvery);
    if (m_options.length.count() > 0) startEnd();
    for (auto& poller : m_pollers) poller->start();
  }

  // Writes what waits, says what there is, and how it went.
  int end() {
    m_pollers.clear();
    const RecorderState last = m_recorder->state();
    m_recorder.reset();
    if (last.kind == Kind::Failed) return last.error->kind == Error::Kind::Usage ? 2 : 1;
    if (last.kind == Kind::Paused && last.error->kind == Error::Kind::Busy) return 1;
    const auto info = recording::recordingInfo(m_file);
    if (!info) return voice.complain(info.error(), 1);
    sayEnd(*info);
    if (m_recordedSources.isEmpty()) return 3;
    return last.kind == Kind::Paused || last.lost > 0 || m_recordedSources.size() < m_states.size() || m_isUnheard ? 1 : 0;
  }

 private:
  // By a clock that goes on while the machine sleeps, which a timer does not.
  void startEnd() {
    const qint64 endNs = m_clock.now().steadyNs + std::chrono::nanoseconds(m_options.length).count();
    connect(&m_end, &QTimer::timeout, this, [this, endNs] {
      if (m_clock.now().steadyNs >= endNs) QCoreApplication::exit(0);
    });
    m_end.start(std::min<std::chrono::milliseconds>(m_options.length, std::chrono::seconds(1)));
  }

  void add(const SourceInfo& info, const SourceSettings& settings) {
    const QString id = QString::fromLatin1(info.id);
    Poller& poller = *m_pollers.emplace_back(std::make_unique<Poller>(info, settings, m_clock));
    m_states[id] = poller.state();
    connect(&poller, &Poller::stateChanged, this, [this, id, &poller] { sourceChanged(id, poller.state()); });
    connect(&poller, &Poller::sampled, this, [this, id, &poller](const Sample& sample) {
      m_recordedSources += id;
      m_recorder->take(QLatin1String(poller.info().id), sample, poller.info().periodMs * 5 / 2);
    });
  }

  void sourceChanged(const QString& id, const SourceState& state) {
    const bool isNew = m_states[id].kind != state.kind;
    m_states[id] = state;
    if (isNew && state.kind == SourceState::Kind::Failed && state.error) voice.say(QStringLiteral("%1: %2").arg(id, state.error->message));
  }

  void recorded() {
    const RecorderState& state = m_recorder->state();
    if (state.notice != m_notice) voice.say(m_notice = state.notice);
    const bool isNew = state.kind != m_kind;
    m_kind = state.kind;
    if (!isNew) return;
    if (state.kind != Kind::Recording && state.error) voice.say(state.error->message);
    // Nothing is gained by waiting for the other process.
    const bool isHopeless = state.kind == Kind::Failed || (state.kind == Kind::Paused && state.error->kind == Error::Kind::Busy && state.sinceMs == 0);
    if (isHopeless) QCoreApplication::exit(0);
    else print();
  }

  void print() {
    const qint64 now = m_clock.now().wallMs;
    const RecorderState& state = m_recorder->state();
    write(m_options.json ? jsonLine(recordJson(state, m_states, now)) : recordLine(state, m_states, now).toUtf8() + '\n');
  }

  void sayEnd(const recording::RecordingInfo& info) {
    if (m_options.json) write(jsonLine(recordingJson(info)));
    else write((recordingExtent(info) + QLatin1Char('\n') + info.file + QLatin1Char('\n')).toUtf8());
  }

  // The recording goes on when nobody can read of it; that is said once.
  void write(const QByteArray& line) { m_isUnheard = m_isUnheard || voice.print(line) != 0; }

  const RecordOptions m_options;
  const QString m_file;
  SystemClock m_clock;
  std::unique_ptr<Recorder> m_recorder;
  QMap<QString, SourceState> m_states;
  QSet<QString> m_recordedSources;
  Kind m_kind = Kind::Opening;
  QString m_notice;
  bool m_isUnheard = false;  // standard output took not all
  QTimer m_lines, m_end;
  std::vector<std::unique_ptr<Poller>> m_pollers;  // last: they call back into what stands above
};

}  // namespace

int recordSources(const QMap<QString, SourceSettings>& settings, const recording::RecordingPlace& place, const RecordOptions& options) {
  Recording running(settings, place, options);
  onStopSignal([] { QCoreApplication::exit(0); });
  QCoreApplication::exec();
  return running.end();
}

}  // namespace cachedeck
