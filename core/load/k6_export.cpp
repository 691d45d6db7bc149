// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/k6_export.h"

#include "core/load/duration_text.h"
#include "core/load/k6_script_text.h"
#include "core/load/schedule.h"
#include "core/load/template_text.h"
#include "core/load/thresholds.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

using Json = nlohmann::ordered_json;

constexpr Millis shortestOfK6{1000};

std::string ascii(const Json& json, int indent = -1) { return json.dump(indent, ' ', true, Json::error_handler_t::replace); }

// JSON is JavaScript, and in ASCII also where JavaScript ends a line and JSON does not.
std::string quoted(const std::string& text) { return ascii(Json(text)); }

// In an object literal a plain "__proto__" would not be a field.
std::string key(const std::string& name) { return name == "__proto__" ? "[" + quoted(name) + "]" : quoted(name); }

std::string numberText(double number) { return ascii(std::abs(number) < 9e15 && number == std::floor(number) ? Json(static_cast<std::int64_t>(number)) : Json(number)); }


// k6 takes whole rates only: 2.5 a second are 25 in ten.
int scaleOf(const Executor& executor) {
  std::vector<double> rates{executor.rate, executor.startRate};
  for (const Stage& stage : executor.stages) rates.push_back(stage.target);
  const auto whole = [&](int by) { return std::all_of(rates.begin(), rates.end(), [&](double rate) { return std::abs(rate * by - std::round(rate * by)) < 1e-9 * by; }); };
  int scale = 1;
  while (scale < 1'000'000 && !whole(scale)) scale *= 10;
  return scale;
}

Json stagesJson(const Executor& executor, int scale) {
  Json stages = Json::array();
  for (const Stage& stage : executor.stages) stages.push_back({{"duration", durationText(stage.duration)}, {"target", std::llround(stage.target * scale)}});
  return stages;
}

void addOpen(Json& json, const Executor& executor) {
  const int scale = scaleOf(executor);
  json["timeUnit"] = durationText(executor.timeUnit * scale);
  json["preAllocatedVUs"] = executor.preAllocatedVus;
  json["maxVUs"] = executor.maxVus;
  if (executor.kind == ExecutorKind::ConstantArrivalRate) {
    json["rate"] = std::max(1LL, std::llround(executor.rate * scale));
    json["duration"] = durationText(std::max(executor.duration, shortestOfK6));
  } else {
    json["startRate"] = std::llround(executor.startRate * scale);
    json["stages"] = stagesJson(executor, scale);
  }
}

Json executorJson(const Executor& executor) {
  Json json{{"executor", executorName(executor.kind)}};
  if (isOpenModel(executor.kind)) {
    addOpen(json, executor);
  } else if (executor.kind == ExecutorKind::RampingVus) {
    json["startVUs"] = executor.startVus;
    json["stages"] = stagesJson(executor, 1);
    json["gracefulRampDown"] = durationText(executor.gracefulRampDown);
  } else {
    json["vus"] = executor.vus;
    if (executor.kind == ExecutorKind::ConstantVus) {
      json["duration"] = durationText(std::max(executor.duration, shortestOfK6));
    } else {
      json["iterations"] = executor.iterations;
      json["maxDuration"] = durationText(std::max(executor.maxDuration, shortestOfK6));
    }
  }
  json["gracefulStop"] = durationText(executor.gracefulStop);
  return json;
}

// k6 takes letters, digits, - and _.
std::string scenarioName(const std::string& name) {
  std::string fitting;
  for (const char c : name) fitting += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ? c : '_';
  return fitting.empty() ? "load" : fitting;
}

std::string k6Metric(const Threshold& threshold) {
  const std::string whole = baselineKey(threshold);
  return whole.substr(0, whole.rfind(' '));
}

std::string k6Expression(const Threshold& threshold) {
  const std::string whole = baselineKey(threshold);
  return whole.substr(whole.rfind(' ') + 1) + threshold.comparison + numberText(threshold.constant);
}

std::string whatHappens(const Event& event) {
  return event.kind == Event::Kind::DropPrefix ? "removing the keys " + quoted(event.prefix + "*") : "pausing Redis for " + durationText(event.lasts);
}

