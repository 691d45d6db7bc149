// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/step_program.h"

#include <algorithm>

namespace cachedeck::load {

namespace {

bool startsWithScheme(std::string_view path) { return path.starts_with("http://") || path.starts_with("https://"); }

/// The path of a step below the base's.
std::string below(const Url& base, const std::string& path) {
  std::string prefix = base.path == "/" ? std::string() : base.path;
  if (!path.empty() && prefix.ends_with('/')) prefix.pop_back();
  const std::string whole = prefix + path;
  return whole.starts_with('/') ? whole : "/" + whole;
}

std::string failedStep(const Step& step, const std::string& what) { return "Step \"" + step.name + "\": " + what; }

}  // namespace

std::string RequestText::bytes(const Origin& origin) const {
  std::string text;
  text.reserve(method.size() + path.size() + headers.size() + body.size() + 96);
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(origin.hostHeader()).append("\r\n").append(headers);
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  text.append("\r\n").append(body);
  return text;
}

Expected<std::unique_ptr<StepProgram>, std::string> StepProgram::compile(const Scenario& scenario, const Url& base) {
  std::unique_ptr<StepProgram> program(new StepProgram(scenario));
  program->variables = variableNames(scenario);
  const auto add = [&](const std::vector<Step>& from, std::vector<CompiledStep>& to) -> Expected<void, std::string> {
    for (const Step& step : from) {
      Expected<CompiledStep, std::string> compiled = program->compileStep(step, base);
      if (!compiled) return failedStep(step, compiled.error());
      to.push_back(std::move(*compiled));
    }
    return {};
  };
  if (const auto added = add(scenario.setup, program->setup); !added) return added.error();
  if (const auto added = add(scenario.steps, program->steps); !added) return added.error();
  if (program->steps.empty()) return std::string("The scenario has no step.");
  return program;
}

std::size_t StepProgram::endpointOf(const Origin& origin) {
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    if (endpoints[i]->origin == origin) return i;
  endpoints.push_back(std::make_unique<Endpoint>());
  endpoints.back()->origin = origin;
  return endpoints.size() - 1;
}

Expected<CompiledStep, std::string> StepProgram::compileStep(const Step& step, const Url& base) {
  CompiledStep compiled;
  compiled.step = &step;
  if (!isHttpToken(step.method)) return "\"" + step.method + "\" is not a method.";
  std::string path;
  if (startsWithScheme(step.path)) {
    const Expected<Url, std::string> url = parseUrl(step.path);
    if (!url) return url.error();
    if (url->origin.host.find("${") != std::string::npos) return std::string("The host of a step cannot vary.");
    compiled.endpoint = endpointOf(url->origin);
    path = url->path;
  } else {
    compiled.endpoint = endpointOf(base.origin);
    path = below(base, step.path);
  }
  const auto text = [&](std::string_view source, TextPlace place, Template& to) -> Expected<void, std::string> {
    Expected<Template, std::string> made = Template::compile(source, place, variables);
    if (!made) return made.error();
    to = std::move(*made);
    return {};
  };
  if (const auto made = text(path, TextPlace::Path, compiled.path); !made) return made.error();
  if (const auto made = text(step.body, TextPlace::Body, compiled.body); !made) return made.error();
  bool fixed = compiled.path.isLiteral() && compiled.body.isLiteral();
  bool hasAgent = false;
  for (const auto& [name, value] : step.headers) {
    if (!isHttpToken(name)) return "\"" + name + "\" is not the name of a header.";
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    if (lower == "content-length" || lower == "transfer-encoding" || lower == "host" || lower == "connection") return "The header " + name + " is made by the engine.";
    hasAgent = hasAgent || lower == "user-agent";
    Template made;
    if (const auto done = text(value, TextPlace::Header, made); !done) return done.error();
    fixed = fixed && made.isLiteral();
    compiled.headers.emplace_back(name, std::move(made));
  }
  if (!hasAgent) compiled.headers.emplace_back("User-Agent", *Template::compile("cachedeck-load", TextPlace::Header, {}));
  for (const Extraction& extraction : step.extract)
    compiled.extract.emplace_back(static_cast<std::size_t>(std::find(variables.begin(), variables.end(), extraction.variable) - variables.begin()), extraction.pointer);
  compiled.firstCheck = checkNames.size();
  for (const Check& check : step.checks) checkNames.push_back(step.name + ": " + check.name);
  compiled.keepAnswer = !step.extract.empty() || std::any_of(step.checks.begin(), step.checks.end(), [](const Check& check) { return check.kind != Check::Kind::Status; });
  compiled.toHead = step.method == "HEAD";
  compiled.repeatable = step.method == "GET" || step.method == "HEAD" || step.method == "PUT" || step.method == "DELETE" || step.method == "OPTIONS";
  if (fixed) {
    Random random(1);
    RenderContext context{{}, random};
    Expected<RequestText, std::string> rendered = render(compiled, context);
    if (!rendered) return rendered.error();
    compiled.fixed = std::move(*rendered);
    compiled.bytes = compiled.fixed.bytes(endpoints[compiled.endpoint]->origin);
  }
  return compiled;
}

Expected<RequestText, std::string> StepProgram::render(const CompiledStep& step, RenderContext& context) {
  RequestText request;
  request.method = step.step->method;
  if (const auto done = step.path.render(request.path, context); !done) return done.error();
  for (const auto& [name, value] : step.headers) {
    request.headers.append(name).append(": ");
    if (const auto done = value.render(request.headers, context); !done) return done.error();
    request.headers.append("\r\n");
  }
  if (const auto done = step.body.render(request.body, context); !done) return done.error();
  return request;
}

}  // namespace cachedeck::load
