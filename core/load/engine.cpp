// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/engine.h"

#include "core/load/load_permit.h"
#include "core/load/schedule.h"

#include <algorithm>
#include <ctime>
#include <sys/resource.h>

namespace cachedeck::load {

namespace {

constexpr std::int64_t millisecond = 1'000'000, tickNs = 50 * millisecond, secondNs = 1000 * millisecond, latestNs = 20 * millisecond;

double threadCpuSeconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::int64_t wallMs() { return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::map<std::string, std::map<std::string, std::string>> tagsOf(const Scenario& scenario, const std::vector<std::string>& steps) {
  std::map<std::string, std::map<std::string, std::string>> tags;
  for (const std::string& name : steps) tags[name]["step"] = name;  // those of the direct workload stand in no scenario
  for (const Step& step : scenario.steps) {
    tags[step.name] = step.tags;
    tags[step.name]["step"] = step.name;
  }
  return tags;
}

/// Where nobody answered nothing was measured: a sentence with the cause. Empty: somebody did. An HTTP error is an answer; what a server of the direct workload refuses is none.
std::string unansweredProblem(const RunFigures& figures, Target target, bool completed) {
  const bool http = target == Target::Http;
  std::uint64_t unanswered = 0;
  for (const FailureKind kind : {FailureKind::Resolve, FailureKind::Connect, FailureKind::Tls, FailureKind::Timeout, FailureKind::Closed, FailureKind::Garbage, FailureKind::Unanswered, FailureKind::Redis, FailureKind::Postgres})
    unanswered += figures.failures[static_cast<std::size_t>(kind)];  // the last two are of the direct workload alone
  if (figures.all.requests == 0 && figures.interrupted > 0 && completed)
    return "Not one " + std::string(http ? "request was answered" : "operation was done") + " before the run ended: " + std::to_string(figures.interrupted) + " were under way. Check that " +
           (http ? "the service answers at all" : "PostgreSQL and Redis answer at all") + ", or give them longer (duration, gracefulStop).";
  if (unanswered == 0 || unanswered < figures.all.requests) return {};
  const auto most = std::max_element(figures.failureExamples.begin(), figures.failureExamples.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const std::string cause = most == figures.failureExamples.end() ? std::string() : " (" + most->first + ")";
  return "Not one of " + std::to_string(figures.all.requests) + (http ? " requests was answered" : " operations succeeded") + cause +
         (http ? ". Check the URL, and that the service is up." : ". Check that PostgreSQL and Redis are up, and what their users may do.");
}

std::string describe(const Event& event) {
  return event.kind == Event::Kind::DropPrefix ? "Drop " + event.prefix + "*" : "Pause Redis for " + std::to_string(event.lasts.count()) + " ms";
}

}  // namespace

LoadRun::Impl::Impl(RunPlan plan, std::vector<Threshold> thresholds, std::unique_ptr<Workload> workload)
    : m_plan(std::move(plan)), m_thresholds(std::move(thresholds)), m_tags(tagsOf(m_plan.scenario, workload->stepNames())), m_workload(std::move(workload)),
      m_recorder(m_workload->stepNames(), m_workload->checkNames()) {
  std::stable_sort(m_plan.scenario.events.begin(), m_plan.scenario.events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  m_startedMs = wallMs();
  m_published = now();
  m_thread = std::jthread([this] { run(m_stop.get_token()); });
}

LoadRun::Impl::~Impl() {
  m_stop.request_stop();
  stop();
  m_thread.join();
}

void LoadRun::Impl::run(const std::stop_token& stop) {
  if (prepare(stop)) {
    begin();
    m_loop.run();
  }
  m_workload->cleanUp();
  m_stop.request_stop();
  m_hands.clear();  // an event that is under way, such as a paused Redis, is brought to its end
  publish();
  const std::lock_guard lock(m_mutex);
  m_isOver = true;
  m_changed.notify_all();
}

bool LoadRun::Impl::prepare(const std::stop_token& stop) {
  const Scenario& scenario = m_plan.scenario;
  std::string problem;
  if (scenario.cache == CachePreparation::Flushed && scenario.target == Target::Http) {  // the direct workload empties its own keys itself
    if (!m_plan.hands.flush) problem = "The scenario wants the cache emptied first, and there is no Redis to empty. Name one (--redis or --profile), or choose another preparation.";
    else problem = m_plan.hands.flush(scenario.preparedPrefixes, stop);
  }
  if (problem.empty() && !stop.stop_requested()) problem = m_workload->prepare(m_loop, m_recorder, stop);
  if (problem.empty() && !stop.stop_requested()) return true;
  end(stop.stop_requested() ? End::Stopped : End::Failed, problem);
  return false;
}

void LoadRun::Impl::begin() {
  m_model = Model::make({m_loop, m_recorder, *m_workload, m_plan.scenario.executor, m_plan.caps.users, m_plan.caps.perSecond});
  m_startedMs = wallMs();
  m_cpuAtStart = m_cpuAtSecond = threadCpuSeconds();
  m_startNs = m_secondNs = m_thresholdsNs = m_publishedNs = m_lastTickNs = monotonicNs();
  m_state = State::Running;
  publish();
  m_model->start(m_startNs);
  m_loop.arm(m_startNs + tickNs, *this, 0);
}

std::int64_t LoadRun::Impl::elapsedMs(std::int64_t nowNs) const { return m_startNs == 0 ? 0 : (nowNs - m_startNs) / millisecond; }

std::int64_t LoadRun::Impl::pausedNs(std::int64_t nowNs) const { return m_pausedNs + (m_pausedSinceNs ? nowNs - m_pausedSinceNs : 0); }

void LoadRun::Impl::due(std::int64_t dueNs, std::uint64_t) {
  if (m_state == State::Ended) return;
  const std::int64_t now = monotonicNs();
  m_recorder.late(now - dueNs);
  m_model->tick(now);
  if (now - m_secondNs >= secondNs) endSecond(now);
  startEvents(now);
  if (now - m_thresholdsNs >= 2 * secondNs) {
    m_thresholdsNs = now;
    abortIfCrossed();
  }
  if (now - m_publishedNs >= 250 * millisecond) {
    m_publishedNs = now;
    publish();
  }
  if (m_state == State::Running && m_model->isFinishing()) m_state = State::Stopping;
  if (m_model->isOver()) return end(m_end == End::None ? End::Completed : m_end);
  m_loop.arm(std::max(dueNs + tickNs, now + millisecond), *this, 0);
}

void LoadRun::Impl::endSecond(std::int64_t nowNs) {
  const double cpu = threadCpuSeconds();
  m_recorder.endSecond(elapsedMs(nowNs), m_model->users(), m_model->busy(), 100 * (cpu - m_cpuAtSecond) * 1e9 / static_cast<double>(std::max<std::int64_t>(1, nowNs - m_secondNs)));
  m_cpuAtSecond = cpu;
  m_secondNs = nowNs;
}

void LoadRun::Impl::startEvents(std::int64_t nowNs) {
  const std::vector<Event>& events = m_plan.scenario.events;
  const std::int64_t scheduleMs = elapsedMs(nowNs - pausedNs(nowNs));
  for (; m_nextEvent < events.size() && events[m_nextEvent].at.count() <= scheduleMs && !m_model->isFinishing(); ++m_nextEvent) {
    const Event& event = events[m_nextEvent];
    m_recorder.mark(elapsedMs(nowNs), describe(event));
    if (!m_plan.hands.act) {
      m_recorder.mark(elapsedMs(nowNs), describe(event) + ": not done, no Redis was named");
      continue;
    }
    m_hands.emplace_back([this, event] {
      const std::string problem = m_plan.hands.act(event, m_stop.get_token());
      if (!problem.empty()) m_loop.post([this, event, problem] { m_recorder.mark(elapsedMs(monotonicNs()), describe(event) + ": " + problem); });
    });
  }
}

std::vector<ThresholdVerdict> LoadRun::Impl::judged(const RunFigures& figures) const {
  std::vector<ThresholdVerdict> verdicts;
  for (const Threshold& threshold : m_thresholds) verdicts.push_back(judge(threshold, figures, m_tags, m_plan.baseline, m_state == State::Ended));
  return verdicts;
}

void LoadRun::Impl::abortIfCrossed() {
  if (std::none_of(m_thresholds.begin(), m_thresholds.end(), [](const Threshold& threshold) { return threshold.rule.abortOnFail; })) return;
  const RunFigures figures = now();
  for (std::size_t i = 0; i < m_thresholds.size(); ++i) {
    const ThresholdRule& rule = m_thresholds[i].rule;
    if (figures.thresholds[i].passed || !rule.abortOnFail || figures.scheduleMs() < rule.delayAbortEval.count() || m_end != End::None || m_state != State::Running) continue;
    m_recorder.mark(figures.elapsedMs, "Stopped: " + rule.metric + " " + rule.expression + " was crossed");
    m_end = End::ThresholdAborted;
    m_model->abort();
  }
}

RunFigures LoadRun::Impl::now() const {
  RunFigures figures;
  m_recorder.fill(figures);
  figures.startedMs = m_startedMs;
  const std::int64_t at = m_endNs ? m_endNs : monotonicNs();
  figures.elapsedMs = elapsedMs(at);
  figures.pausedMs = pausedNs(at) / millisecond;
  figures.state = m_state;
  figures.end = m_state == State::Ended ? m_end : End::None;
  figures.problem = m_problem;
  if (m_model) {
    figures.users = m_model->users();
    figures.mostUsers = m_model->mostUsersSoFar();
    figures.cpuSeconds = (m_state == State::Ended ? m_cpuAtEnd : threadCpuSeconds()) - m_cpuAtStart;
    figures.limited = limit(figures);
  }
  figures.thresholds = judged(figures);  // of these figures, so that a record does not show two values of one percentile
  return figures;
}

// The result says something of the server only where the generator had something to spare.
std::string LoadRun::Impl::limit(const RunFigures& figures) const {
  const double cpu = m_recorder.meanCpuPercent();
  char text[256];
  if (cpu > 90) {
    std::snprintf(text, sizeof text, "The load generator itself used %.0f %% of a processor: what is measured is its limit, not the server's. Lower the load, or spread it over machines.", cpu);
    return text;
  }
  if (figures.failures[static_cast<std::size_t>(FailureKind::LocalLimit)] > 0) return "This machine had no more sockets or ports. Raise `ulimit -n`, or use fewer users.";
  if (figures.all.requests > 0 && m_recorder.wasLaterThan(latestNs)) {
    std::snprintf(text, sizeof text, "The load generator was late: 1 %% of what was due began more than %.0f ms after its time. Something else takes this machine's processors.", figures.lateP99Ms);
    return text;
  }
  return {};
}

void LoadRun::Impl::publish() {
  RunFigures figures = now();
  const std::lock_guard lock(m_mutex);
  m_published = std::move(figures);
  m_changed.notify_all();
}

void LoadRun::Impl::end(End how, std::string problem) {
  m_endNs = monotonicNs();
  m_cpuAtEnd = threadCpuSeconds();
  if (m_model) endSecond(m_endNs);
  m_end = how;
  m_problem = std::move(problem);
  if (m_end == End::Completed || m_end == End::ThresholdAborted)
    if (std::string unanswered = unansweredProblem(now(), m_plan.scenario.target, m_end == End::Completed); !unanswered.empty()) {
      m_end = End::Failed;
      m_problem = std::move(unanswered);
    }
  m_state = State::Ended;
  m_loop.quit();
}

void LoadRun::Impl::stop() {
  m_stop.request_stop();
  m_loop.post([this] {
    if (m_state == State::Ended || !m_model) return;
    m_end = m_end == End::None ? End::Stopped : m_end;
    m_model->abort();
    end(m_end);
  });
}

void LoadRun::Impl::setPaused(bool paused) {
  m_loop.post([this, paused] {
    if (!m_model || m_model->isFinishing() || paused == (m_pausedSinceNs != 0)) return;
    const std::int64_t at = monotonicNs();
    m_model->setPaused(paused, at);
    if (!paused) m_pausedNs = pausedNs(at);
    m_pausedSinceNs = paused ? at : 0;
    m_recorder.mark(elapsedMs(at), paused ? "Paused" : "Resumed");
    m_state = paused ? State::Paused : State::Running;
    publish();
  });
}

void LoadRun::Impl::setLevel(double level) {
  m_loop.post([this, level] {
    if (!m_model || m_model->isFinishing()) return;
    const std::int64_t at = monotonicNs();
    m_model->setLevel(level, at);
    char text[64];
    std::snprintf(text, sizeof text, isOpenModel(m_plan.scenario.executor.kind) ? "%.6g iterations/s by hand" : "%.0f users by hand", level);
    m_recorder.mark(elapsedMs(at), text);
  });
}

RunFigures LoadRun::Impl::figures() const {
  const std::lock_guard lock(m_mutex);
  return m_published;
}

bool LoadRun::Impl::ended() const {
  const std::lock_guard lock(m_mutex);
  return m_isOver;
}

RunFigures LoadRun::Impl::wait() {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return m_isOver; });
  return m_published;
}

LoadRun::LoadRun(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LoadRun::~LoadRun() = default;

Expected<std::unique_ptr<LoadRun>, std::string> LoadRun::start(RunPlan plan, const LoadPermit& permit) {
  if (!permit.covers(plan)) return std::string("What was permitted is load on another target.");
  plan.caps = limited(plan.caps, permit.limits());
  std::vector<Threshold> thresholds;
  for (const ThresholdRule& rule : plan.scenario.thresholds) {
    Expected<Threshold, std::string> threshold = parseThreshold(rule);
    if (!threshold) return threshold.error();
    thresholds.push_back(std::move(*threshold));
  }
  const Executor& executor = plan.scenario.executor;
  const bool open = isOpenModel(executor.kind);
  if (const double peak = peakOf(executor); peak > (open ? plan.caps.perSecond : plan.caps.users)) {
    char text[200];
    std::snprintf(text, sizeof text, "The scenario asks for %.6g %s; at most %.6g are allowed here. Lower it, or raise the profile's limit.", peak, open ? "iterations a second" : "users",
                  open ? plan.caps.perSecond : plan.caps.users);
    return std::string(text);
  }
  Expected<std::unique_ptr<Workload>, std::string> workload = plan.scenario.target == Target::Http ? makeHttpWorkload(plan) : makeDirectWorkload(plan);
  if (!workload) return workload.error();
  return std::unique_ptr<LoadRun>(new LoadRun(std::make_unique<Impl>(std::move(plan), std::move(thresholds), std::move(*workload))));
}

void LoadRun::stop() { m_impl->stop(); }
void LoadRun::setPaused(bool paused) { m_impl->setPaused(paused); }
void LoadRun::setLevel(double level) { m_impl->setLevel(level); }
RunFigures LoadRun::figures() const { return m_impl->figures(); }
bool LoadRun::ended() const { return m_impl->ended(); }
RunFigures LoadRun::wait() { return m_impl->wait(); }

}  // namespace cachedeck::load
