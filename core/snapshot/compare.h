// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/figures.h"
#include "core/snapshot/report_look.h"
#include "core/snapshot/scorecards.h"

#include <QJsonObject>

#include <optional>

namespace cachedeck::snapshot {

/// What became of a figure. Metrics without thresholds have no good side: they only become higher or lower.
enum class Outcome { Better, Worse, Higher, Lower, WithinNoise, NotJudged };
/// "better", "within noise", …
QString outcomeText(Outcome outcome);

/// A metric's mean in two snapshots.
struct ComparedFigure {
  Figure before, after;  ///< of the same metric; one may be unmeasured
  double difference = Figure::none, percent = Figure::none;
  double low = Figure::none, high = Figure::none;  ///< 95 % interval of the difference; NaN: there are too few samples for one
  Outcome outcome = Outcome::NotJudged;
  QString reason;  ///< why it is not judged, or empty
};

/// A row of facts that is not the same in both.
struct ChangedRow {
  enum class Kind { Added, Removed, Changed };
  struct Cell {
    QString column, before, after;
    bool operator==(const Cell&) const = default;
  };
  QStringList key;
  Kind kind = Kind::Changed;
  QList<Cell> cells;
  bool operator==(const ChangedRow&) const = default;
};
struct TableChanges {
  QString id, title;
  QList<ChangedRow> rows;
};

struct SnapshotComparison {
  QList<ComparedFigure> figures;   ///< of metrics that one of the two measured, in the catalog's order
  std::optional<QList<TableChanges>> settings;  ///< tables with changes only; nothing: no table of settings is in both
  std::optional<TableChanges> statements;  ///< by how much their mean time changed, the largest factor first; nothing: one of the two has no statements
  runs::Scorecard scorecard;       ///< of the later one, the earlier beside it
  QString subjectBefore, subjectAfter;  ///< what the two columns of the scorecard are
  QStringList notes;               ///< what makes it less than fair
  int count(Outcome outcome) const;
};

/// Two snapshots. A change is called one where the 95 % interval of the difference of means leaves out 0, and it is at least 1 % of the first: means of twelve equal parts of
/// each range tell how much the figure moves by itself. Takes half a second for two days of samples: not on the window's thread.
SnapshotComparison compareSnapshots(const Snapshot& before, const Snapshot& after);

QString comparisonText(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after);
QString comparisonMarkdown(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after);
/// docs/SNAPSHOT_EXPORTS.md lists its members.
QJsonObject comparisonJson(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after);
/// A self-contained page; charts have the lines of both on the time since their beginnings.
QByteArray comparisonHtml(const SnapshotComparison& comparison, const Snapshot& before, const Snapshot& after, const ReportLook& look, std::optional<bool> dark = {});

}  // namespace cachedeck::snapshot
