// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keysactions.h"

#include "core/journal/journal.h"
#include "ui/keys/keysactions_work.h"

namespace cachedeck {

using namespace keys;

namespace {

constexpr int tickMs = 250;
constexpr double rateSeconds = 3;

}  // namespace

KeysActions::KeysActions(const Clock& clock, LoadSource load, QObject* parent) : QObject(parent), m_clock(clock), m_load(std::move(load)) {
  m_ticks.setInterval(tickMs);
  connect(&m_ticks, &QTimer::timeout, this, &KeysActions::tick);
}

KeysActions::~KeysActions() { close(); }

void KeysActions::open(const KeysTarget& target) {
  close();
  m_target = target;
  m_work = std::make_unique<Work>();
  m_work->worker.post(
      this, [folder = target.configFolder](std::stop_token) { return stateKey(folder); },
      [this](const Result<Secret>& key) {
        if (key) {
          m_key = *key;
          m_journal = std::make_shared<Journal>(m_target.stateFolder + QStringLiteral("/journal.jsonl"), m_key);
          m_guard = std::make_unique<Guard>(m_target.profile, m_target.environment, *m_journal);
          m_unavailable.clear();
        } else {
          m_unavailable = key.error().message;
        }
        m_ticks.start();
        Q_EMIT opened();
        Q_EMIT guardChanged();
        findOperations();
      });
}

void KeysActions::close() {
  ++m_generation;
  cancel();
  m_ticks.stop();
  m_work.reset();  // waits for a page that is under way
  forgetPlan();
  m_planMail.reset();
  m_runMail.reset();
  m_state = State::Idle;
  m_guard.reset();
  m_journal.reset();
  m_key = {};
  m_reason.clear();
  m_wasWritable = false;
}

qint64 KeysActions::writableForMs() const { return m_guard ? m_guard->writableForMs(m_clock) : 0; }

QString KeysActions::phraseFor(qint64 keys) const { return m_guard ? m_guard->phraseFor(keys) : QString(); }

void KeysActions::tick() {
  if (const bool writable = writableForMs() > 0; isProduction() && (writable || m_wasWritable)) {
    m_wasWritable = writable;
    Q_EMIT guardChanged();  // the countdown
  }
  if (m_planMail) Q_EMIT planMoved(m_planMail->progress.scanned, m_planMail->progress.expected, m_planMail->progress.matched);
  if (!m_runMail) return;
  watchLoad();
  const RunCounts counts = m_runMail->progress.counts();
  auto& recent = m_runMail->recent;
  recent.emplace_back(m_clock.now(), counts.handled());
  while (recent.size() > 2 && recent.back().first.secondsSince(recent.front().first) > rateSeconds) recent.pop_front();
  const double seconds = recent.back().first.secondsSince(recent.front().first);
  const double rate = seconds > 0 ? static_cast<double>(recent.back().second - recent.front().second) / seconds : 0;
  Q_EMIT runMoved(counts, rate, m_runMail->progress.probeMs(), m_runMail->progress.page(), m_runMail->progress.waitsFor());
}

void KeysActions::forgetPlan() {
  if (m_plan) m_plan->forget();
  m_plan.reset();
}

void KeysActions::plan(const KeyScope& scope) {
  if (!m_work || m_state == State::Running || m_state == State::Planning) return;
  forgetPlan();
  const auto mail = m_planMail = std::make_shared<PlanMail>();
  m_state = State::Planning;
  PlanOptions options;
  options.folder = m_target.stateFolder + QStringLiteral("/plans");
  options.separator = m_target.separator;
  m_work->worker.post(
      this,
      [mail, options, redis = m_target.redis, postgres = m_target.postgres, scope, &clock = m_clock](std::stop_token stop) -> Result<Plan> {
        const std::stop_callback link(stop, [&mail] { mail->stop.request_stop(); });
        const Result<Selector> selector = selectorOf(scope, postgres, mail->stop.get_token());
        if (!selector) return selector.error();
        RedisConnection connection(redis);
        if (const Result<void> opened = connection.open(mail->stop.get_token()); !opened) return opened.error();
        return makePlan(connection, *selector, options, clock, mail->progress, mail->stop.get_token());
      },
      [this, mail](const Result<Plan>& plan) {
        if (mail != m_planMail) {  // cancelled in the meantime
          if (plan) plan->forget();
          return;
        }
        m_planMail.reset();
        m_state = plan ? State::Planned : State::Idle;
        if (!plan) return void(Q_EMIT planFailed(plan.error()));
        m_plan = *plan;
        Q_EMIT planMade(*m_plan);
      });
}

void KeysActions::cancel() {
  if (m_runMail) m_runMail->stop.request_stop();  // runEnded() comes when its page is over
  if (m_planMail) m_planMail->stop.request_stop();
  m_planMail.reset();
  if (m_state != State::Running) {
    forgetPlan();
    m_state = State::Idle;
  }
}

}  // namespace cachedeck
