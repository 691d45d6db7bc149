// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_record.h"

namespace cachedeck::runs {

inline constexpr char recordFormat[] = "cachedeck-run";
inline constexpr int recordVersion = 1;

/// What a list of runs shows. It stands in the first line of a record's file, so that thousands are listed without reading their histograms.
struct RunSummary {
  QString id, scenario, url, profile, environment, cache, note, end, engine;
  load::Target target = load::Target::Http;
  QStringList tags;
  qint64 startedMs = 0, elapsedMs = 0;
  quint64 requests = 0, errors = 0, dropped = 0;
  double perSecond = 0, meanMs = 0, p50Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0;
  double hitRatio = -1;  ///< 0 to 1; below 0: nothing was looked up
  int thresholds = 0, failedThresholds = 0;
  QString limited;       ///< why the result is not valid, or empty
  bool partial = false;
  RunWriter writer;
  RunState state = RunState::Complete;  ///< when it was read
  bool pinned = false;                  ///< the baseline of its scenario and target

  bool operator==(const RunSummary&) const = default;
};

RunSummary summaryOf(const RunRecord& record);
QJsonObject toJson(const RunSummary& summary);
/// Errors as recordFromJson().
Result<RunSummary> summaryFromJson(const QJsonObject& json, qint64 nowMs);

// Shared by the record and its summary.
QString targetWord(load::Target target);
QJsonObject writerToJson(const RunWriter& writer);
RunWriter writerFromJson(const QJsonValue& json);
QStringList tagsFromJson(const QJsonValue& value);
/// Trimmed, redacted, without empty and double ones.
QStringList cleanTags(const QStringList& tags);
Result<void> checkFormat(const QJsonObject& json);

}  // namespace cachedeck::runs