/// Writes the parts of one script.
class Script {
 public:
  explicit Script(const Scenario& scenario) : m_scenario(scenario), m_names(variableNames(scenario)) {}
  Expected<ExportedText, std::string> write(const std::string& baseUrl);

 private:
  bool addThresholds(Json& options);
  std::string options();
  std::string variables() const;
  std::string expression(const Template& text, TextPlace place) const;
  bool compiled(const std::string& text, TextPlace place, std::string& written);
  std::string url(const Step& step);
  std::string headers(const Step& step);
  std::string body(const Step& step);
  static std::string tags(const Step& step);
  static std::string test(const Check& check);
  static std::string checks(const Step& step);
  static std::string extractions(const Step& step);
  std::string step(const Step& step);
  std::string steps(const char* name, const std::vector<Step>& list);
  std::string setupFunction() const;
  std::string iteration() const;
  std::string front() const;
  std::string constants(const std::string& baseUrl) const;
  static std::string helpersOf(const std::string& body);

  const Scenario& m_scenario;
  const std::vector<std::string> m_names;
  std::vector<std::string> m_leftOut;  ///< what the script does not do
  std::string m_problem;
};

bool Script::addThresholds(Json& options) {
  for (const ThresholdRule& rule : m_scenario.thresholds) {
    const Expected<Threshold, std::string> threshold = parseThreshold(rule);
    if (!threshold) {
      m_problem = threshold.error();
      return false;
    }
    if (threshold->factor != 0) {
      m_leftOut.push_back("the threshold " + quoted(rule.metric + ": " + rule.expression) + ": k6 knows no baseline");
      continue;
    }
    Json json = k6Expression(*threshold);
    if (rule.abortOnFail) json = {{"threshold", json}, {"abortOnFail", true}, {"delayAbortEval", durationText(rule.delayAbortEval)}};
    options["thresholds"][k6Metric(*threshold)].push_back(json);
  }
  return true;
}

std::string Script::options() {
  Json options;
  options["scenarios"][scenarioName(m_scenario.name)] = executorJson(m_scenario.executor);
  if (!addThresholds(options)) return {};
  if (!m_scenario.tags.empty()) options["tags"] = m_scenario.tags;
  options["summaryTrendStats"] = {"avg", "min", "med", "max", "p(90)", "p(95)", "p(99)"};
  if (m_scenario.cache == CachePreparation::Warmed) options["setupTimeout"] = "10m";
  return "export const options = " + ascii(options, 2) + ";\n";
}

std::string Script::variables() const {
  std::string text = "// Variables: -e NAME=value sets one.\nconst given = {\n";
  for (const auto& [name, value] : m_scenario.variables)
    if (std::find(m_scenario.secretVariables.begin(), m_scenario.secretVariables.end(), name) == m_scenario.secretVariables.end())
      text += "  " + key(name) + ": __ENV[" + quoted(k6Environment(name)) + "] || " + quoted(value) + ",\n";
  for (const std::string& name : m_scenario.secretVariables) text += "  " + key(name) + ": __ENV[" + quoted(k6Environment(name)) + "],\n";
  return text + "};\n";
}

std::string Script::expression(const Template& text, TextPlace place) const {
  static constexpr const char* written[] = {"inPath", "inHeader", "inBody"};
  std::string all;
  for (const TemplatePart& part : text.parts()) {
    std::string one;
    switch (part.kind) {
      case TemplatePart::Kind::Literal: one = quoted(part.text); break;
      case TemplatePart::Kind::Variable: {
        const std::string value = "value(v, " + quoted(part.text) + ")";
        const bool asIs = part.raw && place != TextPlace::Header;
        one = asIs ? value : std::string(written[static_cast<std::size_t>(place)]) + "(" + value + ")";
        break;
      }
      case TemplatePart::Kind::Random: one = "between(" + std::to_string(part.least) + ", " + std::to_string(part.most) + ")"; break;
      case TemplatePart::Kind::Pick: one = "pick(" + ascii(Json(part.choices)) + ")"; break;
      case TemplatePart::Kind::Iteration: one = "__ITER"; break;
      case TemplatePart::Kind::User: one = "__VU"; break;
      case TemplatePart::Kind::Zipf: one = "zipf(" + std::to_string(part.most) + ")"; break;
    }
    // Two numbers side by side would be added up: the first operand is a text.
    if (all.empty() && part.kind != TemplatePart::Kind::Literal) all = "\"\"";
    all += (all.empty() ? "" : " + ") + one;
  }
  return all.empty() ? "\"\"" : all;
}

