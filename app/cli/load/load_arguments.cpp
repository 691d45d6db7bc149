// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_arguments.h"

#include "app/cli/snapshot/snapshot_place.h"
#include "core/base/secret.h"
#include "core/load/bundled.h"
#include "core/load/duration_text.h"
#include "core/load/k6_export.h"
#include "core/load/thresholds.h"
#include "core/runs/k6_launch.h"

#include <CLI/CLI.hpp>
#include <QFile>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace cachedeck {

namespace {

Result<load::Millis> durationOf(const std::string& text, const char* option) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::optional<load::Millis> duration = load::parseDuration(bare ? text + "s" : text);
  if (!duration || duration->count() <= 0) return fail(Error::Kind::Usage, QStringLiteral("%1: “%2” is not a length of time. Write for example 30s or 5m.").arg(QLatin1String(option), QString::fromStdString(text)));
  return *duration;
}

/// A script's variables are set as they are called: letters, digits and _, and none of k6's own.
bool mayBeVariable(const std::string& name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return std::all_of(name.begin(), name.end(), plain) && !name.starts_with("K6_") && !(name.front() >= '0' && name.front() <= '9');
}

/// "2000", "2000/s", "120/m"
Result<double> rateOf(const std::string& text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const std::string unit(end, text.data() + text.size());
  if (error != std::errc() || !std::isfinite(rate) || rate <= 0 || (!unit.empty() && unit != "/s" && unit != "/m"))
    return fail(Error::Kind::Usage, QStringLiteral("--rate: “%1” is not a rate. Write for example 2000/s.").arg(QString::fromStdString(text)));
  return unit == "/m" ? rate / 60 : rate;
}

}  // namespace

