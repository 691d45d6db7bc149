// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/thresholds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace cachedeck::load {

namespace {

enum class Type { Trend, Rate, Counter, Gauge };

struct Metric {
  std::string_view name;
  Type type;
  bool perStep;  ///< {step:…} and {endpoint:…} select
};

constexpr std::array metrics{
    Metric{"http_req_duration", Type::Trend, true}, Metric{"http_req_failed", Type::Rate, true},     Metric{"cache_hits", Type::Rate, true},
    Metric{"checks", Type::Rate, false},            Metric{"http_reqs", Type::Counter, true},        Metric{"errors", Type::Counter, true},
    Metric{"iterations", Type::Counter, false},     Metric{"dropped_iterations", Type::Counter, false}, Metric{"data_received", Type::Counter, true},
    Metric{"data_sent", Type::Counter, true},       Metric{"vus", Type::Gauge, false},
};

constexpr std::array<std::string_view, 7> operators{"<=", "<", ">=", ">", "===", "==", "!="};

const Metric* metricOf(std::string_view name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

std::string_view methodsOf(Type type) {
  switch (type) {
    case Type::Trend: return "avg, min, med, max and p(N)";
    case Type::Rate: return "rate";
    case Type::Counter: return "count and rate";
    case Type::Gauge: return "value";
  }
  return {};
}

std::string_view exampleOf(Type type) {
  switch (type) {
    case Type::Trend: return "p(95)<100";
    case Type::Rate: return "rate<0.01";
    case Type::Counter: return "count<100";
    case Type::Gauge: return "value<50";
  }
  return {};
}

bool fits(std::string_view method, Type type) {
  switch (type) {
    case Type::Trend: return method == "avg" || method == "min" || method == "max" || method == "med" || method == "p";
    case Type::Rate: return method == "rate";
    case Type::Counter: return method == "count" || method == "rate";
    case Type::Gauge: return method == "value";
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// A finite number at the front, which is taken off.
std::optional<double> takeNumber(std::string_view& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool takeWord(std::string_view& text, std::string_view word) {
  text = trimmed(text);
  if (!text.starts_with(word)) return false;
  text = trimmed(text.substr(word.size()));
  return true;
}

// A number that may have a unit of time, in milliseconds.
std::optional<double> takeAmount(std::string_view& text, Type type) {
  const std::optional<double> number = takeNumber(text);
  if (!number || type != Type::Trend) return number;
  for (const auto& [unit, factor] : {std::pair<std::string_view, double>{"ms", 1}, {"us", 0.001}, {"s", 1000}})
    if (takeWord(text, unit)) return *number * factor;
  return number;
}

// constant | [F *] baseline [* F] [± constant]
bool readBound(std::string_view text, Type type, Threshold& threshold) {
  text = trimmed(text);
  if (!text.starts_with("baseline")) {
    const std::string_view all = text;
    const std::optional<double> amount = takeAmount(text, type);
    text = trimmed(text);
    if (amount && text.empty()) {
      threshold.constant = *amount;
      return true;
    }
    text = all;
    const std::optional<double> factor = takeNumber(text);
    if (!factor || !takeWord(text, "*")) return false;
    threshold.factor = *factor;
  } else {
    threshold.factor = 1;
  }
  if (!takeWord(text, "baseline")) return false;
  if (takeWord(text, "*")) {
    const std::optional<double> factor = takeNumber(text);
    if (!factor) return false;
    threshold.factor *= *factor;
  }
  const bool minus = takeWord(text, "-");
  if (minus || takeWord(text, "+")) {
    const std::optional<double> amount = takeAmount(text, type);
    if (!amount) return false;
    threshold.constant = minus ? -*amount : *amount;
  }
  return trimmed(text).empty() && threshold.factor > 0;
}

// "name" or "name{tag:value,tag:value}".
std::optional<std::string> readMetric(std::string_view text, Threshold& threshold) {
  const std::size_t brace = text.find('{');
  threshold.metric = trimmed(text.substr(0, brace));
  if (brace == std::string_view::npos) return std::nullopt;
  if (!text.ends_with('}')) return quoted(text) + " has no closing }; write e.g. http_req_duration{step:list}";
  std::string_view inside = text.substr(brace + 1, text.size() - brace - 2);
  while (!inside.empty()) {
    const std::string_view pair = inside.substr(0, inside.find(','));
    inside.remove_prefix(std::min(inside.size(), pair.size() + 1));
    const std::size_t colon = pair.find(':');
    const std::string_view key = trimmed(pair.substr(0, colon));
    std::string_view value = colon == std::string_view::npos ? std::string_view() : trimmed(pair.substr(colon + 1));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) value = value.substr(1, value.size() - 2);
    if (key.empty() || value.empty()) return quoted(text) + " needs tags as tag:value; write e.g. http_req_duration{step:list}";
    threshold.selector.emplace(key, value);
  }
  return std::nullopt;
}

std::string unknownMetric(std::string_view name) {
  std::string text = quoted(name) + " is not measured; there are";
  for (const Metric& metric : metrics) text += (&metric == metrics.data() ? " " : ", ") + std::string(metric.name);
  return text;
}

std::optional<std::string> checkMetric(const Threshold& threshold) {
  const Metric* const metric = metricOf(threshold.metric);
  if (!metric) return unknownMetric(threshold.metric);
  if (!metric->perStep && !threshold.selector.empty()) return threshold.metric + " is counted for the whole run, not by tag: leave {…} away";
  return std::nullopt;
}

std::optional<std::string> readMethod(std::string_view text, const Metric& metric, Threshold& threshold) {
  threshold.method = text;
  if (text.starts_with("p(") && text.ends_with(')')) {
    std::string_view number = trimmed(text.substr(2, text.size() - 3));
    const std::optional<double> percent = takeNumber(number);
    if (!percent || !number.empty() || *percent < 0 || *percent > 100) return quoted(text) + " is not a percentile; N in p(N) is a number from 0 to 100";
    threshold.method = "p";
    threshold.percent = *percent;
  } else if (text == "p") {
    return std::string("\"p\" needs its percentile: p(95)");
  }
  if (fits(threshold.method, metric.type)) return std::nullopt;
  return threshold.metric + " has no " + quoted(text) + "; it has " + std::string(methodsOf(metric.type)) + ": " + std::string(exampleOf(metric.type));
}

std::optional<std::string> readExpression(std::string_view text, const Metric& metric, Threshold& threshold) {
  const std::size_t at = text.find_first_of("<>=!");
  if (at == std::string_view::npos) {
    const std::string left = text.empty() ? "an expression" : std::string(text);
    return left + " needs a comparison: " + (text.empty() ? std::string(exampleOf(metric.type)) : std::string(text) + "<100");
  }
  const std::string_view rest = text.substr(at);
  const auto comparison = std::find_if(operators.begin(), operators.end(), [&](std::string_view one) { return rest.starts_with(one); });
  if (comparison == operators.end()) return quoted(rest.substr(0, 1)) + " is no comparison; there are <, <=, >, >=, ==, !=";
  threshold.comparison = *comparison == "===" ? "==" : *comparison;
  if (auto wrong = readMethod(trimmed(text.substr(0, at)), metric, threshold)) return wrong;
  const std::string_view bound = trimmed(rest.substr(comparison->size()));
  if (readBound(bound, metric.type, threshold)) return std::nullopt;
  const bool timed = metric.type == Type::Trend;
  return quoted(bound) + " is no bound; write a number" + (timed ? ", milliseconds or with a unit (100, 100ms, 1s)" : "") + ", or e.g. baseline*1.1" + (timed ? " + 2ms" : "");
}

double number(const auto value) { return static_cast<double>(value); }

/// What a threshold looks at: all steps, or those that its tags select.
class Selected {
 public:
  Selected(const Threshold& threshold, const RunFigures& figures, const std::map<std::string, std::map<std::string, std::string>>& tagsOf) {
    if (threshold.selector.empty()) m_steps.push_back(&figures.all);
    else
      for (const StepFigures& step : figures.steps)
        if (selects(threshold, step.name, tagsOf)) m_steps.push_back(&step);
  }
  double sum(std::uint64_t StepFigures::* member) const {
    double total = 0;
    for (const StepFigures* step : m_steps) total += number(step->*member);
    return total;
  }
  /// `merged` has room for what several steps have together; a single one is not copied, since thresholds are judged while the run goes on.
  const Histogram& latency(Histogram& merged) const {
    if (m_steps.size() == 1) return m_steps.front()->latency;
    for (const StepFigures* step : m_steps) merged.merge(step->latency);
    return merged;
  }

 private:
  static bool selects(const Threshold& threshold, const std::string& name, const std::map<std::string, std::map<std::string, std::string>>& tagsOf) {
    const auto tags = tagsOf.find(name);
    return std::all_of(threshold.selector.begin(), threshold.selector.end(), [&](const auto& wanted) {
      if (wanted.first == "step") return wanted.second == name;
      if (tags == tagsOf.end()) return false;
      const auto tag = tags->second.find(wanted.first);
      return tag != tags->second.end() && tag->second == wanted.second;
    });
  }
  std::vector<const StepFigures*> m_steps;
};

struct Reading {
  double value = 0;
  bool empty = true;
};

Reading share(double part, double of) { return of > 0 ? Reading{part / of, false} : Reading{}; }

Reading trendOf(const Threshold& threshold, const Selected& steps) {
  Histogram merged;
  const Histogram& latency = steps.latency(merged);
  if (latency.count() == 0) return {};
  const std::string& method = threshold.method;
  const double ns = method == "avg"   ? latency.meanNs()
                    : method == "min" ? number(latency.minNs())
                    : method == "max" ? number(latency.maxNs())
                                      : latency.percentileNs(method == "med" ? 50 : threshold.percent);
  return {ns / 1e6, false};
}

Reading rateOf(const Threshold& threshold, const RunFigures& figures, const Selected& steps) {
  if (threshold.metric == "http_req_failed") return share(steps.sum(&StepFigures::failed), steps.sum(&StepFigures::requests));
  if (threshold.metric == "cache_hits") return share(steps.sum(&StepFigures::hits), steps.sum(&StepFigures::hits) + steps.sum(&StepFigures::misses));
  double passed = 0, all = 0;
  for (const CheckFigures& check : figures.checks) {
    passed += number(check.passed);
    all += number(check.passed) + number(check.failed);
  }
  return share(passed, all);
}

double countOf(const Threshold& threshold, const RunFigures& figures, const Selected& steps) {
  const std::string& metric = threshold.metric;
  if (metric == "http_reqs") return steps.sum(&StepFigures::requests);
  if (metric == "errors") return steps.sum(&StepFigures::failed);
  if (metric == "data_received") return steps.sum(&StepFigures::bytesIn);
  if (metric == "data_sent") return steps.sum(&StepFigures::bytesOut);
  return number(metric == "iterations" ? figures.iterations : figures.dropped);
}

Reading counterOf(const Threshold& threshold, const RunFigures& figures, const Selected& steps) {
  const double count = countOf(threshold, figures, steps);
  const double value = threshold.method == "count" ? count : figures.scheduleMs() > 0 ? count * 1000 / number(figures.scheduleMs()) : 0;
  return {value, count == 0 && steps.sum(&StepFigures::requests) == 0};  // no error in a thousand requests is a reading: 0
}

Reading readingOf(const Threshold& threshold, Type type, const RunFigures& figures, const Selected& steps) {
  switch (type) {
    case Type::Trend: return trendOf(threshold, steps);
    case Type::Rate: return rateOf(threshold, figures, steps);
    case Type::Counter: return counterOf(threshold, figures, steps);
    case Type::Gauge: return {number(figures.users), false};
  }
  return {};
}

bool holds(double value, const std::string& comparison, double bound) {
  if (comparison == "<") return value < bound;
  if (comparison == "<=") return value <= bound;
  if (comparison == ">") return value > bound;
  if (comparison == ">=") return value >= bound;
  return comparison == "!=" ? value != bound : value == bound;
}

std::string shortest(double number) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

}  // namespace

Expected<Threshold, std::string> parseThreshold(const ThresholdRule& rule) {
  Threshold threshold;
  threshold.rule = rule;
  if (rule.metric.size() + rule.expression.size() > 1000) return std::string("the threshold is longer than 1000 characters");
  if (auto wrong = readMetric(trimmed(rule.metric), threshold)) return *wrong;
  if (auto wrong = checkMetric(threshold)) return *wrong;
  if (auto wrong = readExpression(trimmed(rule.expression), *metricOf(threshold.metric), threshold)) return *wrong;
  return threshold;
}

ThresholdVerdict judge(const Threshold& threshold, const RunFigures& figures, const std::map<std::string, std::map<std::string, std::string>>& tagsOf,
                       const std::map<std::string, double>& baseline, bool final) {
  ThresholdVerdict verdict{threshold.rule.metric, threshold.rule.expression};
  const Metric* const metric = metricOf(threshold.metric);
  if (!metric) return verdict;
  const Reading reading = readingOf(threshold, metric->type, figures, Selected(threshold, figures, tagsOf));
  verdict.value = reading.value;
  verdict.known = !reading.empty;
  if (reading.empty && (!final || metric->type == Type::Rate)) return verdict;
  double bound = threshold.constant;
  if (threshold.factor != 0) {
    const auto pinned = baseline.find(baselineKey(threshold));
    if (pinned == baseline.end()) {
      verdict.known = false;
      return verdict;
    }
    bound += threshold.factor * pinned->second;
  }
  verdict.passed = holds(reading.value, threshold.comparison, bound);
  return verdict;
}

std::string baselineKey(const Threshold& threshold) {
  std::string key = threshold.metric;
  if (!threshold.selector.empty()) {
    key += '{';
    for (const auto& [tag, value] : threshold.selector) key += (key.back() == '{' ? "" : ",") + tag + ":" + value;
    key += '}';
  }
  return key + " " + (threshold.method == "p" ? "p(" + shortest(threshold.percent) + ")" : threshold.method);
}

}  // namespace cachedeck::load
