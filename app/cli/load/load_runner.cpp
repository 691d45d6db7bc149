// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_runner.h"

#include "app/cli/load/load_engine.h"
#include "app/cli/load/load_series.h"
#include "app/cli/load/load_snapshot.h"
#include "app/cli/stop_signals.h"
#include "app/cli/voice.h"
#include "core/base/whole_file.h"
#include "core/load/k6_export.h"
#include "core/load/schedule.h"
#include "core/runs/baseline_values.h"
#include "core/runs/cache_hands.h"
#include "core/runs/direct_target.h"
#include "core/runs/plan_secrets.h"
#include "core/runs/push.h"
#include "core/runs/reports.h"
#include "core/runs/run_journal.h"
#include "core/runs/run_outcome.h"
#include "core/runs/run_store.h"
#include "core/profiles/privatefile.h"
#include "core/sources/prometheus/prometheus_fields.h"

#include <QCoreApplication>
#include <QTimer>

namespace cachedeck {

namespace {

using load::RunFigures;

constexpr Voice voice("load");

QString progressOf(const RunFigures& figures, load::Millis length) {
  if (figures.state == RunFigures::State::Preparing) return QStringLiteral("preparing: resolving, logging in, warming");
  const load::SecondFigures row = figures.seconds.empty() ? load::SecondFigures{} : figures.seconds.back();
  const double rps = row.widthMs > 0 ? 1000.0 * static_cast<double>(row.requests) / static_cast<double>(row.widthMs) : 0;
  const QString whole = length.count() > 0 ? QStringLiteral(" of %1").arg(length.count() / 1000) : QString();  // how long a k6 script takes only k6 knows
  return QStringLiteral("%1%2 s  %3 users  %4 req/s  p95 %5 ms  errors %6  dropped %7")
      .arg(figures.elapsedMs / 1000).arg(whole).arg(figures.users).arg(rps, 0, 'f', 0).arg(row.p95Ms, 0, 'f', 1).arg(figures.all.failed).arg(figures.dropped);
}

/// A run and what goes on beside it.
class Runner : public QObject {
 public:
  Runner(const LoadArguments& arguments, load::Scenario scenario, LoadPlace target) : m_arguments(arguments), m_scenario(std::move(scenario)), m_target(std::move(target)) {}

  int run(load::RunPlan plan, const load::LoadPermit& permit) {
    m_record = beginRecordFor(m_arguments, plan, m_target.url, m_clock.now().wallMs);
    m_record.profile = m_target.profile.name;
    m_record.environment = m_target.profile.name.isEmpty() ? QString() : environmentKey(m_target.profile.environment);
    m_record.note = QString::fromStdString(m_arguments.note);
    for (const std::string& tag : m_arguments.tags) m_record.tags << QString::fromStdString(tag);
    m_record.cache = QString::fromStdString(m_arguments.cacheName);
    runs::labelTimeScale(m_record, m_arguments.timeScale);
    if (const Result<void> begun = begin(); !begun) return voice.complain(begun.error().message, 1);

    auto started = startEngine(m_arguments, std::move(plan), permit);
    if (!started) {
      (void)runs::writeEnd(*m_journal, runs::loadNotStarted(m_begin, started.error().message));
      return voice.complain(started.error().message, 2);
    }
    m_run = std::move(*started);
    m_series = std::make_unique<LoadSeries>(m_target.sources, m_clock);
    onStopSignal([this] { m_run->stop(); });
    connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
    m_timer.start(250);
    return QCoreApplication::exec();
  }

 private:
  void look() {
    const RunFigures figures = m_run->figures();
    progressLine(progressOf(figures, load::lengthOf(m_scenario.executor)));
    if (m_run->ended()) {
      m_timer.stop();
      QCoreApplication::exit(finish());
      return;
    }
    if (++m_looks % 20 == 0) save(figures, true);  // what a run that dies leaves behind is at most 5 s old
  }

  void save(const RunFigures& figures, bool partial) {
    m_record.figures = figures;
    m_record.series = m_series->series();
    m_record.partial = partial;
    m_record.writer = partial ? runs::thisWriter(m_clock.now().wallMs) : runs::RunWriter{};
    if (m_arguments.noSave) return;
    const Result<void> saved = m_store.save(m_record);
    if (saved || (partial && m_complained)) return;
    m_complained = true;
    voice.say((partial ? QStringLiteral("What there is of the run could not be kept, which is tried again. %1") : QStringLiteral("The run is not kept. %1")).arg(saved.error().message));
  }

  // Load on a system stands in the journal like every other action, so that charts mark it: also of a URL alone, which may be anybody's. What cannot be written there does not begin.
  Result<void> begin() {
    Result<Secret> key = stateKey(configDirectory());
    if (!key) return key.error();
    m_journal.emplace(Journal::defaultFile(), std::move(*key));
    m_begin = runs::loadBegin(m_record, m_target.keys ? m_target.keys->redis().endpoint() : QString());
    const Result<JournalEntry> written = m_journal->append(m_begin);
    return written ? Result<void>() : Result<void>(written.error());
  }

