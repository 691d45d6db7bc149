// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/runs/run_record.h"

#include <QJsonObject>

#include <limits>

namespace cachedeck::runs {

/// A target of the reference system, with the bands that a reading is judged by.
struct ScoreRow {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const char* id;
  const char* name;    ///< (translatable)
  Unit unit;           ///< of the thresholds and of what `read` gives
  const char* before;  ///< what the reference had without the cache; empty: not said
  const char* after;   ///< what it has with it
  const char* target;  ///< as the reference writes it
  Judge judge;         ///< HighIsBad: small readings are good
  bool inclusive;      ///< the bound itself meets the target
  double bound;        ///< of the target
  double warning, critical;  ///< readings beyond are in the band; NaN: there is no such band
  double (*read)(const RunRecord&);  ///< NaN: not measured
  const char* source;  ///< what is read (translatable)
};

/// A run held against a row.
struct ScoreLine {
  const ScoreRow* row = nullptr;
  double value = ScoreRow::none;   ///< NaN: not measured, and then neither met nor in a band
  double before = ScoreRow::none;  ///< of the run before the change, where one was given
  bool met = false;
  bool banded = false;             ///< the row has bands, and there is a value
  Level level = Level::Good;
  bool measured() const { return value == value; }
};

struct Scorecard {
  QList<ScoreLine> lines;
  QStringList notes;  ///< what keeps it from being a fair judgement
  int met = 0, measured = 0;
};

/// A run against the reference's targets; `before`: another run, shown beside it.
Scorecard scorecard(const RunRecord& record, const RunRecord* before = nullptr);

QString scorecardText(const Scorecard& card);
QString scorecardMarkdown(const Scorecard& card);
/// {"rows": [{"id", "value", "before_measured", "target", "met", "level"} …], "met", "measured", "notes"}: value null where nothing was measured.
QJsonObject toJson(const Scorecard& card);

}  // namespace cachedeck::runs
