// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/alerts/alertmanager_json.h"
#include "core/alerts/manager_config.h"
#include "core/base/error.h"
#include "core/doctor/metrics_text.h"
#include "core/sources/postgres/postgres_capabilities.h"
#include "core/sources/postgres/postgres_notes.h"
#include "core/sources/prometheus/prometheus_types.h"
#include "core/sources/redis/redis_info.h"

#include <QJsonObject>
#include <QMap>
#include <QSet>

#include <cmath>
#include <limits>
#include <optional>

namespace cachedeck::doctor {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// How asking one server went.
struct Server {
  bool wanted = false;         ///< it was to be asked
  QString endpoint;            ///< "127.0.0.1:6379"
  std::optional<Error> error;  ///< why it did not answer
  double skewSeconds = unknown;   ///< how far its clock is ahead of this computer's
  double skewWithin = 0;          ///< that much of it may be the way and the resolution

  bool reached() const { return wanted && !error; }
};

struct RedisEvidence {
  Server server;
  RedisInfo first, last;  ///< two looks; `last` is the same as `first` where only one came
  double seconds = 0;     ///< between them
  double warmUpSeconds = 600;  ///< a younger one is cold
  std::optional<Error> infoRefused;
  QMap<QByteArray, QByteArray> config;
  QString account;                    ///< the user of the connection
  QMap<QByteArray, double> ownRefusals;  ///< questions of this examination that were refused between the looks, by the error's first word
  QString host;                       ///< where an exporter of it would be looked for
  qint64 sampled = 0;                 ///< names that were seen by SCAN, without a look at a key
  QMap<QString, qint64> prefixes;     ///< of them, by their first segment
};

struct PostgresEvidence {
  Server server;
  PostgresCapabilities caps;
  StatementsAccess statements = StatementsAccess::Fine;
  double backends = unknown;  ///< sessions of clients, ours among them
  double reserved = 0;        ///< connections that only superusers and chosen roles get
  QString idleTimeout;        ///< idle_in_transaction_session_timeout in milliseconds, as set for others
  QString host;
  /// A session that waits for a lock, or that is idle in a transaction.
  struct Session {
    QString pid, role, application, blockers;
    bool idleInTransaction = false;
    double seconds = 0;
  };
  QList<Session> sessions;
};

struct PrometheusEvidence {
  Server server;
  qint64 nowMs = 0;  ///< by its own clock
  std::vector<PromTarget> targets;
  bool hasTargets = false, hasRules = false;  ///< it was told them
  std::vector<PromRuleGroup> groups;
  QMap<QString, qint64> evaluatedMs;  ///< by group and file: when it was last, 0 never
  std::vector<PromAlert> alerts;
  std::optional<QStringList> alertmanagers;  ///< addresses that it sends alerts to
  std::optional<bool> namesAlertmanagers;    ///< its configuration does; asked where it knows none, or was loaded a moment ago
  std::optional<QStringList> jobs;           ///< that its configuration scrapes; asked with that
  std::optional<bool> reloaded;              ///< its last reading of its configuration went well
  qint64 loadedMs = 0;                       ///< when it started or took up another configuration, by its own clock to the second; 0 where it does not tell
  QString configFile;                        ///< where its configuration lies; empty where it does not tell
  double resendSeconds = 60;                 ///< after these it sends a firing alert once more
  QMap<QString, QSet<QString>> present;      ///< names of series that are there now or were within its lookback of five minutes, with their jobs
  QSet<QString> asked;                       ///< names that were looked for
  QMap<QString, std::vector<PromSeries>> answers;  ///< by the ids of query_table.h
  MetricsText own;                           ///< its own /metrics

  /// The value of a question that has just one series; NaN else.
  double one(const char* id) const {
    const std::vector<PromSeries> series = answers.value(QLatin1String(id));
    return series.size() == 1 && !series[0].points.empty() ? series[0].points.back().second : unknown;
  }
};

struct AlertmanagerEvidence {
  Server server;
  QString url;  ///< without user and password: what amtool is given
  std::optional<QList<AlertReceiver>> receivers;
  QString rootReceiver;
  QList<ManagedAlert> alerts;
  struct Silence {
    QString by, comment, until;
  };
  QMap<QString, Silence> silences;  ///< active ones, by id
  MetricsText own;
};

struct ServiceEvidence {
  Server server;
  int status = 0;
  QJsonObject health;
};

/// A look for an exporter at an address where it would be.
struct ExporterProbe {
  QString kind;  ///< "redis", "postgres"
  QString address;
  bool answers = false;
};

/// What was seen of all servers, once.
struct Evidence {
  RedisEvidence redis;
  PostgresEvidence postgres;
  PrometheusEvidence prometheus;
  AlertmanagerEvidence alertmanager;
  Server pushgateway;
  ServiceEvidence service;
  QList<ExporterProbe> probes;
};

}  // namespace cachedeck::doctor