bool Script::compiled(const std::string& text, TextPlace place, std::string& written) {
  const Expected<Template, std::string> made = Template::compile(text, place, m_names);
  if (made) written = expression(*made, place);
  else if (m_problem.empty()) m_problem = made.error();
  return made.ok();
}

std::string Script::url(const Step& step) {
  std::string path;
  compiled(step.path, TextPlace::Path, path);
  if (step.path.starts_with("http://") || step.path.starts_with("https://")) return path;
  return std::string("baseUrl + ") + (step.path.starts_with('/') ? "" : "\"/\" + ") + path;
}

std::string Script::headers(const Step& step) {
  std::string all;
  for (const auto& [name, value] : step.headers) {
    std::string written;
    if (!compiled(value, TextPlace::Header, written)) return {};
    all += (all.empty() ? " " : ", ") + key(name) + ": " + written;
  }
  return "({" + all + (all.empty() ? "" : " ") + "})";
}

std::string Script::body(const Step& step) {
  std::string written;
  if (step.body.empty()) return "null";
  compiled(step.body, TextPlace::Body, written);
  return written;
}

std::string Script::tags(const Step& step) {
  std::string all = "{ \"name\": " + quoted(step.name) + ", \"step\": " + quoted(step.name);
  for (const auto& [name, value] : step.tags)
    if (name != "name" && name != "step") all += ", " + key(name) + ": " + quoted(value);
  return all + " }";
}

std::string Script::test(const Check& check) {
  switch (check.kind) {
    case Check::Kind::Status:
      if (check.value.ends_with("xx")) return "String(r.status).charAt(0) === " + quoted(check.value.substr(0, 1));
      return "String(r.status) === " + quoted(check.value);
    case Check::Kind::Header: return "header(r, " + quoted(check.subject) + ") === " + quoted(check.value);
    case Check::Kind::BodyContains: return "String(r.body).includes(" + quoted(check.value) + ")";
    case Check::Kind::Json: return "at(r, " + quoted(check.subject) + ") === " + quoted(check.value);
  }
  return "false";
}

std::string Script::checks(const Step& step) {
  std::string all;
  for (const Check& check : step.checks) all += "      " + key(step.name + ": " + check.name) + ": (r) => " + test(check) + ",\n";
  return all.empty() ? "{}" : "{\n" + all + "    }";
}

std::string Script::extractions(const Step& step) {
  Json all = Json::array();
  for (const Extraction& extraction : step.extract) all.push_back({extraction.variable, extraction.pointer});
  return ascii(all);
}

std::string Script::step(const Step& step) {
  const std::string pause = "[" + std::to_string(step.think.least.count()) + ", " + std::to_string(step.think.most.count()) + "]";
  return "  {\n    tags: " + tags(step) + ",\n    method: " + quoted(step.method) + ",\n    url: (v) => " + url(step) + ",\n    headers: (v) => " + headers(step) +
         ",\n    body: (v) => " + body(step) + ",\n    checks: " + checks(step) + ",\n    extract: " + extractions(step) + ",\n    pause: " + pause +
         ",\n    weight: " + numberText(step.weight) + ",\n  },\n";
}

std::string Script::steps(const char* name, const std::vector<Step>& list) {
  std::string text = std::string("const ") + name + " = [\n";
  for (const Step& one : list) text += step(one);
  return text + "];\n";
}

