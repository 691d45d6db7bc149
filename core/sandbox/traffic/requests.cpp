// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/requests.h"

#include "core/sandbox/traffic/waves.h"

#include <array>

namespace cachedeck::traffic {
namespace {

using Random = std::mt19937_64;

template <size_t N>
const char* pick(const char* const (&choices)[N], Random& random) {
  return choices[random() % N];
}

QByteArray number(qsizetype value) { return QByteArray::number(value); }

void riskById(Request& request, bool cold, Random& random) {
  const int id = 1 + (cold ? static_cast<int>(random() % 10000) : zipfRank(300, random));
  request.key = "risk:id:" + number(id);
  request.parameters = {number(id)};
}

void riskList(Request& request, bool cold, Random& random) {
  static constexpr const char* severities[] = {"low", "medium", "high", "critical"};
  static constexpr const char* states[] = {"open", "mitigating", "accepted", "closed"};
  const int page = 1 + (cold ? static_cast<int>(random() % 20) : zipfRank(3, random));
  const char* severity = pick(severities, random);
  const char* state = cold ? pick(states, random) : "open";
  request.key = QByteArray("risk:list:page:") + number(page) + ":sev:" + severity + ":status:" + state;
  request.parameters = {severity, state, number((page - 1) * 20)};
}

void riskSearch(Request& request, bool, Random& random) {
  static constexpr const char* words[] = {"supplier", "access", "backup", "network", "privacy"};
  const char* word = pick(words, random);
  request.key = "risk:search:" + QByteArray::number(qHash(QByteArray(word), 1), 16);
  request.parameters = {QByteArray("%") + word + "%"};
}

void stats(Request& request, bool, Random& random) {
  static constexpr const char* periods[] = {"7 days", "30 days", "90 days", "365 days"};
  const QByteArray period = pick(periods, random);
  request.key = "dashboard:stats:" + QByteArray(period).replace(" days", "d");
  request.parameters = {period};
}

void riskMatrix(Request& request, bool, Random&) { request.key = "dashboard:matrix:all"; }

void timeline(Request& request, bool, Random& random) {
  static constexpr const char* days[] = {"30", "90", "180"};
  const char* span = pick(days, random);
  request.key = QByteArray("dashboard:timeline:") + span;
  request.parameters = {span};
}

void connectorList(Request& request, bool, Random& random) {
  static constexpr const char* categories[] = {"siem", "ticketing", "cloud", "identity", "scanner"};
  const char* category = pick(categories, random);
  request.key = QByteArray("connector:list:cat:") + category + ":status:active";
  request.parameters = {category};
}

void connectorById(Request& request, bool, Random& random) {
  const int id = 1 + zipfRank(200, random);
  request.key = "connector:id:" + number(id);
  request.parameters = {number(id)};
}

void marketplaceApp(Request& request, bool, Random& random) {
  const int id = 1 + zipfRank(500, random);
  request.key = "marketplace:app:" + number(id);
  request.parameters = {number(id)};
}

constexpr std::array kinds{
    RequestKind{"GET /risks/{id}", 58, 30,
                "SELECT id, title, description, severity, status, likelihood, impact, owner, created_at, updated_at FROM risks WHERE id = $1",
                riskById},
    RequestKind{"GET /risks?page&severity&status", 13, 30,
                "SELECT id, title, description, severity, status, owner, created_at FROM risks WHERE severity = $1 AND status = $2 "
                "ORDER BY created_at DESC LIMIT 20 OFFSET $3::int",
                riskList},
    RequestKind{"GET /risks?search", 4, 30,
                "SELECT id, title, severity, status FROM risks WHERE title ILIKE $1 ORDER BY updated_at DESC LIMIT 50", riskSearch},
    RequestKind{"GET /stats", 8, 40,
                "SELECT severity, status, count(*), avg(likelihood * impact) FROM risks WHERE created_at > now() - $1::interval "
                "GROUP BY severity, status ORDER BY severity, status",
                stats},
    RequestKind{"GET /stats/risk-matrix", 3, 40,
                "SELECT likelihood, impact, count(*) FROM risks WHERE status <> 'closed' GROUP BY likelihood, impact", riskMatrix},
    RequestKind{"GET /stats/trends", 3, 40,
                "SELECT date_trunc('day', created_at) AS day, count(*) FROM risks WHERE created_at > now() - make_interval(days => $1::int) "
                "GROUP BY day ORDER BY day",
                timeline},
    RequestKind{"GET /marketplace/connectors", 3, 50, "SELECT id, name, status FROM connectors WHERE category = $1 AND status = 'active' ORDER BY name",
                connectorList},
    RequestKind{"GET /marketplace/connectors/{id}", 4, 50, "SELECT id, name, category, status, config FROM connectors WHERE id = $1",
                connectorById},
    RequestKind{"GET /marketplace/apps/{id}", 4, 60,
                "SELECT a.id, a.name, a.summary, a.installs, c.name FROM marketplace_apps a JOIN connectors c ON c.id = a.connector_id "
                "WHERE a.id = $1",
                marketplaceApp},
};

constexpr int totalWeight() {
  int sum = 0;
  for (const RequestKind& kind : kinds) sum += kind.weight;
  return sum;
}

}  // namespace

std::span<const RequestKind> requestKinds() { return kinds; }

Request drawRequest(bool cold, std::mt19937_64& random) {
  int ticket = static_cast<int>(random() % static_cast<unsigned>(totalWeight()));
  const RequestKind* chosen = kinds.data();
  while (ticket >= chosen->weight) ticket -= (chosen++)->weight;
  Request request;
  request.sql = chosen->sql;
  // ±20 %, so that what was cached together does not expire together.
  request.ttlSeconds = static_cast<int>(chosen->ttlSeconds * between(0.8, 1.2, random));
  chosen->fill(request, cold, random);
  return request;
}

}  // namespace cachedeck::traffic
