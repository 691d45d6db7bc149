// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/http/exchange.h"
#include "app/sample/service/parameters.h"

namespace cachedeck::sample {

/// What a route does with a request that is allowed and understood.
enum class Action : std::uint8_t { Read, CreateRisk, ReplaceRisk, DeleteRisk, Invalidate, Login, Health, Metrics };

/// One row of the service: everything about a kind of request stands here.
struct Route {
  Method method = Method::Get;
  std::string_view path;      ///< "{id}" stands for one segment
  std::string_view label;     ///< its name in the figures; several rows may share one
  Action action = Action::Read;
  bool open = false;          ///< needs no token
  std::string_view onlyWith{};  ///< a query parameter that must be there for this row to be meant
  std::string_view cacheClass{};
  std::string_view key{};                       ///< key_template.h
  std::span<const ParameterRule> parameters{};  ///< an "{id}" of the path is the first
  const char* sql = nullptr;  ///< $1: seconds that it takes at least; $2 …: the parameters in their order
  double cost = 1;            ///< of one uncached statement, as a multiple of --query-cost
};

std::span<const Route> routes();
/// All labels, those of requests without a route last: "other".
std::span<const std::string_view> routeLabels();
std::size_t labelOf(const Route& route);

/// What a request means.
struct Match {
  const Route* route = nullptr;  ///< null: none
  std::size_t label = 0;         ///< index into routeLabels()
  std::string_view id{};         ///< the path's {id}
  std::string allow{};           ///< when the path is known, but not with this method: those there are
};
Match matchRoute(Method method, std::string_view path, std::string_view query);

}  // namespace cachedeck::sample
