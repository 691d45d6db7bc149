// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/doctor/evidence.h"

#include <span>

namespace cachedeck::doctor {

/// What an exporter is of.
struct ExporterKind {
  const char* id;            ///< "redis", "postgres"
  const char* title;         ///< "Redis"
  const char* program;       ///< "redis_exporter"
  const char* prefix;        ///< of its series
  const char* upSeries;      ///< 1 while it reaches its server
  const char* errorQuestion; ///< id in the table of questions
  quint16 port;              ///< where it listens by default
  const char* login;         ///< where its login is set
  const char* sentQuestion;  ///< id in the table of questions: when upSeries was last told
  const char* connectionCheck;  ///< the check that tells why its server does not answer
};

std::span<const ExporterKind> exporterKinds();

/// By job, pool or address: before it is scraped for the first time, and while it is down, nothing else tells.
bool isOfKind(const PromTarget& target, const ExporterKind& kind);
/// One of the targets is, by that or by the series that it tells. Series alone do not count: Prometheus shows those of a job that was removed for five minutes more.
bool isTarget(const PrometheusEvidence& prometheus, const ExporterKind& kind);
/// No target tells its series, and yet they have come since the configuration was taken up: by federation or remote write. Also where nobody told the targets.
bool comesOtherwise(const PrometheusEvidence& prometheus, const ExporterKind& kind);
/// A target of the kind whose last scrape went well, or its series come otherwise.
bool isScraped(const PrometheusEvidence& prometheus, const ExporterKind& kind);
/// An exporter of the kind says that it reaches its server.
bool reachesItsServer(const PrometheusEvidence& prometheus, const ExporterKind& kind);
/// The server that it is of was to be asked.
bool isWanted(const Evidence& evidence, const ExporterKind& kind);

}  // namespace cachedeck::doctor
