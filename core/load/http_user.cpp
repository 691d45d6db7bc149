// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/http_user.h"

#include "core/load/json_answer.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

constexpr std::int64_t millisecond = 1'000'000;
// A server that refuses would otherwise be asked as fast as this machine can, and nothing else be measured.
constexpr std::int64_t afterFailureNs = 10 * millisecond;

bool statusMatches(const std::string& wanted, int status) {
  const std::string text = std::to_string(status);
  if (wanted.size() != text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (wanted[i] != 'x' && wanted[i] != text[i]) return false;
  return true;
}

}  // namespace

HttpUser::HttpUser(int index, const HttpShared& shared, const Manner& manner, Recorder& recorder, Dispatcher& dispatcher)
    : VirtualUser(index), m_shared(shared), m_manner(manner), m_recorder(recorder), m_dispatcher(dispatcher), m_link(shared.link, *this),
      m_random(0x9e3779b97f4a7c15ULL * static_cast<std::uint64_t>(index + 1)), m_values(shared.values) {}

void HttpUser::drawOrder() {
  const std::vector<CompiledStep>& steps = *m_manner.steps;
  double all = 0;
  for (const CompiledStep& step : steps) all += step.step->weight;
  m_order.clear();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    double left = m_random.unit() * all;
    std::size_t drawn = 0;
    while (drawn + 1 < steps.size() && (left -= steps[drawn].step->weight) >= 0) ++drawn;
    m_order.push_back(drawn);
  }
}

void HttpUser::begin(std::int64_t intendedNs) {
  m_busy = true;
  m_intendedNs = intendedNs;
  m_at = 0;
  m_failed = false;
  m_requests = m_hits = 0;
  ++m_iteration;
  if (m_manner.order == StepOrder::Random) drawOrder();
  startStep();
}

void HttpUser::startStep() {
  const CompiledStep& step = current();
  m_redirects = 0;
  m_endpoint = step.endpoint;
  m_isFixed = !step.bytes.empty();
  if (!m_isFixed) {
    RenderContext context{m_values, m_random, m_iteration, index() + 1};
    Expected<RequestText, std::string> request = StepProgram::render(step, context);
    m_sentNs = m_intendedNs ? m_intendedNs : monotonicNs();
    if (!request) return failed(FailureKind::Template, request.error());
    m_request = std::move(*request);
    m_bytes = m_request.bytes(m_shared.program.endpoints[m_endpoint]->origin);
  }
  const std::int64_t now = monotonicNs();
  m_sentNs = m_intendedNs ? m_intendedNs : now;
  m_intendedNs = 0;
  m_deadlineNs = now + std::int64_t{m_shared.program.scenario.timeout.count()} * millisecond;
  m_bytesIn = m_link.bytesIn();
  m_bytesOut = m_link.bytesOut();
  send(*m_shared.program.endpoints[m_endpoint], m_isFixed ? std::string_view(step.bytes) : std::string_view(m_bytes));
}

void HttpUser::send(const Endpoint& endpoint, std::string_view bytes) {
  const CompiledStep& step = current();
  m_link.send(endpoint, {bytes, step.toHead, step.keepAnswer, step.repeatable});
}

void HttpUser::record(bool isFailure, FailureKind kind, int status) {
  Outcome outcome;
  outcome.step = m_order.empty() ? m_at : m_order[m_at];
  outcome.latencyNs = monotonicNs() - m_sentNs;
  outcome.failed = isFailure;
  outcome.failure = kind;
  outcome.status = status;
  outcome.bytesIn = m_link.bytesIn() - m_bytesIn;
  outcome.bytesOut = m_link.bytesOut() - m_bytesOut;
  if (status != 0) {
    outcome.cache = m_link.answer().cache() == HttpAnswer::Cache::Hit ? Outcome::Cache::Hit : m_link.answer().cache() == HttpAnswer::Cache::Miss ? Outcome::Cache::Miss : Outcome::Cache::Unknown;
    if (outcome.cache == Outcome::Cache::Hit) ++m_hits;
  }
  ++m_requests;
  m_recorder.add(outcome);
}

void HttpUser::answered() {
  const int status = m_link.answer().status();
  if (status >= 300 && status < 400 && !m_link.answer().location().empty() && redirect()) return;
  if (!m_busy) return;  // the redirect failed
  const bool isFailure = status >= 400;
  record(isFailure, FailureKind::Status, status);
  if (isFailure) {
    m_failed = true;
    m_failure = current().step->name + " was answered with " + std::to_string(status);
    m_recorder.example(current().step->name + ": status " + std::to_string(status));
  }
  examine();
  stepEnded(false);
}

