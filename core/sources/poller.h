// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/backoff.h"
#include "core/base/worker.h"
#include "core/sources/source.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace cachedeck {

/// How a source stands, as pages show it: Idle → Connecting → Live → Stale(since) → Failed(error). Kept: its figures come from a snapshot, and nothing is asked of it.
struct SourceState {
  enum class Kind { Idle, Connecting, Live, Stale, Failed, Kept };
  Kind kind = Kind::Idle;
  qint64 sinceMs = 0;       ///< wall time at which this kind began
  qint64 lastGoodMs = 0;    ///< wall time of the last sample, 0 before the first
  qint64 retryAtMs = 0;     ///< wall time of the next attempt; 0 when none is planned (the operator has to act)
  std::optional<Error> error;
  Identity identity;        ///< of the last successful connect
  double roundTripSeconds = 0;
  QStringList notes;
};

/// Word of a kind: "idle", "connecting", "live", "stale", "failed", "kept".
QString stateName(SourceState::Kind kind);

/// Keeps one source connected and sampled, on a Worker of its own. At most one request is under way; a period that
/// passes meanwhile is skipped and counted.
class Poller : public QObject {
  Q_OBJECT
 public:
  Poller(const SourceInfo& info, const SourceSettings& settings, const Clock& clock, QObject* parent = nullptr);
  ~Poller() override;

  /// Once; the destructor ends it.
  void start();
  /// Tries again at once, also after an error that is not retried by itself.
  void retryNow();

  QString sourceId() const { return QString::fromLatin1(m_info.id); }
  const SourceInfo& info() const { return m_info; }
  const SourceState& state() const { return m_state; }
  int skippedPeriods() const { return m_skipped; }

 Q_SIGNALS:
  void stateChanged();
  void sampled(const cachedeck::Sample& sample);

 private:
  void tick();
  void connectSource();
  void takeSample();
  void connected(const Identity& identity);
  void measured(const Sample& sample);
  void fell(const Error& error);
  void noticeSilence(const Instant& now);
  void enter(SourceState::Kind kind);

  // Made, used and destroyed on the worker.
  struct Session {
    std::unique_ptr<Source> source;
  };

  const SourceInfo m_info;
  const SourceSettings m_settings;
  const Clock& m_clock;
  std::shared_ptr<Session> m_session = std::make_shared<Session>();
  Worker m_worker;
  QTimer m_timer;
  Backoff m_backoff;
  SourceState m_state;
  Instant m_lastGood;
  bool m_connected = false;
  bool m_busy = false;
  qint64 m_nextDueNs = 0;   // steady
  qint64 m_retryDueNs = 0;  // steady; retryAtMs is for people
  int m_skipped = 0;
};

}  // namespace cachedeck
