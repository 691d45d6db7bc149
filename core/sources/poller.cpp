// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/poller.h"

#include "core/base/log.h"

#include <QRandomGenerator>

namespace cachedeck {

namespace {

using Kind = SourceState::Kind;

// A figure older than this is no longer shown as live. Below three seconds for a period of one.
double silenceLimit(int periodMs) { return 1.4 + periodMs * 1e-3; }

// So long a source that stopped answering counts as stale rather than failed.
constexpr double staleSeconds = 15;

// A server that loads or is full is asked again sooner than one that is gone.
constexpr std::chrono::milliseconds longestBusyWait{2000};

}  // namespace

QString stateName(SourceState::Kind kind) {
  switch (kind) {
    case Kind::Idle: return QStringLiteral("idle");
    case Kind::Connecting: return QStringLiteral("connecting");
    case Kind::Live: return QStringLiteral("live");
    case Kind::Stale: return QStringLiteral("stale");
    case Kind::Failed: return QStringLiteral("failed");
    case Kind::Kept: return QStringLiteral("kept");
  }
  return {};
}

Poller::Poller(const SourceInfo& info, const SourceSettings& settings, const Clock& clock, QObject* parent)
    : QObject(parent), m_info(info), m_settings(settings), m_clock(clock), m_worker(QString::fromLatin1(info.id)) {
  m_worker.atExit([session = m_session] { session->source.reset(); });
  // A quarter of a second, so that silence is noticed in time whatever the period is.
  m_timer.setInterval(std::min(250, m_info.periodMs));
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, &Poller::tick);
}

Poller::~Poller() = default;

void Poller::start() {
  if (m_state.kind != Kind::Idle) return;
  enter(Kind::Connecting);
  m_timer.start();
  connectSource();
}

void Poller::retryNow() {
  if (m_state.kind == Kind::Idle || m_connected || m_busy) return;
  m_backoff.reset();
  m_state.retryAtMs = 0;
  enter(Kind::Connecting);
  connectSource();
}

void Poller::tick() {
  const Instant now = m_clock.now();
  noticeSilence(now);
  if (!m_connected) {
    if (!m_busy && m_state.retryAtMs > 0 && now.steadyNs >= m_retryDueNs) connectSource();
    return;
  }
  if (now.steadyNs < m_nextDueNs) return;
  const qint64 periodNs = qint64{m_info.periodMs} * 1'000'000;
  if (m_busy) {
    ++m_skipped;
  } else {
    takeSample();
  }
  m_nextDueNs = std::max(m_nextDueNs + periodNs, now.steadyNs + periodNs / 2);
}

void Poller::connectSource() {
  m_busy = true;
  m_state.retryAtMs = 0;
  m_worker.post(
      this,
      [session = m_session, info = m_info, settings = m_settings, clock = &m_clock](std::stop_token stop) {
        if (!session->source) session->source = info.create(settings, *clock);
        return session->source->connect(std::move(stop));
      },
      [this](Result<Identity> result) {
        m_busy = false;
        if (result)
          connected(*result);
        else
          fell(result.error());
      });
}

void Poller::connected(const Identity& identity) {
  m_connected = true;
  m_state.identity = identity;
  m_state.retryAtMs = 0;
  m_nextDueNs = m_clock.now().steadyNs + qint64{m_info.periodMs} * 1'000'000;
  takeSample();
}

void Poller::takeSample() {
  m_busy = true;
  m_worker.post(
      this, [session = m_session](std::stop_token stop) { return session->source->sample(std::move(stop)); },
      [this](Result<Sample> result) {
        m_busy = false;
        if (result)
          measured(*result);
        else if (result.error().kind == Error::Kind::Busy)
          m_state.error = result.error();  // still connected: the silence decides when it is stale
        else
          fell(result.error());
      });
}

void Poller::measured(const Sample& sample) {
  m_lastGood = m_clock.now();
  m_backoff.reset();  // not when connected: a source whose samples fail would be stormed
  m_state.lastGoodMs = m_lastGood.wallMs;
  m_state.roundTripSeconds = sample.roundTripSeconds;
  const bool changed = m_state.kind != Kind::Live || m_state.notes != sample.notes;
  m_state.notes = sample.notes;
  m_state.error.reset();
  Q_EMIT sampled(sample);
  if (changed) enter(Kind::Live);
}

void Poller::fell(const Error& error) {
  if (error.isCancelled()) return;
  m_connected = false;
  const Instant now = m_clock.now();
  const bool isNew = !m_state.error || m_state.error->message != error.message;
  m_state.error = error;
  if (isNew) qCWarning(lcSource).noquote() << m_info.title << error.message << error.detail;
  m_state.retryAtMs = 0;
  if (error.isRetryable()) {
    auto wait = m_backoff.next(QRandomGenerator::global()->generateDouble());
    if (error.kind == Error::Kind::Busy) wait = std::min(wait, longestBusyWait);
    m_state.retryAtMs = now.wallMs + wait.count();
    m_retryDueNs = now.steadyNs + wait.count() * 1'000'000;
  }
  const bool fellSilent = error.kind == Error::Kind::Timeout && m_state.lastGoodMs > 0 &&
                          now.secondsSince(m_lastGood) < staleSeconds;
  enter(fellSilent ? Kind::Stale : Kind::Failed);
}

void Poller::noticeSilence(const Instant& now) {
  if (m_state.kind == Kind::Live && now.secondsSince(m_lastGood) > silenceLimit(m_info.periodMs)) {
    if (!m_state.error)
      m_state.error = fail(Error::Kind::Timeout, QStringLiteral("%1 at %2 does not answer.")
                                                     .arg(QLatin1String(m_info.title), m_state.identity.endpoint));
    enter(Kind::Stale);
  }
}

void Poller::enter(SourceState::Kind kind) {
  if (m_state.kind != kind) {
    m_state.kind = kind;
    m_state.sinceMs = m_clock.now().wallMs;
    const QString who = QLatin1String(m_info.title) + (m_state.identity.endpoint.isEmpty() ? QString() : QLatin1Char(' ') + m_state.identity.endpoint);
    qCInfo(lcSource).noquote() << who << "is" << stateName(kind);
  }
  Q_EMIT stateChanged();
}

}  // namespace cachedeck
