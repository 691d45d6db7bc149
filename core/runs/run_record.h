// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/load/figures.h"
#include "core/load/scenario.h"
#include "core/metrics/metric.h"

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace cachedeck::runs {

/// A server's metric over the time of a run.
struct ServerSeries {
  struct Point {
    qint64 ms = 0;     ///< since the Unix epoch
    double value = 0;  ///< in the metric's unit; NaN where nothing was measured
  };
  QString metric;  ///< id in the metric catalog: "postgres.connections"
  Unit unit = Unit::None;
  QList<Point> points;
};

/// The machine that made the load.
struct LoadHost {
  QString name, system, cpu;
  int cpus = 0;
  qint64 memoryBytes = 0;
  bool operator==(const LoadHost&) const = default;
};

/// The process that writes a record while the run goes on. Start ticks and boot tell it from a later process of the same number.
struct RunWriter {
  QString host, boot;
  qint64 pid = 0, startTicks = 0, wroteMs = 0;
  bool operator==(const RunWriter&) const = default;
};

/// A load run as it is kept: what was asked, of whom, under which conditions, and what came of it. Never holds a secret once it is JSON.
struct RunRecord {
  QString id;           ///< newRunId()
  QString scenario;     ///< its name
  load::Target target = load::Target::Http;
  QJsonObject definition;  ///< the scenario as JSON
  QString profile;      ///< its name; empty: by URL
  QString environment;  ///< "development", "staging", "production", or empty
  QString url;          ///< what was under load, without user and password
  QMap<QString, QString> labels;
  QStringList tags;
  QString note;
  QString console;      ///< version of Cachedeck
  QString engine;       ///< "k6": it made the load, and its figures have trends in place of histograms; empty: Cachedeck's own engine
  LoadHost host;
  QString cache;        ///< "none", "redis", "memory", as the operator or the service names it
  load::RunFigures figures;
  QList<ServerSeries> series;
  bool partial = false;  ///< written while the run goes on
  RunWriter writer;      ///< of a partial one
};

inline constexpr char k6Engine[] = "k6";

/// Whether a run came to its end.
enum class RunState {
  Complete,
  Running,      ///< its process lives
  Interrupted,  ///< its process is gone, or has not written for long on another machine
};

/// "20261129-032512123-4f3a9c": time in UTC, then random. Sorts by time.
QString newRunId(qint64 nowMs);
bool isRunId(const QString& text);

/// The URL without user and password; empty where it is none.
QString withoutUserInfo(const QString& url);
/// The scenario as it may be kept: credentials in headers, bodies, paths and variables are replaced by ***; ${variables} stay.
QJsonObject withoutSecrets(const QJsonObject& definition);

LoadHost thisHost();
/// This process, as of `nowMs`.
RunWriter thisWriter(qint64 nowMs);
RunState stateOf(bool partial, const RunWriter& writer, qint64 nowMs);
/// A record of a run that begins now, with id, host and the scenario's tags as labels.
RunRecord beginRecord(const load::Scenario& scenario, const QString& url, qint64 nowMs);
/// The label `time_scale` of a run whose scenario was scaled; 1: it was not, and there is none.
void labelTimeScale(RunRecord& record, double factor);

/// {"format": "cachedeck-run", "version": 1, …}; docs/LOAD_RESULTS.md lists the members. All texts pass the Redactor.
QJsonObject toJson(const RunRecord& record);
/// Errors (Protocol) say what the object lacks, or that a newer Cachedeck wrote it.
Result<RunRecord> recordFromJson(const QJsonObject& json);

}  // namespace cachedeck::runs
