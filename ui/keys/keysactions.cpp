// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keysactions.h"

#include "core/journal/journal.h"

#include <deque>

namespace cachedeck {

using namespace keys;

struct KeysActions::PlanMail {
  ScanProgress progress;
  std::stop_source stop;
};

struct KeysActions::RunMail {
  RunProgress progress;
  std::stop_source stop;
  std::deque<std::pair<Instant, qint64>> recent;  // keys handled, of the last seconds; the window's
};

struct KeysActions::Work {
  Worker worker{QStringLiteral("keys act")};
};

namespace {

constexpr int tickMs = 250;
constexpr double rateSeconds = 3;
constexpr qsizetype newestEntries = 50;

QString operationsFolder(const KeysTarget& target) { return target.stateFolder + QStringLiteral("/undo"); }

}  // namespace

KeysActions::KeysActions(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
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
  m_wasWritable = false;
}

qint64 KeysActions::writableForMs() const { return m_guard ? m_guard->writableForMs(m_clock) : 0; }

Result<void> KeysActions::unlock(const QString& reason) {
  if (!m_guard) return fail(Error::Kind::Permission, m_unavailable);
  const Result<void> unlocked = m_guard->unlock(reason, m_clock);
  if (unlocked) Q_EMIT guardChanged();
  return unlocked;
}

void KeysActions::lock() {
  if (m_guard) m_guard->lock();
  Q_EMIT guardChanged();
}

QString KeysActions::phraseFor(qint64 keys) const { return m_guard ? m_guard->phraseFor(keys) : QString(); }

Result<WritePermit> KeysActions::permit(const QString& what) const {
  if (!m_guard) return fail(Error::Kind::Permission, m_unavailable);
  return m_guard->permit(what, m_clock);
}

Result<void> KeysActions::note(const QString& action, const QString& phase, const QString& outcome, const QString& text) {
  if (!m_journal) return fail(Error::Kind::Permission, m_unavailable);
  JournalEntry entry;
  entry.action = action;
  entry.phase = phase;
  entry.outcome = outcome;
  entry.profile = m_target.profile;
  entry.where = environmentKey(m_target.environment) + QStringLiteral(" %1 db %2").arg(m_target.redis.endpoint()).arg(m_target.redis.database);
  entry.text = text;
  const Result<JournalEntry> written = m_journal->append(entry);
  if (!written) return written.error();
  Q_EMIT journaled(*written);
  return {};
}

void KeysActions::tick() {
  if (const bool writable = writableForMs() > 0; isProduction() && (writable || m_wasWritable)) {
    m_wasWritable = writable;
    Q_EMIT guardChanged();  // the countdown
  }
  if (m_planMail) Q_EMIT planMoved(m_planMail->progress.scanned, m_planMail->progress.expected, m_planMail->progress.matched);
  if (!m_runMail) return;
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
      [mail, options, redis = m_target.redis, selector = scope.selector, &clock = m_clock](std::stop_token stop) -> Result<Plan> {
        const std::stop_callback link(stop, [&mail] { mail->stop.request_stop(); });
        RedisConnection connection(redis);
        if (const Result<void> opened = connection.open(mail->stop.get_token()); !opened) return opened.error();
        return makePlan(connection, selector, options, clock, mail->progress, mail->stop.get_token());
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

template <typename Report, typename Job, typename Done>
void KeysActions::start(Job job, Done done) {
  const auto mail = m_runMail = std::make_shared<RunMail>();
  m_state = State::Running;
  m_work->worker.post(
      this,
      [mail, job, journal = m_journal, target = m_target, key = m_key, &clock = m_clock](std::stop_token stop) mutable -> Result<Report> {
        const std::stop_callback link(stop, [&mail] { mail->stop.request_stop(); });
        const RunPlace place{operationsFolder(target), key, *journal, target.profile, environmentKey(target.environment), clock};
        return job(target.redis, place, mail->progress, mail->stop.get_token());
      },
      [this, mail, done](const Result<Report>& report) {
        tick();
        m_runMail.reset();
        m_state = State::Idle;
        if (report) done(*report);
        else Q_EMIT runFailed(report.error());
        findOperations();
      });
}

Result<void> KeysActions::run(const Action& action, const RunOptions& options, const QString& typed) {
  if (m_state != State::Planned || !m_plan) return fail(Error::Kind::Usage, tr("There is no plan to carry out."));
  if (const Result<void> sound = checkAction(action); !sound) return sound;
  const Result<WritePermit> permit = m_guard->permit(*m_plan, typed, m_clock);
  if (!permit) return permit.error();
  const Plan plan = *std::exchange(m_plan, std::nullopt);
  start<RunReport>(
      [plan, action, options, permit = *permit](const RedisOptions& redis, const RunPlace& place, RunProgress& progress, const std::stop_token& stop) {
        Result<RunReport> report = runPlan(plan, action, options, redis, permit, place, progress, stop);
        if (!report) plan.forget();
        return report;
      },
      [this](const RunReport& report) {
        tellJournaled(report.id);
        Q_EMIT runEnded(report);
      });
  return {};
}

Result<void> KeysActions::undo(const QString& id) {
  if (m_state == State::Running) return fail(Error::Kind::Busy, tr("Something else is under way."));
  const Result<WritePermit> allowed = permit(tr("undo the operation"));
  if (!allowed) return allowed.error();
  cancel();
  start<UndoReport>([id, permit = *allowed](const RedisOptions& redis, const RunPlace& place, RunProgress& progress,
                                            const std::stop_token& stop) { return undoOperation(id, redis, permit, place, progress, stop); },
                    [this](const UndoReport& report) {
                      tellJournaled(report.id);
                      Q_EMIT undoEnded(report);
                    });
  return {};
}

Result<void> KeysActions::resume(const QString& id) {
  if (m_state == State::Running) return fail(Error::Kind::Busy, tr("Something else is under way."));
  const Result<WritePermit> allowed = permit(tr("go on with the operation"));
  if (!allowed) return allowed.error();
  cancel();
  start<RunReport>([id, permit = *allowed](const RedisOptions& redis, const RunPlace& place, RunProgress& progress,
                                           const std::stop_token& stop) { return resumeRun(id, {}, redis, permit, place, progress, stop); },
                   [this](const RunReport& report) {
                     tellJournaled(report.id);
                     Q_EMIT runEnded(report);
                   });
  return {};
}

// What was written while it ran: charts mark it.
void KeysActions::tellJournaled(const QString& operation) {
  m_work->worker.post(
      this,
      [journal = m_journal, operation](std::stop_token) {
        QList<JournalEntry> entries;
        if (const auto read = journal->read(newestEntries))
          for (const JournalEntry& entry : *read)
            if (entry.operation == operation) entries.append(entry);
        return entries;
      },
      [this](const QList<JournalEntry>& entries) {
        for (const JournalEntry& entry : entries) Q_EMIT journaled(entry);
      });
}

void KeysActions::findOperations() {
  if (!m_work || !m_guard) return;
  m_work->worker.post(
      this, [folder = operationsFolder(m_target), key = m_key](std::stop_token) { return operations(folder, key); },
      [this](const QList<OperationRow>& rows) {
        QList<OperationRow> ours;
        for (const OperationRow& row : rows)
          if (row.where.contains(m_target.redis.endpoint()) && row.profile == m_target.profile) ours.append(row);
        Q_EMIT operationsCame(ours);
      });
}

}  // namespace cachedeck
