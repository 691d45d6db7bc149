// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/scenario_json.h"

#include "core/load/duration_text.h"
#include "core/load/schedule.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

using Json = nlohmann::ordered_json;

// 10 rather than 10.0.
Json numberJson(double number) {
  if (std::abs(number) < 9e15 && number == std::floor(number)) return static_cast<std::int64_t>(number);
  return number;
}

Json textsJson(const std::map<std::string, std::string>& texts) {
  Json json = Json::object();
  for (const auto& [name, value] : texts) json[name] = value;
  return json;
}

template <typename T>
void putUnless(Json& json, const char* name, const T& value, const T& fallback) {
  if (value != fallback) json[name] = value;
}

void putUnless(Json& json, const char* name, Millis value, Millis fallback) {
  if (value != fallback) json[name] = durationText(value);
}

void putTexts(Json& json, const char* name, const std::map<std::string, std::string>& texts) {
  if (!texts.empty()) json[name] = textsJson(texts);
}

void putStages(Json& json, const std::vector<Stage>& stages) {
  json["stages"] = Json::array();
  for (const Stage& stage : stages) json["stages"].push_back({{"duration", durationText(stage.duration)}, {"target", numberJson(stage.target)}});
}

void putOpen(Json& json, const Executor& executor, const Executor& fallback) {
  if (executor.kind == ExecutorKind::ConstantArrivalRate) json["rate"] = numberJson(executor.rate);
  else if (executor.startRate != fallback.startRate) json["startRate"] = numberJson(executor.startRate);
  putUnless(json, "timeUnit", executor.timeUnit, fallback.timeUnit);
  json["preAllocatedVUs"] = executor.preAllocatedVus;
  putUnless(json, "maxVUs", executor.maxVus, executor.preAllocatedVus);
}

void putExecutor(Json& json, const Executor& executor) {
  const Executor fallback;
  const ExecutorKind kind = executor.kind;
  json["executor"] = executorName(kind);
  if (isOpenModel(kind)) putOpen(json, executor, fallback);
  else if (kind == ExecutorKind::RampingVus) putUnless(json, "startVUs", executor.startVus, fallback.startVus);
  else json["vus"] = executor.vus;
  if (kind == ExecutorKind::ConstantVus || kind == ExecutorKind::ConstantArrivalRate) json["duration"] = durationText(executor.duration);
  if (kind == ExecutorKind::RampingVus || kind == ExecutorKind::RampingArrivalRate) putStages(json, executor.stages);
  if (kind == ExecutorKind::SharedIterations || kind == ExecutorKind::PerVuIterations) {
    json["iterations"] = executor.iterations;
    putUnless(json, "maxDuration", executor.maxDuration, fallback.maxDuration);
  }
  putUnless(json, "gracefulStop", executor.gracefulStop, fallback.gracefulStop);
  if (kind == ExecutorKind::RampingVus) putUnless(json, "gracefulRampDown", executor.gracefulRampDown, fallback.gracefulRampDown);
}

void putVariables(Json& json, const Scenario& scenario) {
  std::map<std::string, std::string> open = scenario.variables;
  for (const std::string& secret : scenario.secretVariables) open.erase(secret);
  putTexts(json, "variables", open);
  if (!scenario.secretVariables.empty()) json["secretVariables"] = scenario.secretVariables;
}

Json checkJson(const Check& check) {
  Json json;
  switch (check.kind) {
    case Check::Kind::Status: json["status"] = check.value; break;
    case Check::Kind::Header: json["header"] = check.subject; break;
    case Check::Kind::BodyContains: json["bodyContains"] = check.value; break;
    case Check::Kind::Json: json["json"] = check.subject; break;
  }
  if (check.kind == Check::Kind::Header || check.kind == Check::Kind::Json) json["is"] = check.value;
  if (!check.name.empty()) json["name"] = check.name;
  return json;
}

