// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"
#include "core/load/http_link.h"
#include "core/load/scenario.h"
#include "core/load/template_text.h"

#include <memory>
#include <string>
#include <vector>

namespace cachedeck::load {

/// A request as its parts, so that a redirect can take some of them over.
struct RequestText {
  std::string method, path, headers, body;
  std::string bytes(const Origin& origin) const;
};

/// A step made ready: its texts are compiled, and where nothing varies the bytes of the request stand.
struct CompiledStep {
  const Step* step = nullptr;
  std::size_t endpoint = 0;  ///< index into StepProgram::endpoints
  Template path;             ///< from the origin's root, with the query
  std::vector<std::pair<std::string, Template>> headers;
  Template body;
  RequestText fixed;         ///< where nothing varies
  std::string bytes;         ///< of `fixed`; empty where something varies
  bool keepAnswer = false, toHead = false, repeatable = true;
  std::vector<std::pair<std::size_t, std::string>> extract;  ///< variable, JSON pointer
  std::size_t firstCheck = 0;                                ///< index among all checks
};

/// The steps of a scenario against a base URL.
class StepProgram {
 public:
  /// `scenario` outlives the program. The failure names the step and what is wrong with it.
  static Expected<std::unique_ptr<StepProgram>, std::string> compile(const Scenario& scenario, const Url& base);

  const Scenario& scenario;
  std::vector<std::unique_ptr<Endpoint>> endpoints;  ///< not yet resolved
  std::vector<std::string> variables;
  std::vector<std::string> checkNames;
  std::vector<CompiledStep> setup, steps;

  /// The request of a step. The failure names a variable that has no value.
  static Expected<RequestText, std::string> render(const CompiledStep& step, RenderContext& context);

 private:
  explicit StepProgram(const Scenario& of) : scenario(of) {}
  Expected<CompiledStep, std::string> compileStep(const Step& step, const Url& base);
  std::size_t endpointOf(const Origin& origin);
};

}  // namespace cachedeck::load
