// SPDX-License-Identifier: GPL-3.0-or-later
// Executor, workload, events and thresholds of a scenario file.
#include "core/load/duration_text.h"
#include "core/load/schedule.h"
#include "core/load/scenario_reader.h"
#include "core/load/thresholds.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cachedeck::load {

namespace {

constexpr int mostUsers = 1'000'000;
constexpr double mostRate = 1e7;
constexpr std::int64_t mostIterations = 1'000'000'000'000;
constexpr std::size_t mostStages = 1000, mostEvents = 1000, mostThresholds = 1000;

constexpr std::array kinds{ExecutorKind::ConstantVus,         ExecutorKind::RampingVus,       ExecutorKind::ConstantArrivalRate,
                           ExecutorKind::RampingArrivalRate, ExecutorKind::SharedIterations, ExecutorKind::PerVuIterations};

bool countsIterations(ExecutorKind kind) { return kind == ExecutorKind::SharedIterations || kind == ExecutorKind::PerVuIterations; }
bool isConstant(ExecutorKind kind) { return kind == ExecutorKind::ConstantVus || kind == ExecutorKind::ConstantArrivalRate; }
bool hasStages(ExecutorKind kind) { return kind == ExecutorKind::RampingVus || kind == ExecutorKind::RampingArrivalRate; }
bool hasVus(ExecutorKind kind) { return kind == ExecutorKind::ConstantVus || countsIterations(kind); }

/// A field of executors, and which of them have it.
struct Field {
  const char* name;
  bool (*belongs)(ExecutorKind);
};

constexpr std::array fields{
    Field{"vus", hasVus},
    Field{"startVUs", [](ExecutorKind kind) { return kind == ExecutorKind::RampingVus; }},
    Field{"rate", [](ExecutorKind kind) { return kind == ExecutorKind::ConstantArrivalRate; }},
    Field{"startRate", [](ExecutorKind kind) { return kind == ExecutorKind::RampingArrivalRate; }},
    Field{"timeUnit", isOpenModel},
    Field{"duration", isConstant},
    Field{"stages", hasStages},
    Field{"preAllocatedVUs", isOpenModel},
    Field{"maxVUs", isOpenModel},
    Field{"iterations", countsIterations},
    Field{"maxDuration", countsIterations},
    Field{"gracefulRampDown", [](ExecutorKind kind) { return kind == ExecutorKind::RampingVus; }},
};

void refuseForeignFields(ObjectReader& file, ExecutorKind kind) {
  for (const Field& field : fields) {
    if (field.belongs(kind)) continue;
    const JsonNode* const node = file.find(field.name);
    if (!node) continue;
    std::string owners;
    for (const ExecutorKind other : kinds)
      if (field.belongs(other)) owners += (owners.empty() ? "" : ", ") + std::string(executorName(other));
    file.wrong(*node, field.name, std::string("not a field of ") + executorName(kind) + "; it belongs to " + owners);
  }
}

void readStages(ObjectReader& file, Executor& executor) {
  const JsonNode* const all = file.require("stages", "[{\"duration\": \"1m\", \"target\": 10}]");
  file.list("stages", mostStages, [&](const JsonNode& node, const std::string& path) {
    ObjectReader object(node, path, "a stage", file.problems());
    Stage stage;
    object.require("duration", "\"1m\"");
    object.duration("duration", stage.duration);
    object.require("target", "10");
    if (executor.kind == ExecutorKind::RampingVus) {
      int users = 0;
      object.whole("target", users, 0, mostUsers);
      stage.target = users;
    } else {
      object.number("target", stage.target, 0, mostRate);
    }
    executor.stages.push_back(stage);
  });
  if (!all || all->kind != JsonNode::Kind::Array || file.problems().any()) return;
  if (lengthOf(executor) <= Millis{0}) file.wrong(*all, "stages", "last no time in all; give at least one a duration, e.g. {\"duration\": \"1m\", \"target\": 10}");
  else if (!(peakOf(executor) > 0)) file.wrong(*all, "stages", "never leave 0; give at least one a target above 0");
}

void readRates(ObjectReader& file, Executor& executor) {
  file.duration("timeUnit", executor.timeUnit, Millis{1});
  const JsonNode* const first = file.require("preAllocatedVUs", "50");
  file.whole("preAllocatedVUs", executor.preAllocatedVus, 1, mostUsers);
  executor.maxVus = executor.preAllocatedVus;
  file.whole("maxVUs", executor.maxVus, 1, mostUsers);
  if (first && executor.maxVus < executor.preAllocatedVus) file.wrong(*first, "maxVUs", "is smaller than preAllocatedVUs; write at least " + std::to_string(executor.preAllocatedVus));
}

void readOpen(ObjectReader& file, Executor& executor) {
  readRates(file, executor);
  if (executor.kind == ExecutorKind::RampingArrivalRate) return file.number("startRate", executor.startRate, 0, mostRate);
  file.require("rate", "100");
  file.number("rate", executor.rate, 1e-6, mostRate);
}

void readIterations(ObjectReader& file, Executor& executor) {
  file.whole("iterations", executor.iterations, 1, mostIterations);
  file.duration("maxDuration", executor.maxDuration, Millis{1});
  const bool shared = executor.kind == ExecutorKind::SharedIterations;
  if (shared && executor.iterations < executor.vus) file.wrong("iterations are fewer than vus, so that some users would do nothing; lower vus or raise iterations");
}

void readEvent(const JsonNode& node, const std::string& path, const Executor& executor, Problems& problems, std::vector<Event>& events) {
  ObjectReader object(node, path, "an event", problems);
  if (!object.isObject()) return;
  Event event;
  const JsonNode* const at = object.require("at", "\"30s\"");
  object.duration("at", event.at);
  const bool drops = object.find("dropPrefix") != nullptr, pauses = object.find("pauseRedis") != nullptr;
  if (drops == pauses) return object.wrong("an event has exactly one of dropPrefix, pauseRedis; write e.g. {\"at\": \"30s\", \"dropPrefix\": \"risk:\"}");
  event.kind = drops ? Event::Kind::DropPrefix : Event::Kind::PauseRedis;
  if (drops) {
    const JsonNode* const prefix = object.find("dropPrefix", JsonNode::Kind::Text, "\"risk:\"");
    if (prefix) event.prefix = prefix->text;
    if (prefix && prefix->text.empty()) object.wrong(*prefix, "dropPrefix", "is empty, which would be every key; write e.g. \"risk:\"");
  } else {
    object.duration("pauseRedis", event.lasts, Millis{1});
  }
  const Millis length = lengthOf(executor);
  if (at && length > Millis{0} && event.at > length) object.wrong(*at, "at", shown(*at) + " is after the end of the run; it lasts " + durationText(length));
  events.push_back(std::move(event));
}

bool selectsSomething(const Threshold& threshold, const Scenario& scenario) {
  if (threshold.selector.empty()) return true;
  return std::any_of(scenario.steps.begin(), scenario.steps.end(), [&](const Step& step) {
    return std::all_of(threshold.selector.begin(), threshold.selector.end(), [&](const auto& wanted) {
      if (wanted.first == "step") return wanted.second == step.name;
      const auto tag = step.tags.find(wanted.first);
      return tag != step.tags.end() && tag->second == wanted.second;
    });
  });
}

void readThreshold(const JsonNode& node, const std::string& path, const Scenario& scenario, Problems& problems, ThresholdRule rule, std::vector<ThresholdRule>& rules) {
  if (node.kind == JsonNode::Kind::Text) {
    rule.expression = node.text;
  } else {
    ObjectReader object(node, path, "a threshold", problems);
    if (!object.isObject()) return;
    if (!object.require("threshold", "\"p(95)<100\"")) return;
    object.text("threshold", rule.expression, "\"p(95)<100\"");
    object.boolean("abortOnFail", rule.abortOnFail);
    object.duration("delayAbortEval", rule.delayAbortEval);
  }
  const Expected<Threshold, std::string> threshold = parseThreshold(rule);
  if (!threshold) return problems.add(node.line, path, threshold.error());
  // Of the direct workload the engine names the steps itself.
  if (scenario.target == Target::Http && !selectsSomething(*threshold, scenario))
    problems.add(node.line, path, "no step has these tags; write e.g. {step:NAME} with the name of a step");
  rules.push_back(std::move(rule));
}

}  // namespace

