// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/loadcontroller.h"

#include "core/base/log.h"
#include "core/runs/baseline_values.h"
#include "core/runs/direct_target.h"
#include "core/runs/k6_run.h"
#include "core/runs/plan_secrets.h"
#include "core/runs/run_journal.h"
#include "ui/load/loadtext.h"
#include "ui/load/requestplan.h"

namespace cachedeck {

/// A run between its start and its record. The pointer is set and cleared on the worker; what is called through it never waits.
struct LoadController::Run {
  std::mutex mutex;
  std::shared_ptr<runs::RunningLoad> run;
  runs::RunRecord record;
  std::vector<Secret> secrets;  ///< until the record is written
  JournalEntry begin;
  bool complained = false;  ///< that it could not be kept
  bool isOver = false;      ///< it ran, and the record has its end

  std::shared_ptr<runs::RunningLoad> get() {
    const std::lock_guard lock(mutex);
    return run;
  }
  void set(std::shared_ptr<runs::RunningLoad> next) {
    const std::lock_guard lock(mutex);
    run = std::move(next);
  }
};

namespace {

constexpr int pollMs = 250, pollsPerSave = 20;

/// Writes what there is by now, so that a run that dies leaves something.
Result<void> savePartial(const runs::RunStore& store, runs::RunRecord record, load::RunFigures figures, qint64 nowMs) {
  record.figures = std::move(figures);
  record.partial = true;
  record.writer = runs::thisWriter(nowMs);
  return store.save(record);
}

/// A run of which nobody waits for the end any more: stops it and keeps what there is.
void endUnwatched(runs::RunningLoad& run, runs::RunRecord& record, const JournalEntry& begin, const runs::RunStore& store, Journal& journal) {
  run.stopAtOnce();
  record.figures = run.wait();
  record.partial = false;
  if (const Result<void> saved = store.save(record); !saved) qCWarning(lcApp).noquote() << "The load run" << record.id << "is not kept:" << saved.error().message;
  (void)runs::writeEnd(journal, runs::loadEnd(begin, record));
}

}  // namespace

LoadController::LoadController(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {
  m_ticks.setInterval(pollMs);
  connect(&m_ticks, &QTimer::timeout, this, &LoadController::poll);
}

LoadController::~LoadController() { close(); }

void LoadController::open(const LoadTarget& target) {
  close();
  m_target = target;
  m_state = State::Idle;
  m_work = std::make_unique<Work>();
  m_work->files.post(
      this, [folder = target.configFolder](std::stop_token) { return stateKey(folder); },
      [this](const Result<Secret>& key) {
        m_unavailable = key ? QString() : key.error().message;
        if (key) {
          m_journal = std::make_shared<Journal>(m_target.stateFolder + QStringLiteral("/journal.jsonl"), *key);
          m_guard = std::make_unique<keys::Guard>(m_target.profile, m_target.environment, *m_journal);
        }
        m_ticks.start();
        Q_EMIT opened();
        Q_EMIT guardChanged();
      });
  lookForK6();
  refreshScenarios();
  refreshRuns();
}

void LoadController::close() {
  m_ticks.stop();
  ++m_generation;
  m_work.reset();  // the run's worker stops it, and keeps what there is, within a second
  m_kept.reset();
  const std::shared_ptr<Run> run = std::exchange(m_run, nullptr);
  m_guard.reset();
  m_journal.reset();
  m_unavailable.clear();
  m_polling = m_wasUnlocked = false;
  m_state = State::Closed;
  if (run && run->isOver) Q_EMIT cutShort(std::make_shared<const runs::RunRecord>(std::move(run->record)));  // its worker is gone
}

qint64 LoadController::unlockedForMs() const { return m_guard ? m_guard->writableForMs(m_clock) : 0; }

// The guard's copy waits for the journal on a worker and takes the guard's place then.
void LoadController::unlock(const QString& reason) {
  if (!m_guard) return void(Q_EMIT unlockFailed(m_unavailable.isEmpty() ? tr("The journal is being opened.") : m_unavailable));
  struct Unlocked {
    std::shared_ptr<keys::Guard> guard;
    Result<void> result;
  };
  m_work->files.post(
      this,
      [guard = std::make_shared<keys::Guard>(*m_guard), journal = m_journal, reason, &clock = m_clock](std::stop_token) {
        const Result<void> result = guard->unlock(reason, clock);
        return Unlocked{guard, result};
      },
      [this, generation = m_generation](const Unlocked& unlocked) {
        if (generation != m_generation) return;  // locked since
        if (!unlocked.result) return void(Q_EMIT unlockFailed(unlocked.result.error().message));
        m_guard = std::make_unique<keys::Guard>(*unlocked.guard);
        Q_EMIT guardChanged();
      });
}

void LoadController::lock() {
  ++m_generation;
  if (m_guard) m_guard->lock();
  Q_EMIT guardChanged();
}

Result<void> LoadController::start(const RunRequest& request) {
  if (m_state == State::Closed) return fail(Error::Kind::Usage, tr("Nothing is connected."));
  if (m_state != State::Idle) return fail(Error::Kind::Busy, tr("Another run is under way."));
  if (!m_guard) return fail(Error::Kind::Permission, m_unavailable.isEmpty() ? tr("The journal is being opened.") : m_unavailable);
  const bool http = request.scenario.target == load::Target::Http;
  if (const QString problem = http ? urlProblem(request.url) : QString(); !problem.isEmpty()) return fail(Error::Kind::Usage, problem);
  if (!http && !m_target.direct) return fail(Error::Kind::Usage, tr("This workload reads through the profile's Redis and PostgreSQL, and the profile has not both."));
  load::RunPlan plan = planOf(request, m_target);
  const Result<load::LoadPermit> permit = runs::RunGuard(m_target.subject(), m_guard.get(), m_target.foreign).permit(plan, request.typed, m_clock);
  if (!permit) return permit.error();

  m_state = State::Starting;
  m_polls = 0;
  m_run = std::make_shared<Run>();
  m_run->record = runs::beginRecord(plan.scenario, http ? request.url.trimmed() : runs::directAddress(plan.direct), m_clock.now().wallMs);
  runs::RunRecord& record = m_run->record;
  record.profile = m_target.profile;
  record.environment = environmentKey(m_target.environment);
  record.cache = m_target.cache;
  if (request.k6) record.engine = QString::fromLatin1(runs::k6Engine);
  runs::labelTimeScale(record, request.timeScale);
  m_run->begin = runs::loadBegin(record, m_target.redis);

  struct Started {
    QString problem;
    std::optional<JournalEntry> entry;
  };
  const runs::RunStore store(m_target.runFolder());
  m_work->run.atExit([mail = m_run, store, journal = m_journal] {
    const auto run = mail->get();
    if (!run) return;
    endUnwatched(*run, mail->record, mail->begin, store, *journal);
    mail->isOver = true;
    mail->set({});
  });
  m_work->run.post(
      this,
      [mail = m_run, request, plan = std::move(plan), permit = *permit, journal = m_journal, store](std::stop_token) mutable -> Started {
        mail->secrets = runs::secretsOf(plan, !request.script.isEmpty());
        if (!request.script.isEmpty()) mail->record.definition = runs::beginK6Record({plan, request.script}, mail->record.figures.startedMs).definition;
        if (const auto pinned = store.baseline(mail->record.scenario, mail->record.url); pinned && !pinned->isEmpty())
          if (const auto baseline = store.load(*pinned)) plan.baseline = runs::baselineValues(*baseline, plan.scenario);
        const Result<JournalEntry> written = journal->append(mail->begin);
        if (!written) return {written.error().message, std::nullopt};
        auto run = startLoad(request, std::move(plan), permit);
        if (!run) {
          const JournalEntry end = runs::loadNotStarted(mail->begin, run.error().message);
          (void)runs::writeEnd(*journal, end);
          return {end.text, *written};
        }
        mail->set(std::shared_ptr<runs::RunningLoad>(std::move(*run)));
        return {{}, *written};
      },
      [this, mail = m_run](const Started& started) {
        if (mail != m_run) return;
        if (!started.problem.isEmpty()) {
          m_run.reset();
          m_state = State::Idle;
          return void(Q_EMIT startFailed(started.problem));
        }
        m_state = State::Running;
        if (started.entry) Q_EMIT journaled(*started.entry);
        Q_EMIT this->started(std::make_shared<const runs::RunRecord>(mail->record));
      });
  return {};
}

void LoadController::stop() {
  if (const auto run = m_run ? m_run->get() : nullptr) run->stop();
}

void LoadController::setPaused(bool paused) {
  if (const auto run = m_run ? m_run->get() : nullptr) run->setPaused(paused);
}

void LoadController::setLevel(double level) {
  if (const auto run = m_run ? m_run->get() : nullptr) run->setLevel(level);
}

void LoadController::poll() {
  if (const bool unlocked = unlockedForMs() > 0; isProduction() && (unlocked || m_wasUnlocked)) {
    m_wasUnlocked = unlocked;
    Q_EMIT guardChanged();  // the countdown
  }
  if (m_state != State::Running || m_polling) return;
  m_polling = true;
  struct Polled {
    FiguresShot figures;
    QString problem;  ///< why what there is could not be kept
  };
  const qint64 nowMs = m_clock.now().wallMs;
  std::optional<QList<runs::ServerSeries>> kept;
  if (++m_polls % pollsPerSave == 0) kept = seriesUntil(nowMs);
  m_work->run.post(
      this,
      [mail = m_run, kept = std::move(kept), store = runs::RunStore(m_target.runFolder()), nowMs](std::stop_token) -> Polled {
        const auto run = mail->get();
        if (!run) return {};
        Polled polled{std::make_shared<const load::RunFigures>(run->figures()), {}};
        if (!kept) return polled;
        mail->record.series = *kept;
        if (const Result<void> saved = savePartial(store, mail->record, *polled.figures, nowMs); !saved) polled.problem = saved.error().message;
        return polled;
      },
      [this, mail = m_run](const Polled& polled) {
        m_polling = false;
        if (mail != m_run || !polled.figures) return;
        if (!polled.problem.isEmpty() && !std::exchange(mail->complained, true)) Q_EMIT failed(tr("What there is of the run could not be kept, which is tried again: %1").arg(polled.problem));
        Q_EMIT moved(polled.figures);
        if (polled.figures->state == load::RunFigures::State::Ended && m_state == State::Running) finish();
      });
}

QList<runs::ServerSeries> LoadController::seriesUntil(qint64 nowMs) const { return m_series ? m_series(m_run->record.figures.startedMs, nowMs) : QList<runs::ServerSeries>(); }

void LoadController::finish() {
  struct Finished {
    RecordShot record;
    QString problem;
    std::optional<JournalEntry> entry;
  };
  m_state = State::Starting;  // neither is anything started nor read now
  m_run->record.series = seriesUntil(m_clock.now().wallMs);
  m_work->run.post(
      this,
      [mail = m_run, journal = m_journal, store = runs::RunStore(m_target.runFolder())](std::stop_token) -> Finished {
        runs::RunRecord& record = mail->record;
        if (const auto run = mail->get()) record.figures = run->wait();
        mail->isOver = true;
        mail->set({});
        record.partial = false;
        Finished finished;
        if (const Result<void> saved = store.save(record); !saved) finished.problem = saved.error().message;
        finished.entry = runs::writeEnd(*journal, runs::loadEnd(mail->begin, record));
        finished.record = std::make_shared<const runs::RunRecord>(record);
        return finished;
      },
      [this, mail = m_run](const Finished& finished) {
        if (mail != m_run) return;
        m_run.reset();
        m_state = State::Idle;
        if (finished.entry) Q_EMIT journaled(*finished.entry);
        if (!finished.problem.isEmpty()) Q_EMIT failed(tr("The run is not kept: %1").arg(finished.problem));
        Q_EMIT ended(finished.record);
        refreshRuns();
      });
}

}  // namespace cachedeck
