// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cachedeck::load {

using Millis = std::chrono::milliseconds;

/// k6's executors, with its names and meaning.
enum class ExecutorKind { ConstantVus, RampingVus, ConstantArrivalRate, RampingArrivalRate, SharedIterations, PerVuIterations };

/// One stretch of a ramp: linear from where the one before ended to `target` (users, or iterations a time unit).
struct Stage {
  Millis duration{0};
  double target = 0;
  bool operator==(const Stage&) const = default;
};

/// How many virtual users run, or how often an iteration starts. Which fields count depends on the kind.
struct Executor {
  ExecutorKind kind = ExecutorKind::ConstantVus;
  int vus = 1;       ///< constant-vus, shared-iterations, per-vu-iterations
  int startVus = 1;  ///< ramping-vus
  double rate = 0;       ///< constant-arrival-rate: iterations a time unit
  double startRate = 0;  ///< ramping-arrival-rate
  Millis timeUnit{1000};
  Millis duration{0};  ///< of the constant kinds
  std::vector<Stage> stages;
  int preAllocatedVus = 1;  ///< arrival rates: users that are there from the beginning
  int maxVus = 1;           ///< arrival rates: at most so many; beyond them an arrival waits, and its wait counts
  std::int64_t iterations = 1;  ///< shared-iterations: of all; per-vu-iterations: of each
  Millis maxDuration{600'000};  ///< of the iteration kinds
  Millis gracefulStop{30'000};  ///< what runs at the end may go on so long
  Millis gracefulRampDown{30'000};
  bool operator==(const Executor&) const = default;
};

/// A pause after a step, uniformly between the two.
struct ThinkTime {
  Millis least{0}, most{0};
  bool operator==(const ThinkTime&) const = default;
};

/// A value of the JSON answer (RFC 6901 pointer) for later steps: ${variable}.
struct Extraction {
  std::string variable, pointer;
  bool operator==(const Extraction&) const = default;
};

/// What an answer should be. A check that fails is counted, it stops nothing.
struct Check {
  enum class Kind {
    Status,        ///< `value`: "200", or a class like "2xx"
    Header,        ///< header `subject` has `value`
    BodyContains,  ///< the body holds `value`
    Json,          ///< the JSON pointer `subject` has `value`
  };
  Kind kind = Kind::Status;
  std::string name, subject, value;
  bool operator==(const Check&) const = default;
};

/// One request of an iteration. Path, headers and body may hold ${…} (see template_text.h).
struct Step {
  std::string name;
  std::string method = "GET";
  std::string path = "/";  ///< appended to the base URL; an absolute http(s) URL stands for itself
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  ThinkTime think;
  std::vector<Extraction> extract;
  std::map<std::string, std::string> tags;  ///< besides step=name
  std::vector<Check> checks;
  double weight = 1;  ///< StepOrder::Random: how often, against the others
  bool operator==(const Step&) const = default;
};

enum class StepOrder {
  Sequence,  ///< every step once, in order
  Random,    ///< as many as there are steps, each drawn by weight
};

/// What happens to the cache before the run.
enum class CachePreparation {
  None,     ///< it is left as it is
  Flushed,  ///< the prefixes of `preparedPrefixes` are emptied
  Warmed,   ///< every step is asked until it is a hit, or a few times
};

/// Something done in the middle of the run.
struct Event {
  enum class Kind { DropPrefix, PauseRedis };
  Kind kind = Kind::DropPrefix;
  Millis at{0};
  std::string prefix;  ///< DropPrefix: literal beginning of the keys
  Millis lasts{0};     ///< PauseRedis
  bool operator==(const Event&) const = default;
};

/// Read-through of the profile's Redis and PostgreSQL, without any service.
struct CacheAsideWorkload {
  enum class Keys { Uniform, Zipf };
  std::int64_t keys = 10'000;
  Keys distribution = Keys::Zipf;
  double skew = 0.99;          ///< of Zipf
  double writeFraction = 0;    ///< of the iterations: update the row, remove the key
  double hitRatio = -1;        ///< 0 to 1: looked-up keys are chosen so that this share is cached; below 0: as it comes
  Millis ttl{300'000};
  int valueBytes = 512;
  Millis queryCost{0};         ///< pg_sleep in the statement, so that a miss takes realistic time
  std::string poolMode = "prod";  ///< dev, staging, prod: bounds the database connections
  bool cache = true;           ///< false: every read goes to the database
  bool operator==(const CacheAsideWorkload&) const = default;
};

/// "http_req_duration{step:list}" and "p(95)<100", as k6 writes them; `baseline` may stand on the right ("p(95)<=baseline*1.1+2").
struct ThresholdRule {
  std::string metric, expression;
  bool abortOnFail = false;
  Millis delayAbortEval{0};
  bool operator==(const ThresholdRule&) const = default;
};

enum class Target { Http, CacheAside };

/// What a run does, as a scenario file says it.
struct Scenario {
  std::string name, title, description;
  Target target = Target::Http;
  Executor executor;
  std::map<std::string, std::string> variables;  ///< defaults of ${name}
  std::vector<std::string> secretVariables;      ///< must come from outside, and are never written
  std::vector<Step> setup;                       ///< once, before all; what they extract is everybody's
  std::vector<Step> steps;
  StepOrder order = StepOrder::Sequence;
  CachePreparation cache = CachePreparation::None;
  std::vector<std::string> preparedPrefixes;
  CacheAsideWorkload workload;
  std::vector<Event> events;
  std::vector<ThresholdRule> thresholds;
  std::map<std::string, std::string> tags;
  Millis timeout{60'000};  ///< of one request, from its sending to the last byte
  int maxRedirects = 10;
  bool operator==(const Scenario&) const = default;
};

/// How long the executor takes without its graceful stop.
Millis lengthOf(const Executor& executor);
/// Durations of stages, events and pauses times `factor` (0.1: a tenth); users and rates stay.
Scenario scaled(Scenario scenario, double factor);

}  // namespace cachedeck::load
