// SPDX-License-Identifier: GPL-3.0-or-later
// What a run of the page leaves on the disk and in the journal, also where these cannot be written.
#include "core/runs/run_store.h"
#include "tests/ui/load_service.h"
#include "tests/ui/load_stage.h"

#include <QDir>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

class TestLoadRecord : public QObject {
  Q_OBJECT

  LoadService m_service;
  std::unique_ptr<Stage> m_stage;
  LoadTarget m_target;
  std::unique_ptr<runs::RunStore> m_store;

  LoadController& controller() const { return m_stage->page->controller(); }
  /// A run under way on a fresh page.
  void begin(const char* duration = "60s") {
    m_stage = std::make_unique<Stage>(duration);
    m_target = m_stage->target(m_service.url());
    m_store = std::make_unique<runs::RunStore>(m_target.runFolder());
    m_stage->open(m_target);
    QSignalSpy started(m_stage->page.get(), &LoadPage::started);
    QTest::mouseClick(m_stage->page->setup()->startButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.size(), 1, patience);
  }
  QList<JournalEntry> journal() const {
    const auto entries = Journal(m_target.stateFolder + QStringLiteral("/journal.jsonl"), Secret()).read();
    return entries ? *entries : QList<JournalEntry>();
  }
  QList<runs::RunSummary> kept() const { return m_store->list(m_stage->clock.now().wallMs).runs; }

 private Q_SLOTS:
  void init() { failOnWarnings(); }
  void cleanup() { m_stage.reset(); }

  // Only a run that was seen to end had figures of the servers: what a crash left, or a closed window, scored none of them.
  void whatIsKeptOnTheWayHasTheServersToo() {
    begin();
    SourceState live;
    live.kind = SourceState::Kind::Live;
    m_stage->page->setSourceState(QLatin1String("redis"), live, QStringLiteral("Redis"));
    const bool came = QTest::qWaitFor([&] {
      m_stage->samples(m_stage->clock.now().wallMs);
      QTest::qWait(300);
      return !kept().isEmpty();
    }, patience);
    QVERIFY(came);
    const QString id = kept().first().id;
    const Result<runs::RunRecord> partial = m_store->load(id);
    QVERIFY(partial.ok() && partial->partial);
    QVERIFY(!partial->series.isEmpty());
    m_stage->page.reset();  // the window is closed
    const Result<runs::RunRecord> ended = m_store->load(id);
    QVERIFY(ended.ok() && !ended->partial);
    QCOMPARE(ended->figures.end, load::RunFigures::End::Stopped);
    QVERIFY(!ended->series.isEmpty());
    const QList<JournalEntry> entries = journal();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries[1].phase, QStringLiteral("end"));
    QCOMPARE(entries[1].outcome, QStringLiteral("cancelled"));
    QVERIFY2(entries[1].text.contains(QLatin1String(" requests, ")), qPrintable(entries[1].text));
  }

  // A full disk showed only when the run was over.
  void whatCannotBeKeptIsSaidWhileItRuns() {
    begin();
    QVERIFY(QDir(m_target.runFolder()).removeRecursively());
    QFile inTheWay(m_target.runFolder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QSignalSpy failed(&controller(), &LoadController::failed), ended(&controller(), &LoadController::ended);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
    QVERIFY2(failed.first().first().toString().startsWith(QStringLiteral("What there is of the run could not be kept, which is tried again: ")), qPrintable(failed.first().first().toString()));
    QTest::qWait(6000);  // another attempt
    QCOMPARE(failed.size(), 1);
    QVERIFY(inTheWay.remove());
    controller().stop();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QCOMPARE(failed.size(), 1);
    QCOMPARE(kept().size(), 1);
  }

  void anEndThatIsNotInTheJournalIsLogged() {
    begin();
    const QString file = m_target.stateFolder + QStringLiteral("/journal.jsonl");
    QVERIFY(QFile::remove(file) && QDir().mkpath(file));
    QSignalSpy ended(&controller(), &LoadController::ended);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("How the load run .+ ended was not written to the journal: .+")));
    controller().stop();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, patience);
    QCOMPARE(kept().size(), 1);
  }
};

QTEST_MAIN(TestLoadRecord)
#include "tst_load_record.moc"
