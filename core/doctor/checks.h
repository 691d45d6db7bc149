// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"
#include "core/doctor/finding.h"

namespace cachedeck::doctor {

// The functions of the rows in check.cpp, by the file that holds them.

// cache_connection.cpp
Findings cacheConnection(const Evidence& evidence);
Findings cacheRights(const Evidence& evidence);
Findings cacheDenials(const Evidence& evidence);
Findings cacheRejected(const Evidence& evidence);
Findings cacheClients(const Evidence& evidence);
// cache_hits.cpp
Findings cacheHitRate(const Evidence& evidence);
// cache_memory.cpp
Findings cacheMemoryLimit(const Evidence& evidence);
Findings cachePolicy(const Evidence& evidence);
Findings cacheMemoryFull(const Evidence& evidence);
Findings cacheKeysWithoutTtl(const Evidence& evidence);
// cache_state.cpp
Findings cachePersistence(const Evidence& evidence);
Findings cacheReplication(const Evidence& evidence);
// database.cpp
Findings databaseConnection(const Evidence& evidence);
Findings databaseStatements(const Evidence& evidence);
Findings databaseRights(const Evidence& evidence);
// database_sessions.cpp
Findings databaseFull(const Evidence& evidence);
Findings databasePool(const Evidence& evidence);
Findings databaseBlocked(const Evidence& evidence);
Findings databaseIdleInTransaction(const Evidence& evidence);
// scrape.cpp
Findings prometheusConnection(const Evidence& evidence);
Findings exporterDown(const Evidence& evidence);
Findings exporterDatabase(const Evidence& evidence);
Findings exporterNotScraped(const Evidence& evidence);
// series.cpp
Findings seriesMissing(const Evidence& evidence);
Findings seriesRenamed(const Evidence& evidence);
Findings clockSkew(const Evidence& evidence);
// rules.cpp
Findings prometheusConfig(const Evidence& evidence);
Findings rulesNone(const Evidence& evidence);
Findings rulesBroken(const Evidence& evidence);
Findings rulesStale(const Evidence& evidence);
Findings rulesWithoutSeries(const Evidence& evidence);
Findings alertsPending(const Evidence& evidence);
// delivery.cpp
Findings alertmanagerNone(const Evidence& evidence);
Findings alertmanagerUnreachable(const Evidence& evidence);
Findings alertsNotArriving(const Evidence& evidence);
// notify.cpp
Findings receiverEmpty(const Evidence& evidence);
Findings alertsSilenced(const Evidence& evidence);
Findings alertsInhibited(const Evidence& evidence);
Findings webhookUnreachable(const Evidence& evidence);
// service.cpp
Findings serviceHealth(const Evidence& evidence);
Findings pushgatewayConnection(const Evidence& evidence);

}  // namespace cachedeck::doctor
