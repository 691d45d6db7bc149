// SPDX-License-Identifier: GPL-3.0-or-later
// Load runs of a snapshot on the page: looked at and compared as any, and nothing of them can be changed.
#include "core/runs/run_store.h"
#include "tests/ui/kept_run.h"
#include "tests/ui/load_service.h"
#include "tests/ui/load_stage.h"
#include "ui/charts/chartpanel.h"
#include "ui/keys/lockbar.h"
#include "ui/load/compareview.h"
#include "ui/load/figuretile.h"
#include "ui/load/loadmodels.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

/// As a snapshot keeps one that is too large for it.
void loseHistogram(load::StepFigures& step) {
  const auto ms = [&step](double percent) { return step.latency.percentileNs(percent) / 1e6; };
  step.trend = load::TrendFigures{step.latency.meanNs() / 1e6, static_cast<double>(step.latency.minNs()) / 1e6, ms(50), ms(90), ms(95), ms(99), static_cast<double>(step.latency.maxNs()) / 1e6};
  step.latency = load::Histogram();
}

KeptRuns keptOf(const QList<std::shared_ptr<runs::RunRecord>>& runs) {
  KeptRuns kept{{}, startedMs + 60 * minute};
  for (const auto& run : runs) kept.records.append(run);
  return kept;
}

QStringList visibleButtons(const QWidget& page) {
  QStringList texts;
  for (const QPushButton* const button : page.findChildren<QPushButton*>())
    if (button->isVisible()) texts << button->text();
  return texts;
}

QModelIndex row(const LoadPage& page, int at) { return page.runList()->model()->index(at, 0); }

}  // namespace

class TestLoadKept : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void theNewestIsShownAndNothingCanBeChanged() {
    Stage stage;
    LoadPage& page = *stage.page;
    const auto before = keptRun(30, 1, startedMs), after = keptRun(15, 2, startedMs + 5 * minute);
    before->note = QStringLiteral("<b>before</b> the index");
    before->tags = {QStringLiteral("night"), QStringLiteral("<b>bold</b>")};
    page.openKept(keptOf({before, after}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QVERIFY(page.run()->isVisible());
    QCOMPARE(page.run()->record().get(), after.get());  // shared, not copied
    QCOMPARE(page.run()->head()->state(), QStringLiteral("passed"));
    QCOMPARE(page.run()->tiles()[0]->text(), QStringLiteral("200 /s"));
    QVERIFY(!page.run()->judgement()->rows().isEmpty());
    QVERIFY(page.run()->percentiles()->model()->rowCount() == 3 && page.run()->scorecard()->model()->rowCount() > 5);
    stage.frames.request();
    QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(page.run()->panels()[0]->status().body), static_cast<int>(PanelStatus::Body::Chart), patience);
    QVERIFY(!page.run()->head()->keptNote()->isVisible() && !page.run()->head()->keptTags()->isVisible());  // it has neither
    picture(page, QStringLiteral("load-kept"));

    page.runList()->setCurrentIndex(row(page, 1));
    QCOMPARE(page.run()->record().get(), before.get());
    QCOMPARE(page.run()->head()->keptNote()->text(), before->note);
    QVERIFY(page.run()->head()->keptNote()->isVisible() && page.run()->head()->keptTags()->isVisible());
    QCOMPARE(page.run()->head()->keptTags()->text(), QStringLiteral("Tags: night, <b>bold</b>"));
    verifyPlainText(page, QStringLiteral("<b>"));
    picture(page, QStringLiteral("load-kept-note"));
    QCOMPARE(visibleButtons(page).filter(QRegularExpression(QStringLiteral("Run again|Pin|baseline|Push|Stop|Pause|Delete|Import|Start|Export|Show the run"))), QStringList());
    for (const QLineEdit* const edit : page.findChildren<QLineEdit*>()) QVERIFY(!edit->isVisible());
    QVERIFY(!page.run()->head()->level()->isVisible() && !page.scenarioList()->isVisible() && !page.lockBar()->isVisible());
    QCOMPARE(page.underWay(), QString());
  }

