// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/service/route.h"
#include "app/sample/service/statements.h"

namespace cachedeck::sample {
namespace {

using enum ParameterRule::Kind;

constexpr std::array<std::string_view, 4> severities{"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> riskStates{"open", "mitigating", "accepted", "closed"};
constexpr std::array<std::string_view, 4> periods{"7d", "30d", "90d", "365d"};
constexpr std::array<std::string_view, 5> categories{"siem", "ticketing", "cloud", "identity", "scanner"};
constexpr std::array<std::string_view, 2> connectorStates{"active", "disabled"};

constexpr ParameterRule id{.name = "id", .most = INT64_MAX, .required = true};
constexpr ParameterRule page{.name = "page", .most = 1000000, .fallback = "1"};
constexpr ParameterRule limit{.name = "limit", .most = 100, .fallback = "20"};
constexpr ParameterRule severity{.name = "severity", .kind = Choice, .choices = severities};
constexpr ParameterRule status{.name = "status", .kind = Choice, .choices = riskStates};
constexpr ParameterRule search{.name = "search", .kind = Text, .most = 100, .required = true};

constexpr std::array byId{id};
constexpr std::array listOfRisks{page, limit, severity, status};
constexpr std::array searchOfRisks{search, page, limit, severity, status};
constexpr std::array statsOf{ParameterRule{.name = "period", .kind = Choice, .fallback = "30d", .choices = periods}};
constexpr std::array trendsOf{ParameterRule{.name = "days", .most = 365, .fallback = "30"}};
constexpr std::array listOfConnectors{page, limit, ParameterRule{.name = "category", .kind = Choice, .choices = categories},
                                      ParameterRule{.name = "status", .kind = Choice, .choices = connectorStates}};

// One with onlyWith stands before the one without.
constexpr std::array table{
    Route{.path = "/api/v1/risks", .label = "/api/v1/risks?search", .onlyWith = "search", .cacheClass = "risk", .key = "risk:search:{hash}",
          .parameters = searchOfRisks, .sql = searchSql, .cost = 2},
    Route{.path = "/api/v1/risks", .label = "/api/v1/risks", .cacheClass = "risk", .key = "risk:list:page:{page}:sev:{severity}:status:{status}",
          .parameters = listOfRisks, .sql = risksSql},
    Route{.method = Method::Post, .path = "/api/v1/risks", .label = "/api/v1/risks", .action = Action::CreateRisk, .sql = createSql, .cost = 0.5},
    Route{.path = "/api/v1/risks/{id}", .label = "/api/v1/risks/{id}", .cacheClass = "risk", .key = "risk:id:{id}",
          .parameters = byId, .sql = riskSql, .cost = 0.5},
    Route{.method = Method::Put, .path = "/api/v1/risks/{id}", .label = "/api/v1/risks/{id}", .action = Action::ReplaceRisk, .parameters = byId,
          .sql = replaceSql, .cost = 0.5},
    Route{.method = Method::Delete, .path = "/api/v1/risks/{id}", .label = "/api/v1/risks/{id}", .action = Action::DeleteRisk, .parameters = byId,
          .sql = deleteSql, .cost = 0.5},
    Route{.path = "/api/v1/stats", .label = "/api/v1/stats", .cacheClass = "dashboard", .key = "dashboard:stats:{period}", .parameters = statsOf,
          .sql = statsSql, .cost = 2},
    Route{.path = "/api/v1/stats/risk-matrix", .label = "/api/v1/stats/risk-matrix", .cacheClass = "dashboard", .key = "dashboard:matrix:all",
          .sql = matrixSql, .cost = 2},
    Route{.path = "/api/v1/stats/trends", .label = "/api/v1/stats/trends", .cacheClass = "dashboard", .key = "dashboard:timeline:{days}",
          .parameters = trendsOf, .sql = trendsSql, .cost = 2},
    Route{.path = "/api/v1/marketplace/connectors", .label = "/api/v1/marketplace/connectors", .cacheClass = "connector",
          .key = "connector:list:cat:{category}:status:{status}", .parameters = listOfConnectors, .sql = connectorsSql},
    Route{.path = "/api/v1/marketplace/connectors/{id}", .label = "/api/v1/marketplace/connectors/{id}", .cacheClass = "connector",
          .key = "connector:id:{id}", .parameters = byId, .sql = connectorSql, .cost = 0.5},
    Route{.path = "/api/v1/marketplace/apps/{id}", .label = "/api/v1/marketplace/apps/{id}", .cacheClass = "marketplace", .key = "marketplace:app:{id}",
          .parameters = byId, .sql = appSql, .cost = 0.5},
    Route{.method = Method::Post, .path = "/api/v1/cache/invalidate", .label = "/api/v1/cache/invalidate", .action = Action::Invalidate},
    Route{.method = Method::Post, .path = "/api/v1/auth/login", .label = "/api/v1/auth/login", .action = Action::Login, .open = true},
    Route{.path = "/api/v1/health", .label = "/api/v1/health", .action = Action::Health, .open = true},
    Route{.path = "/health", .label = "/health", .action = Action::Health, .open = true},
    Route{.path = "/metrics", .label = "/metrics", .action = Action::Metrics, .open = true},
};

}  // namespace

std::span<const Route> routes() { return table; }

}  // namespace cachedeck::sample
