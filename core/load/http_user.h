// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/recorder.h"
#include "core/load/step_program.h"
#include "core/load/virtual_user.h"

#include <optional>

namespace cachedeck::load {

using Values = std::vector<std::optional<std::string>>;

/// What the HTTP users of a run share.
struct HttpShared {
  LinkShared& link;
  const StepProgram& program;
  const Values& values;  ///< of the run: given, and extracted by the setup
};

/// Goes through steps: renders, sends, waits for the answer, checks, extracts, pauses.
class HttpUser : public VirtualUser, private HttpLink::Owner, private Loop::Timer {
 public:
  struct Manner {
    const std::vector<CompiledStep>* steps = nullptr;
    StepOrder order = StepOrder::Sequence;
    bool thinks = true;
  };
  HttpUser(int index, const HttpShared& shared, const Manner& manner, Recorder& recorder, Dispatcher& dispatcher);

  void begin(std::int64_t intendedNs) override;
  void cutOff() override;
  void recordUnanswered(std::int64_t nowNs, std::int64_t longNs) override;
  void watchDeadline(std::int64_t nowNs) override;

  const Values& values() const { return m_values; }
  bool hasFailed() const { return m_failed; }           ///< a request of the last iteration
  const std::string& failure() const { return m_failure; }
  bool allHits() const { return m_hits == m_requests; }  ///< of the last iteration

 private:
  enum Token : std::uint64_t { NextStep, EndOfIteration };
  void answered() override;
  void failed(FailureKind kind, const std::string& reason) override;
  void due(std::int64_t dueNs, std::uint64_t token) override;

  const CompiledStep& current() const { return (*m_manner.steps)[m_order.empty() ? m_at : m_order[m_at]]; }
  void startStep();
  void send(const Endpoint& endpoint, std::string_view bytes);
  bool redirect();
  void examine();
  void extract(const class JsonAnswer& json);
  bool passes(const Check& check, const JsonAnswer& json) const;
  void record(bool isFailure, FailureKind kind, int status);
  void stepEnded(bool pauseAfterFailure);
  void endIteration(bool completed);
  void armed(std::int64_t afterNs, Token token);
  void drawOrder();

  HttpShared m_shared;
  const Manner m_manner;
  Recorder& m_recorder;
  Dispatcher& m_dispatcher;
  HttpLink m_link;
  Random m_random;
  Values m_values;
  std::vector<std::size_t> m_order;
  RequestText m_request;
  std::string m_bytes, m_failure;
  std::size_t m_at = 0, m_endpoint = 0;
  std::int64_t m_sentNs = 0, m_intendedNs = 0, m_deadlineNs = 0, m_iteration = -1;
  std::uint64_t m_round = 0, m_bytesIn = 0, m_bytesOut = 0;
  int m_redirects = 0, m_requests = 0, m_hits = 0;
  bool m_failed = false, m_isFixed = true;
};

}  // namespace cachedeck::load
