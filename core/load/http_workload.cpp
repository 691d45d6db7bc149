// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/http_user.h"
#include "core/load/resolve.h"
#include "core/load/workload.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr Millis longestLookUp{5000};

/// Iterations of one user outside the schedule: the setup, and warming the cache.
class Rehearsal : public Dispatcher, private Loop::Timer {
 public:
  Rehearsal(Loop& loop, const std::stop_token& stop) : m_loop(loop), m_stop(stop) {}
  /// Carries iterations out until `done` says so.
  void run(VirtualUser& user, const std::function<bool()>& done) {
    m_user = &user;
    m_done = &done;
    m_over = false;
    const std::stop_callback wake(m_stop, [this] { m_loop.post([this] { finish(); }); });
    user.begin(0);
    m_loop.arm(monotonicNs() + tickNs, *this, 0);
    m_loop.run();
    user.cutOff();
    m_loop.resume();
  }
  void iterationEnded(VirtualUser&, bool) override {
    if ((*m_done)() || m_stop.stop_requested()) finish();
    else m_again = true;  // on a later turn, or a warm cache would deepen the stack
  }

 private:
  static constexpr std::int64_t tickNs = 5'000'000;
  void finish() {
    m_over = true;
    m_loop.quit();
  }
  void due(std::int64_t, std::uint64_t) override {
    if (m_over) return;
    if (std::exchange(m_again, false)) m_user->begin(0);
    else m_user->watchDeadline(monotonicNs());
    if (!m_over) m_loop.arm(monotonicNs() + tickNs, *this, 0);
  }

  Loop& m_loop;
  const std::stop_token& m_stop;
  VirtualUser* m_user = nullptr;
  const std::function<bool()>* m_done = nullptr;
  bool m_over = false, m_again = false;
};

class HttpWorkload : public Workload {
 public:
  HttpWorkload(Scenario scenario, TlsSettings tls) : m_scenario(std::move(scenario)), m_tlsSettings(std::move(tls)) {}

  Expected<void, std::string> compile(const std::string& baseUrl, const std::map<std::string, std::string>& given) {
    const Expected<Url, std::string> base = parseUrl(baseUrl);
    if (!base) return base.error();
    Expected<std::unique_ptr<StepProgram>, std::string> program = StepProgram::compile(m_scenario, *base);
    if (!program) return program.error();
    m_program = std::move(*program);
    m_values.resize(m_program->variables.size());
    for (std::size_t i = 0; i < m_values.size(); ++i) {
      const std::string& name = m_program->variables[i];
      if (const auto value = given.find(name); value != given.end()) m_values[i] = value->second;
      else if (const auto own = m_scenario.variables.find(name); own != m_scenario.variables.end()) m_values[i] = own->second;
    }
    for (const std::string& name : m_scenario.secretVariables)
      if (!given.contains(name)) return "The scenario needs a value for \"" + name + "\". It is a secret: pass it in the environment variable CACHEDECK_LOAD_" + upper(name) + ".";
    const bool tls = std::any_of(m_program->endpoints.begin(), m_program->endpoints.end(), [](const auto& endpoint) { return endpoint->origin.tls; });
    if (!tls) return {};
    Expected<std::unique_ptr<TlsClient>, std::string> client = TlsClient::make(m_tlsSettings);
    if (!client) return client.error();
    m_tls = std::move(*client);
    return {};
  }

  std::vector<std::string> stepNames() const override {
    std::vector<std::string> names;
    for (const Step& step : m_scenario.steps) names.push_back(step.name);
    return names;
  }
  std::vector<std::string> checkNames() const override { return m_program->checkNames; }

  std::string prepare(Loop& loop, Recorder& recorder, const std::stop_token& stop) override {
    m_recorder = &recorder;
    m_link = std::make_unique<LinkShared>(LinkShared{loop, m_tls.get()});
    for (const auto& endpoint : m_program->endpoints) {
      Expected<std::vector<Address>, std::string> addresses = resolve(endpoint->origin.host, endpoint->origin.port, longestLookUp, stop);
      if (!addresses) return addresses.error();
      endpoint->addresses = std::move(*addresses);
    }
    std::string problem = setUp(loop, stop);
    if (problem.empty() && m_scenario.cache == CachePreparation::Warmed) problem = warm(loop, stop);
    return problem;
  }

  std::unique_ptr<VirtualUser> make(int index, Dispatcher& dispatcher) override {
    return std::make_unique<HttpUser>(index, shared(), HttpUser::Manner{&m_program->steps, m_scenario.order, true}, *m_recorder, dispatcher);
  }

 private:
  static std::string upper(std::string name) {
    for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return name;
  }
  HttpShared shared() { return {*m_link, *m_program, m_values}; }

  std::string setUp(Loop& loop, const std::stop_token& stop) {
    if (m_program->setup.empty()) return {};
    Recorder aside(std::vector<std::string>(m_program->setup.size()), m_program->checkNames);
    Rehearsal rehearsal(loop, stop);
    HttpUser user(-1, shared(), {&m_program->setup, StepOrder::Sequence, false}, aside, rehearsal);
    rehearsal.run(user, [] { return true; });
    m_recorder->addChecks(aside);  // its requests are no load, but a login that was refused shows as a failed check
    if (user.hasFailed()) return "The setup failed: " + user.failure() + ". Check the URL and what the scenario needs (user, password).";
    m_values = user.values();
    return {};
  }

  // Until a whole round was hits; what varies from round to round gets some more.
  std::string warm(Loop& loop, const std::stop_token& stop) {
    constexpr int mostRounds = 50;
    const bool varies = std::any_of(m_program->steps.begin(), m_program->steps.end(), [](const CompiledStep& step) { return step.bytes.empty(); });
    const int enough = varies ? 5 : 1;
    Recorder aside(stepNames(), m_program->checkNames);
    Rehearsal rehearsal(loop, stop);
    HttpUser user(-1, shared(), {&m_program->steps, StepOrder::Sequence, false}, aside, rehearsal);
    int rounds = 0, warmRounds = 0, failures = 0;
    rehearsal.run(user, [&] {
      warmRounds = user.allHits() ? warmRounds + 1 : 0;
      failures = user.hasFailed() ? failures + 1 : 0;
      return ++rounds >= mostRounds || warmRounds >= enough || failures >= 3;
    });
    return failures >= 3 ? "Warming the cache failed: " + user.failure() + "." : std::string();
  }

  const Scenario m_scenario;
  const TlsSettings m_tlsSettings;
  std::unique_ptr<StepProgram> m_program;
  std::unique_ptr<TlsClient> m_tls;
  std::unique_ptr<LinkShared> m_link;
  Values m_values;
  Recorder* m_recorder = nullptr;
};

}  // namespace

Expected<std::unique_ptr<Workload>, std::string> makeHttpWorkload(const RunPlan& plan) {
  auto workload = std::make_unique<HttpWorkload>(plan.scenario, plan.tls);
  if (const auto compiled = workload->compile(plan.baseUrl, plan.variables); !compiled) return compiled.error();
  return std::unique_ptr<Workload>(std::move(workload));
}

}  // namespace cachedeck::load