std::string Script::setupFunction() const {
  std::string text = "export function setup() {\n  const v = Object.assign(Object.create(null), given);\n";
  for (const std::string& name : m_scenario.secretVariables)
    text += "  if (!given[" + quoted(name) + "]) throw new Error(" + quoted("give " + name + " a value: set " + k6Environment(name)) + ");\n";
  if (!m_scenario.setup.empty())
    text += "  for (const step of setupSteps) {\n    const answer = send(step, v);\n"
            "    if (!answer || answer.status === 0 || answer.status >= 400) throw new Error(\"setup: \" + step.tags.step + \" failed\");\n  }\n";
  if (m_scenario.cache == CachePreparation::Warmed)
    text += "  // The cache is warmed: every step until it is a hit, at most five times.\n  for (const step of steps) {\n    for (let i = 0; i < 5; i++) {\n"
            "      const answer = send(step, v);\n      if (answer && header(answer, \"X-Cache\").toUpperCase() === \"HIT\") break;\n    }\n  }\n";
  Json extracted = Json::array();
  for (const Step& step : m_scenario.setup)
    for (const Extraction& extraction : step.extract) extracted.push_back(extraction.variable);
  return text + "  return " + ascii(extracted) + ".map((name) => [name, v[name]]);\n}\n";
}

std::string Script::iteration() const {
  const std::string loop = m_scenario.order == StepOrder::Random ? "  for (let i = 0; i < steps.length; i++) run(draw(), mine);\n" : "  for (const step of steps) run(step, mine);\n";
  return "let mine = null; // what this virtual user knows\n\nexport default function (fromSetup) {\n  if (mine === null) {\n    mine = Object.assign(Object.create(null), given);\n"
         "    for (const [name, found] of fromSetup) mine[name] = found;\n  }\n" +
         loop + "}\n";
}

std::string Script::front() const {
  std::string text = "// k6 script of the scenario " + scenarioName(m_scenario.name) + ", written by Cachedeck. Run: k6 run script.js\n";
  for (const std::string& name : m_scenario.secretVariables) text += "// Needs " + quoted(k6Environment(name)) + " in the environment.\n";
  for (const std::string& what : m_leftOut) text += "// Left out: " + what + ".\n";
  return text;
}

std::string Script::constants(const std::string& baseUrl) const {
  return "import http from \"k6/http\";\nimport { check, sleep } from \"k6\";\nimport { Counter, Rate } from \"k6/metrics\";\n\n"
         "const baseUrl = (__ENV.CACHEDECK_LOAD_URL || " + quoted(baseUrl) + ").replace(/\\/+$/, \"\");\n"
         "const timeout = " + quoted(durationText(m_scenario.timeout)) + ";\nconst redirects = " + std::to_string(m_scenario.maxRedirects) + ";\n"
         "const errors = new Counter(\"errors\");\nconst cacheHits = new Rate(\"cache_hits\");\n";
}

std::string Script::helpersOf(const std::string& body) {
  std::string all = body, helpers;
  for (const K6Helper& helper : k6Helpers) {
    if (all.find(std::string(helper.name) + "(") == std::string::npos) continue;
    all += helper.text;
    helpers += helper.text;
  }
  return helpers;
}

Expected<ExportedText, std::string> Script::write(const std::string& baseUrl) {
  if (m_scenario.target != Target::Http) return std::string("The scenario reads Redis and PostgreSQL directly, which k6 does not: only scenarios for HTTP can be exported.");
  if (m_scenario.cache == CachePreparation::Flushed) m_leftOut.push_back("emptying the cache before the run, at " + ascii(Json(m_scenario.preparedPrefixes)));
  for (const Event& event : m_scenario.events)
    m_leftOut.push_back("at " + durationText(event.at) + " " + whatHappens(event));
  const std::string optionsText = options();
  const std::string setupSteps = m_scenario.setup.empty() ? "" : steps("setupSteps", m_scenario.setup) + "\n";
  const std::string body = setupSteps + steps("steps", m_scenario.steps) + "\n" + setupFunction() + "\n" + iteration();
  if (!m_problem.empty()) return m_problem;
  return ExportedText{front() + constants(baseUrl) + "\n" + variables() + "\n" + optionsText + helpersOf(body) + "\n" + body};
}

}  // namespace

std::string k6Environment(const std::string& variable) {
  std::string name = "CACHEDECK_LOAD_";
  for (const char c : variable) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return name;
}

Expected<ExportedText, std::string> k6Script(const Scenario& scenario, const std::string& baseUrl) { return Script(scenario).write(baseUrl); }

}  // namespace cachedeck::load