Json stepJson(const Step& step) {
  const Step fallback;
  Json json;
  json["name"] = step.name;
  putUnless(json, "method", step.method, fallback.method);
  json["path"] = step.path;
  for (const auto& [name, value] : step.headers) json["headers"][name] = value;
  putUnless(json, "body", step.body, fallback.body);
  if (step.think.least == step.think.most) putUnless(json, "thinkTime", step.think.least, Millis{0});
  else json["thinkTime"] = {{"min", durationText(step.think.least)}, {"max", durationText(step.think.most)}};
  for (const Extraction& extraction : step.extract) json["extract"][extraction.variable] = extraction.pointer;
  putTexts(json, "tags", step.tags);
  for (const Check& check : step.checks) json["checks"].push_back(checkJson(check));
  if (step.weight != fallback.weight) json["weight"] = numberJson(step.weight);
  return json;
}

void putSteps(Json& json, const char* name, const std::vector<Step>& steps) {
  for (const Step& step : steps) json[name].push_back(stepJson(step));
}

Json workloadJson(const CacheAsideWorkload& workload) {
  const CacheAsideWorkload fallback;
  Json json = Json::object();
  putUnless(json, "keys", workload.keys, fallback.keys);
  if (workload.distribution != fallback.distribution) json["distribution"] = "uniform";
  putUnless(json, "skew", workload.skew, fallback.skew);
  putUnless(json, "writeFraction", workload.writeFraction, fallback.writeFraction);
  if (workload.hitRatio >= 0) json["hitRatio"] = workload.hitRatio;
  putUnless(json, "ttl", workload.ttl, fallback.ttl);
  putUnless(json, "valueBytes", workload.valueBytes, fallback.valueBytes);
  putUnless(json, "queryCost", workload.queryCost, fallback.queryCost);
  putUnless(json, "poolMode", workload.poolMode, fallback.poolMode);
  putUnless(json, "cache", workload.cache, fallback.cache);
  return json;
}

void putTarget(Json& json, const Scenario& scenario) {
  const Scenario fallback;
  if (scenario.target == Target::CacheAside) {
    json["target"] = "cache-aside";
    json["workload"] = workloadJson(scenario.workload);
    return;
  }
  putSteps(json, "setup", scenario.setup);
  putSteps(json, "steps", scenario.steps);
  if (scenario.order == StepOrder::Random) json["order"] = "random";
  putUnless(json, "maxRedirects", scenario.maxRedirects, fallback.maxRedirects);
}

Json eventJson(const Event& event) {
  Json json{{"at", durationText(event.at)}};
  if (event.kind == Event::Kind::DropPrefix) json["dropPrefix"] = event.prefix;
  else json["pauseRedis"] = durationText(event.lasts);
  return json;
}

Json thresholdJson(const ThresholdRule& rule) {
  if (!rule.abortOnFail && rule.delayAbortEval == Millis{0}) return rule.expression;
  Json json{{"threshold", rule.expression}, {"abortOnFail", rule.abortOnFail}};
  putUnless(json, "delayAbortEval", rule.delayAbortEval, Millis{0});
  return json;
}

void putCacheAndEvents(Json& json, const Scenario& scenario) {
  if (scenario.cache != CachePreparation::None) json["cache"] = scenario.cache == CachePreparation::Flushed ? "flushed" : "warmed";
  if (!scenario.preparedPrefixes.empty()) json["preparedPrefixes"] = scenario.preparedPrefixes;
  for (const Event& event : scenario.events) json["events"].push_back(eventJson(event));
}

}  // namespace

std::string scenarioToJson(const Scenario& scenario) {
  Json json;
  json["name"] = scenario.name;
  putUnless(json, "title", scenario.title, std::string());
  putUnless(json, "description", scenario.description, std::string());
  putExecutor(json, scenario.executor);
  putVariables(json, scenario);
  putTarget(json, scenario);
  putUnless(json, "timeout", scenario.timeout, Scenario().timeout);
  putCacheAndEvents(json, scenario);
  for (const ThresholdRule& rule : scenario.thresholds) json["thresholds"][rule.metric].push_back(thresholdJson(rule));
  putTexts(json, "tags", scenario.tags);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cachedeck::load
