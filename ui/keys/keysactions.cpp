// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keysactions.h"

#include "core/journal/journal.h"
#include "ui/keys/keyquestions.h"
#include "core/keys/key_text.h"

#include <cmath>
#include <deque>
#include <mutex>

namespace cachedeck {

using namespace keys;

struct KeysActions::PlanMail {
  ScanProgress progress;
  std::stop_source stop;
};

/// Why a run is held back: written by the window, asked by the run between its pages.
struct HoldMail {
  std::mutex mutex;
  QString reason;
  void set(const QString& text) {
    const std::scoped_lock held(mutex);
    reason = text;
  }
  std::optional<QString> get() {
    const std::scoped_lock held(mutex);
    return reason.isEmpty() ? std::nullopt : std::optional(reason);
  }
};

struct KeysActions::RunMail {
  RunProgress progress;
  const std::shared_ptr<HoldMail> hold = std::make_shared<HoldMail>();
  std::optional<LoadFigures> before;  // measured against; the window's, as the next
  QString heldBy;
  std::stop_source stop;
  std::deque<std::pair<Instant, qint64>> recent;  // keys handled, of the last seconds; the window's
};

struct KeysActions::Work {
  Worker worker{QStringLiteral("keys act")}, notes{QStringLiteral("keys notes")};
};

namespace {

constexpr int tickMs = 250;
constexpr double rateSeconds = 3;
constexpr qsizetype newestEntries = 50;
constexpr qint64 loadBeforeMs = 60'000, loadNowMs = 5'000;
constexpr double leastSessions = 2, mostHitRatioDrop = 10;
constexpr double undoBudgetMs = 5;

using HoldBack = std::function<std::optional<QString>()>;

QString operationsFolder(const KeysTarget& target) { return target.stateFolder + QStringLiteral("/undo"); }

JournalEntry editEntry(const KeysTarget& target, const QByteArray& name, const QString& phase, const QString& outcome) {
  JournalEntry entry;
  entry.action = QStringLiteral("keys.edit");
  entry.phase = phase;
  entry.outcome = outcome;
  entry.profile = target.profile;
  entry.where = environmentKey(target.environment) + QStringLiteral(" %1 db %2").arg(target.redis.endpoint()).arg(target.redis.database);
  entry.text = shownKey(name, 64);
  return entry;
}

/// How far an undo came that is not over, from the operation's log.
OperationState stateOf(const OperationRow& row, const QString& folder, const Secret& key) {
  OperationState state{row, {}, 0, 0, 0};
  if (row.undos == 0) return state;
  const Result<OperationSummary> summary = readOperation(folder, row.id, key);
  if (!summary || summary->undos.isEmpty()) return state;
  const QJsonObject undo = summary->undos.last();
  const auto number = [&](const char* name) { return undo[QLatin1String(name)].toInteger(); };
  state.undoOutcome = row.undone ? QStringLiteral("done") : undo[QLatin1String("outcome")].toString();
  state.undoImages = number("images");
  state.undoRefused = number("refused");
  state.undoSettled = number("restored") + number("kept") + number("expired");
  return state;
}

}  // namespace

QString reasonToHold(const LoadFigures& before, const LoadFigures& now) {
  const double sessions = std::max(leastSessions, before.active);
  if (now.active > 2 * sessions)
    return KeysActions::tr("PostgreSQL has %1 active sessions, more than twice the %2 of before.").arg(now.active, 0, 'f', 0).arg(before.active, 0, 'f', before.active < 10 ? 1 : 0);
  if (before.hitRatio - now.hitRatio > mostHitRatioDrop)
    return KeysActions::tr("The hit ratio fell from %1 % to %2 %.").arg(before.hitRatio, 0, 'f', 1).arg(now.hitRatio, 0, 'f', 1);
  return {};
}

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

// The guard's copy waits for the journal on a worker and takes the guard's place then.
void KeysActions::unlock(const QString& reason) {
  if (!m_guard) return void(Q_EMIT unlockFailed(m_unavailable));
  struct Unlocked {
    std::shared_ptr<Guard> guard;
    Result<void> result;
  };
  m_work->notes.post(
      this,
      [guard = std::make_shared<Guard>(*m_guard), journal = m_journal, reason, &clock = m_clock](std::stop_token) {
        const Result<void> result = guard->unlock(reason, clock);
        return Unlocked{guard, result};
      },
      [this, reason, generation = m_generation](const Unlocked& unlocked) {
        if (generation != m_generation) return;  // locked since
        if (!unlocked.result) return void(Q_EMIT unlockFailed(unlocked.result.error().message));
        m_reason = reason.trimmed();
        m_guard = std::make_unique<Guard>(*unlocked.guard);
        Q_EMIT guardChanged();
      });
}

void KeysActions::lock() {
  ++m_generation;
  if (m_guard) m_guard->lock();
  Q_EMIT guardChanged();
}

QString KeysActions::phraseFor(qint64 keys) const { return m_guard ? m_guard->phraseFor(keys) : QString(); }

void KeysActions::edit(const QByteArray& name, const QByteArray& before, const QByteArray& after) {
  const Result<WritePermit> permit = m_guard ? m_guard->permit(tr("change a value"), m_clock) : Result<WritePermit>(fail(Error::Kind::Permission, m_unavailable));
  if (!permit) return void(Q_EMIT edited(name, permit.error().message));
  struct Edit {
    QString problem;
    QList<JournalEntry> entries;
  };
  m_work->notes.post(
      this,
      [journal = m_journal, target = m_target, permit = *permit, name, before, after](std::stop_token stop) -> Edit {
        const Result<JournalEntry> begun = journal->append(editEntry(target, name, QStringLiteral("begin"), {}));
        if (!begun) return {begun.error().message, {}};  // nothing is changed that the journal does not have
        KeyLink link(target.redis, permit);
        const Result<RedisConnection*> connection = link.to(name, stop);
        const Result<void> result = connection ? editString(**connection, name, before, after, stop) : Result<void>(connection.error());
        const Result<JournalEntry> ended = journal->append(editEntry(target, name, QStringLiteral("end"), result ? QStringLiteral("done") : QStringLiteral("failed")));
        Edit edit{result ? QString() : result.error().message, {*begun}};
        if (ended) edit.entries.append(*ended);
        return edit;
      },
      [this, name](const Edit& edit) {
        for (const JournalEntry& entry : edit.entries) Q_EMIT journaled(entry);
        Q_EMIT edited(name, edit.problem);
      });
}

void KeysActions::writeList(const KeyScope& scope) {
  if (!m_work) return;
  m_work->notes.post(
      this, [file = keyListFile(m_target, scope), names = scope.selector.names](std::stop_token) { return writeKeyList(file, names); },
      [this](const Result<void>& written) { Q_EMIT listWritten(written ? QString() : written.error().message); });
}

bool KeysActions::isHeld() const { return m_runMail && !m_runMail->heldBy.isEmpty(); }

void KeysActions::holdNoMore() {
  if (!isHeld()) return;
  m_runMail->before = m_load(loadNowMs);  // what it is now counts as usual
  m_runMail->heldBy.clear();
  m_runMail->hold->set({});
  Q_EMIT held({});
}

// In production a run waits while what the cache protects suffers; the figures are those of the charts.
void KeysActions::watchLoad() {
  if (!m_runMail->before) return;
  const QString reason = reasonToHold(*m_runMail->before, m_load(loadNowMs));
  if (reason == m_runMail->heldBy) return;
  const bool changes = reason.isEmpty() != m_runMail->heldBy.isEmpty();
  m_runMail->heldBy = reason;
  m_runMail->hold->set(reason);
  if (changes || !reason.isEmpty()) Q_EMIT held(reason);
}

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

template <typename Report, typename Job, typename Done>
void KeysActions::start(Job job, Done done) {
  const auto mail = m_runMail = std::make_shared<RunMail>();
  if (isProduction() && m_load) mail->before = m_load(loadBeforeMs);
  m_state = State::Running;
  m_work->worker.post(
      this,
      [mail, job, journal = m_journal, target = m_target, key = m_key, &clock = m_clock](std::stop_token stop) mutable -> Result<Report> {
        const std::stop_callback link(stop, [&mail] { mail->stop.request_stop(); });
        const RunPlace place{operationsFolder(target), key, *journal, target.profile, environmentKey(target.environment), clock};
        const auto hold = [hold = mail->hold] { return hold->get(); };
        return job(target.redis, place, mail->progress, hold, mail->stop.get_token());
      },
      [this, mail, done](const Result<Report>& report) {
        tick();
        const bool wasHeld = isHeld();
        m_runMail.reset();
        m_state = State::Idle;
        if (wasHeld) Q_EMIT held({});
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
      [plan, action, options = RunOptions(options), permit = *permit](const RedisOptions& redis, const RunPlace& place, RunProgress& progress, const HoldBack& hold, const std::stop_token& stop) mutable {
        options.holdBack = hold;
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

template <typename Preview, typename Job, typename Done>
void KeysActions::look(Job job, Done done) {
  if (!m_work || !m_guard || m_state == State::Running) return;
  cancel();
  m_work->worker.post(
      this,
      [job, journal = m_journal, target = m_target, key = m_key, &clock = m_clock](std::stop_token stop) -> Result<Preview> {
        const RunPlace place{operationsFolder(target), key, *journal, target.profile, environmentKey(target.environment), clock};
        return job(place, target.redis, stop);
      },
      [this, done, number = ++m_lookNumber](const Result<Preview>& preview) {
        if (number != m_lookNumber) return;  // somebody went on meanwhile
        if (preview) done(*preview);
        else Q_EMIT previewFailed(preview.error());
      });
}

void KeysActions::previewUndo(const QString& id) {
  look<UndoPreview>([id](const RunPlace& place, const RedisOptions&, const std::stop_token&) { return keys::previewUndo(place, id); }, [this](const UndoPreview& preview) { Q_EMIT undoPreviewed(preview); });
}

void KeysActions::previewResume(const QString& id) {
  look<ResumePreview>([id](const RunPlace& place, const RedisOptions&, const std::stop_token&) { return keys::previewResume(place, id); },
                      [this](const ResumePreview& preview) { Q_EMIT resumePreviewed(preview); });
}

void KeysActions::planFlush() {
  look<FlushPlan>(
      [&clock = m_clock](const RunPlace&, const RedisOptions& redis, const std::stop_token& stop) -> Result<FlushPlan> {
        RedisConnection connection(redis);
        if (const Result<void> opened = connection.open(stop); !opened) return opened.error();
        return keys::planFlush(connection, false, clock, stop);
      },
      [this](const FlushPlan& plan) { Q_EMIT flushPlanned(plan); });
}

Result<void> KeysActions::flush(const FlushPlan& plan, const QString& typed) {
  if (m_state == State::Running || !m_guard) return fail(Error::Kind::Busy, tr("Something else is under way."));
  if (isProduction()) return fail(Error::Kind::Permission, tr("A production database is not emptied from here."));
  const Result<WritePermit> allowed = m_guard->permit(plan.plan, typed, m_clock);
  if (!allowed) return allowed.error();
  cancel();
  start<RunReport>([plan, permit = *allowed](const RedisOptions& redis, const RunPlace& place, RunProgress&, const HoldBack&, const std::stop_token& stop) { return runFlush(plan, redis, permit, place, stop); },
                   [this](const RunReport& report) {
                     tellJournaled(report.id);
                     Q_EMIT runEnded(report);
                   });
  return {};
}

void KeysActions::beginUndo(const QString& id, const WritePermit& permit) {
  cancel();
  start<UndoReport>(
      [id, permit](const RedisOptions& redis, const RunPlace& place, RunProgress& progress, const HoldBack& hold, const std::stop_token& stop) {
        UndoOptions options;
        options.budgetMs = undoBudgetMs;
        options.holdBack = hold;
        return undoOperation(id, options, redis, permit, place, progress, stop);
      },
      [this](const UndoReport& report) {
        tellJournaled(report.id);
        Q_EMIT undoEnded(report);
      });
}

Result<void> KeysActions::undo(const UndoPreview& preview, const QString& typed) {
  if (m_state == State::Running || !m_guard) return fail(Error::Kind::Busy, tr("Something else is under way."));
  const Result<WritePermit> allowed = m_guard->permitUndo(preview, typed, m_clock);
  if (!allowed) return allowed.error();
  beginUndo(preview.id, *allowed);
  return {};
}

Result<void> KeysActions::undo(const QString& id) {
  if (m_state == State::Running || !m_guard) return fail(Error::Kind::Busy, tr("Something else is under way."));
  const Result<WritePermit> allowed = m_guard->permit(tr("undo the operation"), m_clock);
  if (!allowed) return allowed.error();
  beginUndo(id, *allowed);
  return {};
}

Result<void> KeysActions::resume(const ResumePreview& preview, const QString& typed) {
  if (m_state == State::Running || !m_guard) return fail(Error::Kind::Busy, tr("Something else is under way."));
  const Result<WritePermit> allowed = m_guard->permitResume(preview, typed, m_clock);
  if (!allowed) return allowed.error();
  cancel();
  start<RunReport>(
      [preview, permit = *allowed](const RedisOptions& redis, const RunPlace& place, RunProgress& progress, const HoldBack& hold, const std::stop_token& stop) {
        RunOptions options = preview.options;
        options.holdBack = hold;
        return resumeRun(preview.id, options, redis, permit, place, progress, stop);
      },
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
  OperationFilter ours;
  ours.profile = m_target.profile;
  ours.endpoint = m_target.redis.endpoint();
  ours.database = m_target.redis.database;
  m_work->worker.post(
      this,
      [folder = operationsFolder(m_target), key = m_key, ours](std::stop_token) {
        QList<OperationState> found;
        for (const OperationRow& row : operations(folder, key))
          if (fits(row, ours)) found.append(stateOf(row, folder, key));
        return found;
      },
      [this](const QList<OperationState>& found) { Q_EMIT operationsCame(found); });
}

}  // namespace cachedeck
