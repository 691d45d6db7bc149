// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whole_file.h"
#include "core/snapshot/compare_tables.h"
#include "core/snapshot/svg_chart.h"
#include "ui/snapshots/madenow.h"
#include "ui/snapshots/render.h"
#include "ui/snapshots/reportlook.h"
#include "ui/snapshots/snapshotcontroller.h"

namespace cachedeck {

ComparedSnapshots comparedOf(const snapshot::SnapshotComparison& comparison, const snapshot::Snapshot& before, const snapshot::Snapshot& after, bool dark) {
  const snapshot::ReportLook& look = reportLook();
  const QStringList notes = comparison.notes + QStringList{QStringLiteral("Scorecard: before: %1; after: %2.").arg(comparison.subjectBefore, comparison.subjectAfter)} + comparison.scorecard.notes;
  ComparedSnapshots result{snapshot::comparisonSides(before, after), snapshot::comparisonSum(comparison), notes, {}, {snapshot::comparedScoreTable(comparison), snapshot::comparedFiguresTable(comparison)},
                           snapshot::comparisonHtml(comparison, before, after, look)};
  snapshot::ChartStyle style{dark ? look.dark : look.light, QStringLiteral("Inter"), true, false};
  for (const snapshot::ChartPanel& panel : snapshot::panelsOf(after, look))
    result.charts << snapshot::svgChart(snapshot::overlaidChart(before, after, panel, static_cast<int>(snapshot::plotWidth(snapshot::chartSize))), style).toUtf8();
  for (const snapshot::TableChanges& changes : snapshot::changedTables(comparison)) result.tables << snapshot::changesTable(changes, {});
  if (comparison.statements) result.tables << snapshot::changesTable(*comparison.statements, QStringLiteral("No statement changed by a fifth."));
  return result;
}

void SnapshotController::exportTo(const QString& file, const QString& format, const QString& out) {
  m_files.post(
      this,
      [file, format, out](std::stop_token) -> Result<void> {
        const snapshot::ReportFormat* row = findReportFormat(format);
        if (!row) return fail(Error::Kind::Usage, QStringLiteral("There is no format “%1”.").arg(format));
        const Result<snapshot::Snapshot> read = snapshot::readBundle(file);
        if (!read) return read.error();
        const Result<QByteArray> bytes = row->write(*read, reportLook(), {});
        return bytes ? writeWholeForOwner(*bytes, out) : Result<void>(bytes.error());
      },
      [this, out](const Result<void>& done) {
        if (done) Q_EMIT told(tr("The export is in %1").arg(out));
        else Q_EMIT failed(done.error().message);
      });
}

void SnapshotController::compare(const QString& before, const QString& after, bool dark) {
  m_files.post(
      this,
      [before, after, dark](std::stop_token) -> Result<ComparedSnapshots> {
        const Result<snapshot::Snapshot> one = snapshot::readBundle(before);
        if (!one) return one.error();
        const Result<snapshot::Snapshot> two = snapshot::readBundle(after);
        if (!two) return two.error();
        return comparedOf(snapshot::compareSnapshots(*one, *two), *one, *two, dark);
      },
      [this](const Result<ComparedSnapshots>& result) {
        if (result) Q_EMIT compared(*result);
        else Q_EMIT failed(result.error().message);
      });
}

void SnapshotController::compareWithNow(const QString& before, const SnapshotRequest& now, bool dark) {
  if (!m_target || m_asking) return;
  ask(tr("Asking the servers what they do now…"))
      .post(
          this,
          [before, order = orderOf(*m_target, tr("now"), {}), now, dark, recording = m_target->recording, series = m_history.tables(now.fromMs, now.toMs),
           takenMs = m_clock.now().wallMs](std::stop_token stop) mutable -> Result<ComparedSnapshots> {
            const Result<snapshot::Snapshot> one = snapshot::readBundle(before);
            if (!one) return one.error();
            const Result<snapshot::Snapshot> two = madeNow(order, now, recording, std::move(series), takenMs, stop);
            if (!two) return two.error();
            return comparedOf(snapshot::compareSnapshots(*one, *two), *one, *two, dark);
          },
          [this, generation = m_generation](const Result<ComparedSnapshots>& result) {
            if (!isAnswered(generation)) return;
            if (result) Q_EMIT compared(*result);
            else Q_EMIT failed(result.error().message);
          });
}

void SnapshotController::save(const QByteArray& bytes, const QString& out) {
  m_files.post(
      this, [bytes, out](std::stop_token) { return writeWholeForOwner(bytes, out); },
      [this, out](const Result<void>& done) {
        if (done) Q_EMIT told(tr("The comparison is in %1").arg(out));
        else Q_EMIT failed(done.error().message);
      });
}

}  // namespace cachedeck
