// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/k6_operator.h"

#include "core/load/schedule.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace cachedeck::load {

namespace {

constexpr std::size_t mostScript = 1'000'000;  // a ConfigMap holds 1 MiB with all that is around it

// What YAML does not take as it is, beyond what JSON escapes.
constexpr std::pair<std::string_view, std::string_view> yamlEscapes[] = {
    {"\x7f", "\\x7F"}, {"\xe2\x80\xa8", "\\L"}, {"\xe2\x80\xa9", "\\P"}, {"\xef\xbb\xbf", "\\uFEFF"}, {"\xef\xbf\xbe", "\\uFFFE"}, {"\xef\xbf\xbf", "\\uFFFF"}};

// A double-quoted scalar. JSON's is one in YAML 1.2; but pairs of \uD83D\uDE00 are not, hence UTF-8.
std::string quoted(const std::string& text) {
  std::string result = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const auto& [from, to] : yamlEscapes)
    for (std::size_t at = 0; (at = result.find(from, at)) != std::string::npos; at += to.size()) result.replace(at, from.size(), to);
  // C1 controls: U+0080 to U+009F.
  for (std::size_t at = 0; (at = result.find('\xc2', at)) != std::string::npos; ++at) {
    const auto second = static_cast<unsigned char>(result[at + 1]);
    if (second >= 0xA0) continue;
    constexpr char digits[] = "0123456789ABCDEF";
    result.replace(at, 2, {'\\', 'x', digits[second >> 4], digits[second & 15]});
  }
  return result;
}

// A name of Kubernetes (RFC 1123): small letters, digits and -, from letter or digit to letter or digit, and short enough for what the operator appends.
std::string kubernetesName(const std::string& name) {
  std::string fitting;
  for (const char c : name.substr(0, 40)) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (plain || !fitting.empty()) fitting += plain ? lower : '-';
  }
  while (!fitting.empty() && fitting.back() == '-') fitting.pop_back();
  return "cachedeck-" + (fitting.empty() ? "load" : fitting);
}

std::string metadata(const std::string& name, const K6Fleet& fleet) {
  const std::string place = fleet.nameSpace.empty() ? "" : "  namespace: " + quoted(fleet.nameSpace) + "\n";
  return "metadata:\n  name: " + quoted(name) + "\n" + place + "  labels:\n    app.kubernetes.io/managed-by: cachedeck\n";
}

// The script is ASCII without tabs or carriage returns, so that a literal block holds it as it is.
std::string literalBlock(const std::string& text, const std::string& indent) {
  std::string block = "|\n";
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end > from) block += indent + text.substr(from, end - from);
    block += '\n';
    from = end + 1;
  }
  return block;
}

std::string environment(const Scenario& scenario, const std::string& baseUrl, const std::string& name) {
  std::string text = "    env:\n      - name: CACHEDECK_LOAD_URL\n        value: " + quoted(baseUrl) + "\n";
  for (const std::string& secret : scenario.secretVariables)
    text += "      - name: " + quoted(k6Environment(secret)) + "\n        valueFrom:\n          secretKeyRef:\n            name: " + quoted(name + "-secrets") +
            "\n            key: " + quoted(secret) + "\n";
  return text;
}

std::string howToMakeSecrets(const Scenario& scenario, const std::string& name) {
  std::string text;
  for (const std::string& secret : scenario.secretVariables) text += " --from-file=" + quoted(secret) + "=FILE";
  return text.empty() ? text : "# Before: kubectl create secret generic " + name + "-secrets" + text + "\n# (FILE holds the value and no line break behind it.)\n";
}

// k6 divides users among pods; one without any would be an error.
int podsOf(const Scenario& scenario, int wanted) {
  const Executor& executor = scenario.executor;
  const double users = isOpenModel(executor.kind) ? executor.preAllocatedVus : peakOf(executor);
  return std::max(1, std::min(wanted, static_cast<int>(std::min(users, 1e6))));
}

}  // namespace

Expected<ExportedText, std::string> k6TestRun(const Scenario& scenario, const std::string& baseUrl, const K6Fleet& fleet) {
  const Expected<ExportedText, std::string> script = k6Script(scenario, baseUrl);
  if (!script) return script.error();
  if (script->text.size() > mostScript) return std::string("The script is larger than a ConfigMap holds (1 MiB). Export it with export-k6 and put it on a volume.");
  const std::string name = kubernetesName(scenario.name);
  std::string text = "# For k6-operator, written by Cachedeck: kubectl apply -f this file.\n" + howToMakeSecrets(scenario, name);
  text += "apiVersion: v1\nkind: ConfigMap\n" + metadata(name, fleet) + "data:\n  script.js: " + literalBlock(script->text, "    ");
  text += "---\napiVersion: k6.io/v1alpha1\nkind: TestRun\n" + metadata(name, fleet) + "spec:\n  parallelism: " + std::to_string(podsOf(scenario, fleet.parallelism)) +
          "\n  script:\n    configMap:\n      name: " + quoted(name) + "\n      file: script.js\n  runner:\n";
  if (!fleet.image.empty()) text += "    image: " + quoted(fleet.image) + "\n";
  return ExportedText{text + environment(scenario, baseUrl, name)};
}

}  // namespace cachedeck::load