void readExecutor(ObjectReader& file, Executor& executor) {
  const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const ExecutorKind kind : kinds) list.emplace_back(executorName(kind));
    return list;
  }();
  bool known = false;
  file.require("executor", "\"ramping-vus\"");
  file.choice("executor", names, [&](std::size_t index) {
    executor.kind = kinds[index];
    known = true;
  });
  file.duration("gracefulStop", executor.gracefulStop);
  if (!known) {  // without it nothing can be said about its fields
    for (const Field& field : fields) file.find(field.name);
    return;
  }
  refuseForeignFields(file, executor.kind);
  if (hasVus(executor.kind)) file.whole("vus", executor.vus, 1, mostUsers);
  if (isConstant(executor.kind)) {
    file.require("duration", "\"2m\"");
    file.duration("duration", executor.duration, Millis{1});
  }
  if (executor.kind == ExecutorKind::RampingVus) {
    file.whole("startVUs", executor.startVus, 0, mostUsers);
    file.duration("gracefulRampDown", executor.gracefulRampDown);
  }
  if (isOpenModel(executor.kind)) readOpen(file, executor);
  if (hasStages(executor.kind)) readStages(file, executor);
  if (countsIterations(executor.kind)) readIterations(file, executor);
}

void readWorkload(ObjectReader& file, CacheAsideWorkload& workload) {
  const JsonNode* const node = file.find("workload");
  if (!node) return;
  ObjectReader object(*node, file.pathOf("workload"), "a workload", file.problems());
  object.whole("keys", workload.keys, 1, 1'000'000'000);
  object.choice("distribution", {"uniform", "zipf"}, [&](std::size_t index) { workload.distribution = index ? CacheAsideWorkload::Keys::Zipf : CacheAsideWorkload::Keys::Uniform; });
  object.number("skew", workload.skew, 0.01, 10);
  object.number("writeFraction", workload.writeFraction, 0, 1);
  object.number("hitRatio", workload.hitRatio, 0, 1);
  object.duration("ttl", workload.ttl, Millis{1});
  object.whole("valueBytes", workload.valueBytes, 1, 16 * 1024 * 1024);
  object.duration("queryCost", workload.queryCost);
  const std::vector<std::string> modes{"dev", "staging", "prod"};
  object.choice("poolMode", modes, [&](std::size_t index) { workload.poolMode = modes[index]; });
  object.boolean("cache", workload.cache);
}

void readEvents(ObjectReader& file, const Executor& executor, std::vector<Event>& events) {
  file.list("events", mostEvents, [&](const JsonNode& node, const std::string& path) { readEvent(node, path, executor, file.problems(), events); });
}

void readThresholds(ObjectReader& file, const Scenario& scenario, std::vector<ThresholdRule>& rules) {
  file.members("thresholds", [&](const JsonMember& member, const std::string& path) {
    if (member.value.kind != JsonNode::Kind::Array) return file.problems().add(member.value.line, path, shown(member.value) + " is not a list; write e.g. [\"p(95)<100\"]");
    if (member.value.items.size() > mostThresholds) return file.problems().add(member.value.line, path, "more than " + std::to_string(mostThresholds) + " thresholds");
    ThresholdRule rule;
    rule.metric = member.name;
    for (std::size_t i = 0; i < member.value.items.size(); ++i)
      readThreshold(member.value.items[i], path + "[" + std::to_string(i) + "]", scenario, file.problems(), rule, rules);
  });
}

}  // namespace cachedeck::load
