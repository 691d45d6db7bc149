// SPDX-License-Identifier: GPL-3.0-or-later
// What changes the server: runs, flushes, undos, and what holds them back.
#include "core/journal/journal.h"
#include "ui/keys/keysactions_work.h"

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype newestEntries = 50;
constexpr qint64 loadBeforeMs = 60'000, loadNowMs = 5'000;
constexpr double undoBudgetMs = 5;

using HoldBack = std::function<std::optional<QString>()>;

}  // namespace

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

}  // namespace cachedeck