void LoadArguments::addTo(CLI::App& command) {
  sources.addTo(command);
  command.add_option("scenario", scenario, "A bundled scenario (cachedeck load list) or a file; a k6 script (.js), which an installed k6 runs; none: requests to --url")->type_name("SCENARIO");
  command.add_option("--url", url, "Where the requests go: http(s)://host:port/prefix")->type_name("URL");
  command.add_flag("--k6", k6, "An installed k6 makes the load, in place of Cachedeck's own engine");
  sandbox.addTo(command, "The service and servers");
  command.add_option("--vus", vus, "Virtual users, in place of the scenario's")->type_name("N")->check(CLI::Range(1, 100'000));
  command.add_option("--duration", duration, "How long, in place of the scenario's stages")->type_name("TIME");
  command.add_option("--rate", rate, "Iterations begin at this rate, whether or not those before have ended (constant-arrival-rate)")->type_name("N/s");
  command.add_option("--time-scale", timeScale, "Times of stages, events and pauses are multiplied by this, 0.001 to 100")->type_name("FACTOR");
  command.add_option("--var", variables, "A value for ${NAME}; secret ones come from CACHEDECK_LOAD_NAME in the environment")->type_name("NAME=VALUE");
  command.add_option("--threshold", thresholds, "A further threshold: \"http_req_duration: p(95)<100\"")->type_name("METRIC:EXPR");
  command.add_option("--ca", caFile, "Authorities of an HTTPS server (PEM)")->type_name("FILE");
  command.add_flag("--insecure", insecure, "Do not verify the certificate of an HTTPS server");
  command.add_option("--max-users", maxUsers, "Refuse more users than this")->type_name("N")->check(CLI::Range(1, 100'000))->capture_default_str();
  command.add_option("--max-rate", maxRate, "Refuse more iterations a second than this")->type_name("N")->check(CLI::PositiveNumber)->capture_default_str();
  command.add_option("--confirm", confirm, "The host under load, which has to be typed where it is not this machine")->type_name("HOST");
  command.add_option("--unlock", unlock, "Reason to run against a production profile")->type_name("REASON");
  command.add_option("--cache", cacheName, "What the service caches in, for the record: redis, memory, none")->type_name("NAME");
  command.add_option("--note", note, "A note kept with the run")->type_name("TEXT");
  command.add_option("--tag", tags, "A tag kept with the run")->type_name("WORD");
  command.add_option("--out", out, "Write the result to this file, as JSON unless it ends in .csv (its seconds), .md or .txt")->type_name("FILE");
  command.add_option("--snapshot", snapshot, "At its end, write a snapshot of the run's time and its servers to this file, NAME.cdsnap")->type_name("FILE");
  command.add_flag("--push", push, "Push the result to the Pushgateway (of --pushgateway or the profile)");
  command.add_flag("--no-save", noSave, "Keep no record of the run");
  command.add_flag("--json", json, "One JSON object, and nothing else on standard output");
}

Result<load::ThresholdRule> thresholdOf(const std::string& text) {
  // The metric may hold a colon in its selector: the last one before the expression parts them.
  const std::size_t brace = text.find('}');
  const std::size_t colon = text.find(':', brace == std::string::npos ? 0 : brace);
  if (colon == std::string::npos) return fail(Error::Kind::Usage, QStringLiteral("--threshold: write the metric, a colon and the expression: \"http_req_duration: p(95)<100\"."));
  const auto trimmed = [](std::string part) {
    part.erase(0, part.find_first_not_of(" \t"));
    part.erase(part.find_last_not_of(" \t") + 1);
    return part;
  };
  load::ThresholdRule rule{trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)), false, {}};
  if (const auto parsed = load::parseThreshold(rule); !parsed) return fail(Error::Kind::Usage, QStringLiteral("--threshold: %1").arg(QString::fromStdString(parsed.error())));
  return rule;
}

bool LoadArguments::isScript() const { return runs::isK6Script(QString::fromStdString(scenario)); }

Result<LoadForm> LoadArguments::outForm() const {
  constexpr LoadForm offered[] = {LoadForm::Json, LoadForm::Csv, LoadForm::Markdown, LoadForm::Text};
  return loadForm({}, out, LoadForm::Json, offered);
}

Result<void> LoadArguments::checked() const {
  if (!std::isfinite(maxRate)) return fail(Error::Kind::Usage, QStringLiteral("--max-rate takes a number of iterations a second."));
  if (!caFile.empty())
    if (QFile authorities(QString::fromStdString(caFile)); !authorities.open(QIODevice::ReadOnly))
      return fail(Error::Kind::Usage, QStringLiteral("--ca: %1 cannot be read: %2.").arg(authorities.fileName(), authorities.errorString()));
  if (!snapshot.empty())
    if (const Result<void> place = checkSnapshotPlace(QString::fromStdString(snapshot)); !place) return place.error();
  if (out.empty()) return {};
  if (const Result<LoadForm> form = outForm(); !form) return form.error();
  return mayBeWritten(out);
}

Result<load::Scenario> LoadArguments::made() const {
  // What is no number lies in no range, and beyond none.
  if (!(timeScale >= 0.001 && timeScale <= 100)) return fail(Error::Kind::Usage, QStringLiteral("--time-scale takes a number from 0.001 to 100."));
  if (isScript()) {
    if (vus > 0 || !duration.empty() || !rate.empty() || !thresholds.empty() || timeScale != 1)
      return fail(Error::Kind::Usage, QStringLiteral("--vus, --duration, --rate, --threshold and --time-scale are for scenarios. A k6 script says in its options what it does."));
    return runs::scenarioOfScript(QString::fromStdString(scenario));
  }
  load::Scenario made;
  if (scenario.empty()) {
    if (url.empty() && !sources.isGiven() && !sandbox.isGiven())  // a profile and a sandbox know the URL of their service
      return fail(Error::Kind::Usage, QStringLiteral("Name a scenario (cachedeck load list shows them), or give --url with --vus and --duration."));
    made.name = "url";
    made.title = "Requests to one URL";
    load::Step step;
    step.name = "get";
    step.path.clear();
    made.steps = {step};
    made.executor.duration = load::Millis{10'000};
  } else {
    auto loaded = load::loadScenario(scenario);
    if (!loaded) return fail(Error::Kind::Usage, QString::fromStdString(loaded.error()));
    made = std::move(*loaded);
  }
  made = load::scaled(std::move(made), timeScale);
  load::Executor& executor = made.executor;
  if (!duration.empty() || vus > 0 || !rate.empty()) {
    load::Millis length = load::lengthOf(executor);
    if (!duration.empty()) {
      const Result<load::Millis> given = durationOf(duration, "--duration");
      if (!given) return given.error();
      length = *given;
    }
    executor.stages.clear();
    executor.duration = length;
    if (vus > 0) executor.vus = vus;
    executor.kind = load::ExecutorKind::ConstantVus;
    if (!rate.empty()) {
      const Result<double> given = rateOf(rate);
      if (!given) return given.error();
      executor.kind = load::ExecutorKind::ConstantArrivalRate;
      executor.rate = *given;
      executor.timeUnit = load::Millis{1000};
      executor.preAllocatedVus = vus > 0 ? vus : 50;
      executor.maxVus = vus > 0 ? vus : 1000;
    }
  }
  for (const std::string& text : thresholds) {
    const Result<load::ThresholdRule> rule = thresholdOf(text);
    if (!rule) return rule.error();
    made.thresholds.push_back(*rule);
  }
  return made;
}

Result<std::map<std::string, std::string>> LoadArguments::values(const load::Scenario& of) const {
  std::map<std::string, std::string> values;
  for (const std::string& text : variables) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos || name.empty()) return fail(Error::Kind::Usage, QStringLiteral("--var: write NAME=VALUE."));
    if (std::find(of.secretVariables.begin(), of.secretVariables.end(), name) != of.secretVariables.end())
      return fail(Error::Kind::Usage, QStringLiteral("%1 is a secret, and arguments can be read by everybody on this machine. Put it into %2 in the environment.").arg(QString::fromStdString(name), QString::fromStdString(load::k6Environment(name))));
    if (isScript() && !mayBeVariable(name)) return fail(Error::Kind::Usage, QStringLiteral("--var: “%1” is not a name that a k6 script can read from its environment.").arg(QString::fromStdString(name)));
    values[name] = text.substr(equals + 1);
  }
  for (const std::string& name : of.secretVariables)
    if (char* const value = std::getenv(load::k6Environment(name).c_str()); value && *value) {  // one that is empty is not set: the sandbox knows its own password
      values[name] = value;
      wipe(value, values[name].size());  // /proc/PID/environ shows it otherwise, and children inherit it
      unsetenv(load::k6Environment(name).c_str());
    }
  return values;
}

}  // namespace cachedeck
