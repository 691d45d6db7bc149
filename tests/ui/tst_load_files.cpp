// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs takes in and gives away: own scenarios, scripts for k6, results for the Pushgateway; and runs that were kept before.
#include "core/runs/run_store.h"
#include "tests/core/tst_run_support.h"
#include "tests/ui/load_service.h"
#include "tests/ui/load_stage.h"
#include "ui/charts/chartpanel.h"
#include "ui/load/compareview.h"
#include "ui/load/loadmodels.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QAction>
#include <QFileDialog>
#include <QMimeData>
#include <QPushButton>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadFiles : public QObject {
  Q_OBJECT

  static QString put(const Stage& stage, const QString& name, const QByteArray& text) {
    const QString place = stage.folder.path() + QLatin1Char('/') + name;
    QFile file(place);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? place : QString();
  }
  static QByteArray textOf(const QString& name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  /// Runs in the store, the oldest first.
  static QStringList keep(Stage& stage, int count, const std::string& limited = {}) {
    const runs::RunStore store(stage.target({}).runFolder());
    QStringList ids;
    for (int i = 0; i < count; ++i) {
      runs::RunRecord record = recordOf({20.0 + 8 * i}, static_cast<unsigned>(i + 1), 1'795'922'000'000 + 3'600'000 * i);
      record.figures.limited = limited;
      if (store.save(record).ok()) ids << record.id;
    }
    return ids;
  }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  void anOwnScenarioIsImported() {
    Stage stage;
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    const int before = page.scenarioList()->model()->rowCount();
    const QByteArray text = scenarioText("9s").replace("\"quick\"", "\"evening\"").replace("Quick look", "Evening");
    const QString file = put(stage, QStringLiteral("evening.json"), text);
    QMimeData dragged;
    dragged.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QVERIFY(QCoreApplication::sendEvent(&page, &enter) && enter.isAccepted());
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&page, &drop);
    QTRY_COMPARE_WITH_TIMEOUT(page.scenarioList()->model()->rowCount(), before + 1, patience);
    QCOMPARE(page.setup()->entry().title, QStringLiteral("Evening"));
    QCOMPARE(page.scenarioList()->currentIndex().data(RightSecondRole).toString(), QStringLiteral("own"));
    QCOMPARE(textOf(stage.own(QStringLiteral("evening.json"))), text);
    picture(page, QStringLiteral("load-imported"));
    // The same again is the same; another one of that name stands beside it.
    QSignalSpy imported(&page.controller(), &LoadController::imported);
    page.importScenario(file);
    QTRY_COMPARE_WITH_TIMEOUT(imported.size(), 1, patience);
    QCOMPARE(imported.last().first().toString(), stage.own(QStringLiteral("evening.json")));
    put(stage, QStringLiteral("evening.json"), QByteArray(text).replace("9s", "8s"));
    page.importScenario(file);
    QTRY_COMPARE_WITH_TIMEOUT(imported.size(), 2, patience);
    QCOMPARE(imported.last().first().toString(), stage.own(QStringLiteral("evening-2.json")));
    QCOMPARE(textOf(stage.own(QStringLiteral("evening.json"))), text);
  }

  void mistakesOfAFileAreShownWithTheirLines() {
    Stage stage;
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    const int before = page.scenarioList()->model()->rowCount();
    QSignalSpy refused(&page.controller(), &LoadController::importFailed);
    page.importScenario(put(stage, QStringLiteral("wrong.json"), "{\"name\": \"wrong\", \"executor\": \"constant-vus\", \"steps\": [{\"name\": \"a\", \"path\": \"/\"}],\n \"vuz\": 1,\n \"duration\": \"ten\"}"));
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, patience);
    const QString problem = page.setup()->entry().problem;
    QVERIFY2(problem.contains(QStringLiteral("line 2")) && problem.contains(QStringLiteral("vuz")), qPrintable(problem));
    QVERIFY2(problem.contains(QStringLiteral("line 3")) && problem.contains(QStringLiteral("duration")), qPrintable(problem));
    QVERIFY(!page.setup()->startButton()->isEnabled());
    QCOMPARE(page.scenarioList()->model()->rowCount(), before);
    QVERIFY(!QFile::exists(stage.own(QStringLiteral("wrong.json"))));
    picture(page, QStringLiteral("load-import-wrong"));
    page.importScenario(stage.folder.path());
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 2, patience);
    page.importScenario(stage.folder.path() + QStringLiteral("/none.json"));
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 3, patience);
  }

  void aScenarioIsWrittenForK6() {
    Stage stage;
    stage.open(stage.target(QStringLiteral("http://127.0.0.1:8080")));
    LoadPage& page = *stage.page;
    QSignalSpy exported(&page.controller(), &LoadController::exported), failed(&page.controller(), &LoadController::failed);
    const auto written = [&](int form, const QString& name) {
      page.setup()->exports()[form]->trigger();
      auto* const dialog = page.findChild<QFileDialog*>();
      const QString file = stage.folder.path() + QLatin1Char('/') + name;
      Q_EMIT dialog->fileSelected(file);
      delete dialog;
      if (!QTest::qWaitFor([&] { return exported.size() == form + 1; }, patience)) return QByteArray();
      return textOf(file);
    };
    const QByteArray script = written(0, QStringLiteral("quick.js")), manifest = written(1, QStringLiteral("quick.yaml"));
    QVERIFY(script.contains("http://127.0.0.1:8080") && script.contains("export "));
    QVERIFY(manifest.contains("kind: TestRun") && manifest.contains("kind: ConfigMap"));
    QVERIFY(page.problem()->isVisible() && page.problem()->text().title.contains(QStringLiteral("quick.yaml")));
    picture(page, QStringLiteral("load-exported"));
    page.controller().exportScenario(page.setup()->request(), ExportForm::K6Script, stage.folder.path() + QStringLiteral("/none/x.js"));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
  }

  void aResultIsPushed() {
    LoadService gateway;
    Stage stage;
    const QStringList kept = keep(stage, 2);
    const QString id = kept.value(1);
    QVERIFY(runs::RunStore(stage.target({}).runFolder()).pin(kept.value(0), stage.clock.now().wallMs).ok());
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    page.runList()->setCurrentIndex(page.runList()->model()->index(0, 0));
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->record(), patience);
    QVERIFY(!page.run()->head()->pushButton()->isVisible());  // the profile has no Pushgateway
    LoadTarget target = stage.target({});
    HttpSettings settings;
    settings.base = QUrl(gateway.url());
    target.pushgateway = settings;
    stage.open(target);
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 2, patience);
    QSignalSpy loaded(&page.controller(), &LoadController::loaded), pushed(&page.controller(), &LoadController::pushed);
    page.runList()->setCurrentIndex(page.runList()->model()->index(0, 0));
    QTRY_COMPARE_WITH_TIMEOUT(loaded.size(), 1, patience);
    QTest::mouseClick(page.run()->head()->pushButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(pushed.size(), 1, patience);
    QVERIFY(pushed.first().first().toString().contains(id));
    QVERIFY(gateway.requests() >= 1);
    QVERIFY(page.problem()->isVisible() && page.run()->head()->pushButton()->isEnabled());
    picture(page, QStringLiteral("load-pushed"));
    page.resize(1220, 744);
    QTest::qWait(50);
    picture(page, QStringLiteral("load-pushed-small"));
  }

  void aResultThatIsNotValidSaysSo() {
    Stage stage;
    keep(stage, 1, "This machine was the bottleneck: the generator used a whole processor.");
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 1, patience);
    page.runList()->setCurrentIndex(page.runList()->model()->index(0, 0));
    QTRY_VERIFY_WITH_TIMEOUT(page.run()->banner()->isVisible(), patience);
    QCOMPARE(page.run()->banner()->text().title, QStringLiteral("The result is not valid"));
    QVERIFY(page.run()->banner()->text().sentence.contains(QStringLiteral("bottleneck")));
    QCOMPARE(page.run()->head()->state(), QStringLiteral("not valid"));
    picture(page, QStringLiteral("load-not-valid"));
  }

  void threeRunsAreCompared() {
    Stage stage;
    keep(stage, 3);
    stage.open(stage.target({}));
    LoadPage& page = *stage.page;
    QTRY_COMPARE_WITH_TIMEOUT(page.runList()->model()->rowCount(), 3, patience);
    page.runList()->selectAll();
    QSignalSpy compared(&page.controller(), &LoadController::compared);
    QTest::mouseClick(page.compareButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, patience);
    QCOMPARE(page.comparison()->tables().size(), std::size_t{2});  // each against the oldest
    QVERIFY(!page.comparison()->panels().empty());
    QTest::qWait(100);
    for (const Theme::Scheme scheme : {Theme::Scheme::Dark, Theme::Scheme::Light}) {
      Theme::instance().setScheme(scheme);
      QTest::qWait(100);
      picture(page, scheme == Theme::Scheme::Dark ? QStringLiteral("load-compare-three-dark") : QStringLiteral("load-compare-three-light"));
    }
  }
};

QTEST_MAIN(TestLoadFiles)
#include "tst_load_files.moc"