  int finish() {
    const RunFigures figures = m_run->wait();
    progressLine({});
    save(figures, false);
    const bool failed = figures.end == RunFigures::End::Failed;
    (void)runs::writeEnd(*m_journal, runs::loadEnd(m_begin, m_record));
    if (m_arguments.push && !failed) push();
    const bool isKept = writeSnapshot(), isWritten = writeOut() && isKept;
    const bool isPrinted = voice.print(m_arguments.json ? jsonLine(runs::resultJson(m_record)) : reportOf(m_record, LoadForm::Text)) == 0;
    const int code = runs::exitCodeOf(m_record);
    if (failed) return voice.complain(QString::fromStdString(figures.problem), code);
    if (!figures.limited.empty()) return voice.complain(QStringLiteral("This result is not valid: %1").arg(runs::invalidReason(m_record)), code);
    return code == 0 && (!isWritten || !isPrinted) ? 1 : code;
  }

  void push() {
    const SourceSettings gateway = m_target.sources.value(QStringLiteral("pushgateway"));
    const SourceInfo* info = findSource(QStringLiteral("pushgateway"));
    const Result<HttpSettings> settings = httpSettings(gateway, info->fields);
    if (!m_target.sources.contains(QStringLiteral("pushgateway")) || !settings) {
      voice.say(QStringLiteral("The result is not pushed: name the Pushgateway with --pushgateway URL."));
      return;
    }
    const Result<runs::PushOutcome> pushed = runs::pushRun(*settings, m_record);
    if (!pushed) voice.say(QStringLiteral("The result is not pushed. %1").arg(pushed.error().message));
    else if (!pushed->note.isEmpty()) voice.say(pushed->note);
  }

  bool writeOut() {
    if (m_arguments.out.empty()) return true;
    const Result<LoadForm> form = m_arguments.outForm();
    const Result<void> written = form ? writeWhole(reportOf(m_record, *form), QString::fromStdString(m_arguments.out)) : Result<void>(form.error());
    if (!written) voice.say(written.error().message);
    return written.ok();
  }

  bool writeSnapshot() {
    if (m_arguments.snapshot.empty()) return true;
    progressLine(QStringLiteral("asking the servers for the snapshot"));
    const Result<QStringList> missing = writeRunSnapshot(m_record, {m_target.profile, m_target.sources}, QString::fromStdString(m_arguments.snapshot), m_clock);
    progressLine({});
    if (!missing) voice.say(missing.error().message);
    else for (const QString& sentence : *missing) voice.say(sentence);
    return missing.ok();
  }

  const LoadArguments& m_arguments;
  const load::Scenario m_scenario;
  LoadPlace m_target;
  SystemClock m_clock;
  runs::RunStore m_store;
  runs::RunRecord m_record;
  std::optional<Journal> m_journal;
  JournalEntry m_begin;
  QTimer m_timer;
  int m_looks = 0;
  bool m_complained = false;
  std::unique_ptr<LoadSeries> m_series;
  std::unique_ptr<runs::RunningLoad> m_run;  // last: its events use what stands above
};

}  // namespace

int runLoad(const LoadArguments& arguments, load::Scenario scenario, LoadPlace target) {
  load::RunPlan plan;
  plan.scenario = scenario;
  plan.baseUrl = target.url.toStdString();
  plan.tls = {arguments.caFile, !arguments.insecure};
  plan.caps = {arguments.maxUsers, arguments.maxRate};
  Result<std::map<std::string, std::string>> values = arguments.values(scenario);
  if (!values) return voice.complain(values.error().message, 2);
  for (const auto& [name, value] : target.values) plan.variables[arguments.isScript() ? load::k6Environment(name) : name] = value;
  for (const auto& [name, value] : *values) plan.variables[name] = value;
  // The redactor has to know what the scenario sends secretly, before anything is written.
  const std::vector<Secret> known = runs::secretsOf(plan, arguments.isScript());
  if (scenario.target == load::Target::CacheAside) {
    Result<load::DirectTarget> direct = runs::directTarget(target.sources);
    if (!direct) return voice.complain(direct.error().message, 2);
    plan.direct = std::move(*direct);
    target.url = runs::directAddress(plan.direct);
  }
  const runs::RunStore store;
  if (const Result<QString> pinned = store.baseline(QString::fromStdString(scenario.name), target.url); pinned && !pinned->isEmpty())
    if (const Result<runs::RunRecord> record = store.load(*pinned)) plan.baseline = runs::baselineValues(*record, scenario);
  runs::CacheOwner owner{target.profile.name, target.profile.environment, {}, target.sandboxRedis, stateDirectory(), configDirectory()};
  if (target.keys) owner.redis = target.keys->redis();
  plan.hands = runs::cacheHands(owner);
  const Result<load::LoadPermit> permit = mayLoad(arguments, target, plan);
  if (!permit) return voice.complain(permit.error().message, 2);
  Runner runner(arguments, std::move(scenario), std::move(target));
  return runner.run(std::move(plan), *permit);
}

}  // namespace cachedeck
