// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/route.h"

#include <algorithm>

namespace cachedeck::sample {
namespace {

std::vector<std::string_view> distinctLabels() {
  std::vector<std::string_view> labels;
  for (const Route& route : routes())
    if (std::find(labels.begin(), labels.end(), route.label) == labels.end()) labels.push_back(route.label);
  labels.push_back("other");
  return labels;
}

const std::vector<std::string_view>& labels() {
  static const std::vector<std::string_view> all = distinctLabels();
  return all;
}

const std::vector<std::size_t>& labelsOfRoutes() {
  static const std::vector<std::size_t> indexes = [] {
    std::vector<std::size_t> found;
    for (const Route& route : routes())
      found.push_back(static_cast<std::size_t>(std::find(labels().begin(), labels().end(), route.label) - labels().begin()));
    return found;
  }();
  return indexes;
}

// True when the path is the pattern's; *id is the segment in the place of {id}.
bool matches(std::string_view pattern, std::string_view path, std::string_view& id) {
  constexpr std::string_view place = "{id}";
  if (!pattern.ends_with(place)) return pattern == path;
  const std::string_view prefix = pattern.substr(0, pattern.size() - place.size());
  if (!path.starts_with(prefix) || path.size() == prefix.size()) return false;
  id = path.substr(prefix.size());
  return id.find('/') == std::string_view::npos;
}

void allow(std::string& methods, Method method) {
  if (methods.find(methodName(method)) != std::string::npos) return;
  if (!methods.empty()) methods += ", ";
  methods += methodName(method);
  if (method == Method::Get) methods += ", HEAD";
}

}  // namespace

std::span<const std::string_view> routeLabels() { return labels(); }

std::size_t labelOf(const Route& route) { return labelsOfRoutes()[static_cast<std::size_t>(&route - routes().data())]; }

Match matchRoute(Method method, std::string_view path, std::string_view query) {
  // HEAD is GET without the body, which the server leaves out.
  const Method wanted = method == Method::Head ? Method::Get : method;
  Match match{.label = labels().size() - 1};
  for (const Route& route : routes()) {
    std::string_view id;
    if (!matches(route.path, path, id)) continue;
    if (!route.onlyWith.empty() && !hasParameter(query, route.onlyWith)) continue;
    if (route.method == wanted) return Match{&route, labelOf(route), id, {}};
    if (match.allow.empty()) match.label = labelOf(route);
    allow(match.allow, route.method);
  }
  return match;
}

}  // namespace cachedeck::sample