  // A note of two lines, as a command takes one, had the code of the line break in it: in the head, in the list's tooltip and above the table of a comparison.
  void aNoteKeepsItsLines() {
    Stage stage;
    LoadPage& page = *stage.page;
    const auto before = keptRun(30, 1, startedMs), after = keptRun(15, 2, startedMs + 5 * minute);
    after->note = QStringLiteral("new index\r\non risks\x1b[31m");
    page.openKept(keptOf({before, after}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    const QString shown = QStringLiteral("new index\non risks\\x1b[31m");
    QCOMPARE(page.run()->head()->keptNote()->text(), shown);
    QVERIFY2(row(page, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("new index<br>on risks\\x1b")), qPrintable(row(page, 0).data(Qt::ToolTipRole).toString()));
    picture(page, QStringLiteral("load-kept-lines"));
    page.runList()->selectAll();
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return page.comparison()->tables().size() == 1; }, patience));
    const auto labels = page.comparison()->findChildren<ElidedLabel*>();
    QVERIFY(std::ranges::any_of(labels, [&](const ElidedLabel* label) { return label->text() == shown; }));
  }

  // The page offers none of it; what asks for it all the same gets nothing.
  void whatWouldChangeThemDoesNothing() {
    Stage stage;
    LoadPage& page = *stage.page;
    const auto run = keptRun(20, 1, startedMs);
    QVERIFY(runs::RunStore(stage.target({}).runFolder()).save(*run));  // of the same id on this computer
    page.openKept(keptOf({run}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);
    QVERIFY(!page.compareButton()->isVisible());  // there is none to compare it with
    QVERIFY(!page.controller().start({}));
    page.controller().pin(run->id, true);
    page.controller().setNote(run->id, QStringLiteral("changed"));
    page.controller().setTags(run->id, {QStringLiteral("changed")});
    page.controller().remove({run->id});
    page.controller().push(run->id);
    page.importScenario(stage.own());
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(stage.own())});
    QDragEnterEvent drag(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    drag.ignore();
    QCoreApplication::sendEvent(&page, &drag);
    QVERIFY(!drag.isAccepted());
    QTest::qWait(200);
    const auto stored = runs::RunStore(stage.target({}).runFolder()).load(run->id);
    QVERIFY(stored && stored->note.isEmpty() && stored->tags.isEmpty());
    QCOMPARE(page.runList()->model()->rowCount(), 1);
    QVERIFY(!row(page, 0).data(PinnedRole).toBool() && !page.problem()->isVisible());
  }

  void someAreCompared() {
    Stage stage;
    LoadPage& page = *stage.page;
    page.openKept(keptOf({keptRun(30, 1, startedMs), keptRun(15, 2, startedMs + 5 * minute), keptRun(16, 3, startedMs + 9 * minute)}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 3, patience);
    QVERIFY(page.compareButton()->isVisible() && !page.compareButton()->isEnabled());
    page.runList()->selectAll();
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QVERIFY(page.comparison()->isVisible());
    QVERIFY(QTest::qWaitFor([&] { return page.comparison()->tables().size() == 2; }, patience));
    const QAbstractItemModel* const table = page.comparison()->tables().front()->model();
    QCOMPARE(table->index(0, 6).data().toString(), QStringLiteral("faster"));
    stage.frames.request();
    QTest::qWait(300);
    picture(page, QStringLiteral("load-kept-compare"));
    page.runList()->setCurrentIndex(row(page, 2));
    QVERIFY(page.run()->isVisible() && !page.comparison()->isVisible());
  }

  // They were said to be k6's, which had nothing to do with them.
  void runsThatLostTheirHistograms() {
    Stage stage;
    LoadPage& page = *stage.page;
    const auto whole = keptRun(30, 1, startedMs), lean = keptRun(15, 2, startedMs + 5 * minute);
    loseHistogram(lean->figures.all);
    for (load::StepFigures& step : lean->figures.steps) loseHistogram(step);
    page.openKept(keptOf({whole, lean}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QVERIFY2(row(page, 0).data(SecondLineRole).toString().contains(QStringLiteral(" ms")), qPrintable(row(page, 0).data(SecondLineRole).toString()));
    QVERIFY(page.run()->tiles()[1]->text() != QStringLiteral("–"));
    page.run()->setTab(RunView::Percentiles);
    const QAbstractItemModel* const percentiles = page.run()->percentiles()->model();
    QVERIFY(percentiles->index(0, 8).data().toString().endsWith(QStringLiteral(" ms")));
    QCOMPARE(percentiles->index(0, 9).data().toString(), QStringLiteral("–"));
    picture(page, QStringLiteral("load-kept-lean"));
    page.runList()->selectAll();
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return page.comparison()->tables().size() == 1; }, patience));
    const QAbstractItemModel* const table = page.comparison()->tables().front()->model();
    QStringList verdicts;
    for (int metric = 0; metric < table->rowCount(); ++metric) {
      QVERIFY(!table->index(metric, 6).data(Qt::ToolTipRole).toString().contains(QStringLiteral("k6")));
      verdicts << table->index(metric, 6).data().toString();
    }
    QCOMPARE(verdicts.first(), QStringLiteral("not judged"));
    QVERIFY(table->index(0, 6).data(Qt::ToolTipRole).toString().contains(QStringLiteral("no histogram was kept")));
    QVERIFY(table->index(0, 3).data().toString().endsWith(QStringLiteral(" ms")));  // how much it changed is known
    QVERIFY(verdicts.contains(QStringLiteral("within noise")));                     // throughput needs no histogram
    picture(page, QStringLiteral("load-kept-lean-compare"));
  }

  // "Interrupted" stood at a run that came to its end after the snapshot had been taken.
  void aRunThatWasUnderWayThen() {
    Stage stage;
    LoadPage& page = *stage.page;
    const auto under = keptRun(20, 1, startedMs), gone = keptRun(20, 2, startedMs + minute);
    for (const auto& run : {under, gone}) run->partial = true;
    KeptRuns kept = keptOf({under, gone});
    under->writer.wroteMs = kept.takenMs - 4000;
    gone->writer.wroteMs = kept.takenMs - 10 * minute;
    page.openKept(kept);
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QCOMPARE(page.run()->head()->state(), QStringLiteral("interrupted"));
    QVERIFY(row(page, 0).data(SecondLineRole).toString().startsWith(QStringLiteral("interrupted")));
    page.runList()->setCurrentIndex(row(page, 1));
    QCOMPARE(page.run()->head()->state(), QStringLiteral("under way"));
    QCOMPARE(page.run()->head()->progress(), QStringLiteral("when the snapshot was taken"));
    QVERIFY(row(page, 1).data(SecondLineRole).toString().startsWith(QStringLiteral("under way")));
    picture(page, QStringLiteral("load-kept-under-way"));
  }

  void aSnapshotWithoutRunsSaysSo() {
    Stage stage;
    LoadPage& page = *stage.page;
    page.openKept(keptOf({}));
    QVERIFY(page.nothing()->isVisible());
    QCOMPARE(page.nothing()->text().title, QStringLiteral("No load run in this snapshot"));
    QVERIFY(!page.nothing()->text().sentence.isEmpty());
    picture(page, QStringLiteral("load-kept-none"));
    page.close();
    QCOMPARE(page.nothing()->text().title, QStringLiteral("Nothing is connected"));
  }

  // A run that went on kept the page for itself, also after its profile had been left.
  void leftForAProfileAndBack() {
    LoadService service;
    Stage stage;
    LoadPage& page = *stage.page;
    const auto kept = keptRun(20, 1, startedMs);
    kept->note = QStringLiteral("of the snapshot");
    page.openKept(keptOf({kept}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);

    stage.open(stage.target(service.url()));
    QVERIFY(page.scenarioList()->isVisible() && page.setup()->isVisible() && page.importButton()->isVisible());
    QVERIFY(page.compareButton()->isVisible() && page.removeButton()->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(page.setup()->missing(), QString(), patience);
    QCOMPARE(page.runList()->model()->rowCount(), 0);
    QSignalSpy started(&page, &LoadPage::started);
    QTest::mouseClick(page.setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
    QVERIFY(page.run()->isLive() && page.run()->head()->stopButton()->isVisible());

    page.openKept(keptOf({kept}));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);
    QVERIFY(!page.run()->isLive() && page.run()->isVisible());
    QCOMPARE(page.run()->record().get(), kept.get());
    QCOMPARE(page.underWay(), QString());

    stage.open(stage.target(service.url()));
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);  // the one that was stopped
    page.runList()->setCurrentIndex(row(page, 0));
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->record() && page.run()->record()->id != kept->id, patience);
    const RunHead& head = *page.run()->head();
    QVERIFY(head.againButton()->isVisible() && head.note()->isVisible() && head.tags()->isVisible() && !head.keptNote()->isVisible());
  }

  void itIsGoodInBothColoursAndSizes() {
    for (const auto& [name, size] : {std::pair{"1600", QSize(1540, 944)}, std::pair{"1280", QSize(1220, 744)}})
      for (const Theme::Scheme scheme : {Theme::Scheme::Dark, Theme::Scheme::Light}) {
        Theme::instance().setScheme(scheme);
        Stage stage;
        stage.page->resize(size);
        const auto run = keptRun(30, 1, startedMs);
        run->note = QStringLiteral("after maxmemory had been raised to 2 GiB, with the old index, and with the pool of connections at 50; the run of the evening before was with 20");
        run->tags = {QStringLiteral("night"), QStringLiteral("release 1.42")};
        stage.page->openKept(keptOf({run, keptRun(15, 2, startedMs - minute)}));
        QTRY_COMPARE_WITH_TIMEOUT(stage.page->runList()->model()->rowCount(), 2, patience);
        stage.frames.request();
        QTest::qWait(50);
        QVERIFY(!picture(*stage.page, QStringLiteral("load-kept-%1-%2").arg(QLatin1String(name), scheme == Theme::Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light"))).isNull());
      }
  }
};

QTEST_MAIN(TestLoadKept)
#include "tst_load_kept.moc"
