// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/traffic/requests.h"

#include "core/sandbox/traffic/waves.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <array>

namespace cachedeck::traffic {
namespace {

using Random = std::mt19937_64;

constexpr const char* severities[] = {"low", "medium", "high", "critical"};
constexpr const char* states[] = {"open", "mitigating", "accepted", "closed"};
constexpr const char* words[] = {"supplier", "access", "backup", "network", "privacy"};

template <size_t N>
const char* pick(const char* const (&choices)[N], Random& random) {
  return choices[random() % N];
}

QByteArray number(qint64 value) { return QByteArray::number(value); }

QByteArray riskById(bool cold, Random& random) {
  return "/api/v1/risks/" + number(1 + (cold ? static_cast<int>(random() % 10000) : zipfRank(300, random)));
}

QByteArray riskList(bool cold, Random& random) {
  const int page = 1 + (cold ? static_cast<int>(random() % 20) : zipfRank(3, random));
  const char* severity = pick(severities, random);
  const char* state = cold ? pick(states, random) : "open";
  return "/api/v1/risks?page=" + number(page) + "&severity=" + severity + "&status=" + state;
}

QByteArray riskSearch(bool, Random& random) { return QByteArray("/api/v1/risks?search=") + pick(words, random); }

QByteArray stats(bool, Random& random) {
  static constexpr const char* periods[] = {"7d", "30d", "90d", "365d"};
  return QByteArray("/api/v1/stats?period=") + pick(periods, random);
}

QByteArray riskMatrix(bool, Random&) { return "/api/v1/stats/risk-matrix"; }

QByteArray timeline(bool, Random& random) {
  static constexpr const char* days[] = {"30", "90", "180"};
  return QByteArray("/api/v1/stats/trends?days=") + pick(days, random);
}

QByteArray connectorList(bool, Random& random) {
  static constexpr const char* categories[] = {"siem", "ticketing", "cloud", "identity", "scanner"};
  return QByteArray("/api/v1/marketplace/connectors?category=") + pick(categories, random) + "&status=active";
}

QByteArray connectorById(bool, Random& random) { return "/api/v1/marketplace/connectors/" + number(1 + zipfRank(200, random)); }

QByteArray marketplaceApp(bool, Random& random) { return "/api/v1/marketplace/apps/" + number(1 + zipfRank(500, random)); }

constexpr std::array kinds{
    RequestKind{"GET /risks/{id}", 58, riskById},
    RequestKind{"GET /risks?page&severity&status", 13, riskList},
    RequestKind{"GET /risks?search", 4, riskSearch},
    RequestKind{"GET /stats", 8, stats},
    RequestKind{"GET /stats/risk-matrix", 3, riskMatrix},
    RequestKind{"GET /stats/trends", 3, timeline},
    RequestKind{"GET /marketplace/connectors", 3, connectorList},
    RequestKind{"GET /marketplace/connectors/{id}", 4, connectorById},
    RequestKind{"GET /marketplace/apps/{id}", 4, marketplaceApp},
};

constexpr int totalWeight() {
  int sum = 0;
  for (const RequestKind& kind : kinds) sum += kind.weight;
  return sum;
}

/// A whole risk, as the service takes it.
QByteArray document(const QString& title, Random& random) {
  return QJsonDocument(QJsonObject{{QStringLiteral("title"), title},
                                   {QStringLiteral("description"), QStringLiteral("Looked at again by the weekly review.")},
                                   {QStringLiteral("severity"), QString::fromLatin1(pick(severities, random))},
                                   {QStringLiteral("status"), QString::fromLatin1(pick(states, random))},
                                   {QStringLiteral("likelihood"), 1 + static_cast<int>(random() % 5)},
                                   {QStringLiteral("impact"), 1 + static_cast<int>(random() % 5)},
                                   {QStringLiteral("owner"), QStringLiteral("owner%1").arg(random() % 50)}})
      .toJson(QJsonDocument::Compact);
}

QString title(Random& random, const QString& rest) {
  QString text = QString::fromLatin1(pick(words, random));
  text[0] = text[0].toUpper();
  return text + QLatin1Char(' ') + rest;
}

}  // namespace

std::span<const RequestKind> requestKinds() { return kinds; }

Request drawRequest(bool cold, Random& random) {
  int ticket = static_cast<int>(random() % static_cast<unsigned>(totalWeight()));
  const RequestKind* chosen = kinds.data();
  while (ticket >= chosen->weight) ticket -= (chosen++)->weight;
  return {"GET", chosen->path(cold, random), {}};
}

Request changeRisk(Random& random) {
  const int id = 1 + zipfRank(300, random);
  return {"PUT", "/api/v1/risks/" + number(id), document(title(random, QStringLiteral("risk %1").arg(id)), random)};
}

Request createRisk(Random& random) { return {"POST", "/api/v1/risks", document(title(random, QStringLiteral("risk, found today")), random)}; }

Request deleteRisk(qint64 id) { return {"DELETE", "/api/v1/risks/" + number(id), {}}; }

}  // namespace cachedeck::traffic