// True: it was followed, or has failed as one.
bool HttpUser::redirect() {
  const CompiledStep& step = current();
  const int status = m_link.answer().status();
  if (m_shared.program.scenario.maxRedirects == 0) return false;
  const auto fail = [&](const std::string& why) {
    failed(FailureKind::Redirects, why);
    return true;
  };
  if (++m_redirects > m_shared.program.scenario.maxRedirects) return fail("more than " + std::to_string(m_shared.program.scenario.maxRedirects) + " redirects");
  if (m_isFixed && m_redirects == 1) m_request = step.fixed;
  const Expected<Url, std::string> url = resolveUrl({m_shared.program.endpoints[m_endpoint]->origin, m_request.path}, m_link.answer().location());
  if (!url) return fail(url.error());
  // Credentials of one server are not for another, and its name would have to be looked up in the middle of a run.
  if (!(url->origin == m_shared.program.endpoints[m_endpoint]->origin)) return fail("a redirect to another server, " + url->origin.text().substr(0, 100) + ". Name that server in the scenario.");
  m_request.path = url->path;
  if (status == 303 || ((status == 301 || status == 302) && m_request.method == "POST")) {
    m_request.method = m_request.method == "HEAD" ? "HEAD" : "GET";
    m_request.body.clear();
  }
  m_bytes = m_request.bytes(url->origin);
  send(*m_shared.program.endpoints[m_endpoint], m_bytes);
  return true;
}

bool HttpUser::passes(const Check& check, const JsonAnswer& json) const {
  const HttpAnswer& answer = m_link.answer();
  switch (check.kind) {
    case Check::Kind::Status: return statusMatches(check.value, answer.status());
    case Check::Kind::Header: return answer.header(check.subject) == check.value;
    case Check::Kind::BodyContains: return answer.body().find(check.value) != std::string::npos;
    case Check::Kind::Json: return json.at(check.subject) == check.value;
  }
  return false;
}

void HttpUser::examine() {
  const CompiledStep& step = current();
  const std::vector<Check>& checks = step.step->checks;
  if (checks.empty() && step.extract.empty()) return;
  const JsonAnswer json(m_link.answer().body());
  for (std::size_t i = 0; i < checks.size(); ++i) m_recorder.check(step.firstCheck + i, passes(checks[i], json));
  extract(json);
}

void HttpUser::extract(const JsonAnswer& json) {
  for (const auto& [variable, pointer] : current().extract) {
    std::optional<std::string> value = json.at(pointer);
    if (!value && !m_failed) {
      m_failed = true;
      m_failure = current().step->name + " has nothing at " + pointer;
      m_recorder.example(current().step->name + ": nothing at " + pointer);
    }
    m_values[variable] = std::move(value);
  }
}

void HttpUser::failed(FailureKind kind, const std::string& reason) {
  record(true, kind, 0);
  m_failed = true;
  m_failure = current().step->name + ": " + reason;
  m_recorder.example(std::string(failureName(kind)) + ": " + reason);
  stepEnded(true);
}

void HttpUser::armed(std::int64_t afterNs, Token token) { m_shared.link.loop.arm(monotonicNs() + afterNs, *this, (++m_round << 1) | token); }

void HttpUser::stepEnded(bool pauseAfterFailure) {
  const ThinkTime& think = current().step->think;
  const bool last = ++m_at == m_manner.steps->size();
  std::int64_t pause = 0;
  if (m_manner.thinks && think.most.count() > 0)
    pause = (std::int64_t{think.least.count()} + static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>((think.most - think.least).count()) + 1))) * millisecond;
  if (pauseAfterFailure) pause = std::max(pause, afterFailureNs);
  m_deadlineNs = 0;
  if (pause > 0) return armed(pause, last ? EndOfIteration : NextStep);
  if (last) endIteration(true);
  else startStep();
}

void HttpUser::due(std::int64_t dueNs, std::uint64_t token) {
  if (!m_busy || (token >> 1) != m_round) return;  // cut off meanwhile
  m_recorder.late(monotonicNs() - dueNs);
  if ((token & 1) == EndOfIteration) endIteration(true);
  else startStep();
}

void HttpUser::endIteration(bool completed) {
  m_busy = false;
  m_dispatcher.iterationEnded(*this, completed);
}

void HttpUser::cutOff() {
  m_busy = false;
  ++m_round;
  m_deadlineNs = 0;
  if (m_link.isBusy()) m_link.close();
}

void HttpUser::recordUnanswered(std::int64_t nowNs, std::int64_t longNs) {
  if (m_deadlineNs == 0 || !m_link.isBusy()) return;
  const std::int64_t sentNs = m_deadlineNs - std::int64_t{m_shared.program.scenario.timeout.count()} * millisecond;
  if (nowNs - sentNs < longNs) return;
  record(true, FailureKind::Unanswered, 0);
  m_recorder.example(std::string(failureName(FailureKind::Unanswered)) + ": no whole answer for " + std::to_string(longNs / millisecond) + " ms when the run ended");
}

void HttpUser::watchDeadline(std::int64_t nowNs) {
  if (m_deadlineNs == 0 || nowNs < m_deadlineNs || !m_link.isBusy()) return;
  m_link.close();
  failed(FailureKind::Timeout, "no whole answer within " + std::to_string(m_shared.program.scenario.timeout.count()) + " ms");
}

}  // namespace cachedeck::load
