// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/chart_data.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/doctor/doctorpage.h"
#include "ui/doctor/findingcard.h"
#include "ui/doctor/reportmarkdown.h"
#include "ui/doctor/reportview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pill.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <atomic>

using namespace cachedeck;
using namespace cachedeck::charttest;
using doctor::Finding;
using doctor::Severity;

namespace {

const QString hostile = QStringLiteral("<img src=x onerror=alert(1)> **bold** [a](b) `rm -rf` & \u202Etxt");

doctor::Report usualReport() {
  doctor::Report report;
  report.findings = {
      {QStringLiteral("cache-connection"), Severity::Critical, QStringLiteral("Redis at 127.0.0.1:6379 refuses the password."), QStringLiteral("WRONGPASS invalid username-password pair or user is disabled."), QStringLiteral("Set the password of the profile under Connections, or on the server: ACL SETUSER console on >… ~* +@read +info.")},
      {QStringLiteral("cache-hit-rate"), Severity::Warning, QStringLiteral("The hit rate of the last five minutes is 41.2 %, below 75 %."), QStringLiteral("hits 12,480, misses 17,811, evicted 9,214 keys; used_memory 1.98 GB of maxmemory 2 GB"), QStringLiteral("Raise maxmemory (CONFIG SET maxmemory 4gb) or shorten the times to live of what is read least.")},
      {QStringLiteral("exporter-not-scraped"), Severity::Warning, QStringLiteral("redis_exporter runs at 127.0.0.1:9121, but Prometheus does not scrape it."), QStringLiteral("No target of Prometheus has that address."), QStringLiteral("Add to prometheus.yml: - job_name: redis, static_configs: [{targets: ['127.0.0.1:9121']}], then reload.")},
      {QStringLiteral("database-statements"), Severity::Info, QStringLiteral("pg_stat_statements is not installed."), QStringLiteral("pg_extension has no such row"), QStringLiteral("CREATE EXTENSION pg_stat_statements;")}};
  report.looked = {QStringLiteral("Redis 7.0.15 at 127.0.0.1:6379"), QStringLiteral("PostgreSQL 15.8 at 127.0.0.1:5432"), QStringLiteral("Prometheus 2.45 at 127.0.0.1:9090")};
  report.missing = {QStringLiteral("Alertmanager was not looked at: the profile names none.")};
  return report;
}

}  // namespace

/// The page of the doctor, with reports made up.
class TestDoctorPage : public QObject {
  Q_OBJECT
  FixedClock m_clock;
  doctor::Report m_report;
  std::atomic<int> m_asked = 0;
  std::atomic<bool> m_holds = false;
  std::atomic<bool> m_stopped = false;
  std::unique_ptr<DoctorPage> m_page;

  void show() {
    m_page = std::make_unique<DoctorPage>(m_clock, [this](const DoctorTarget&, const std::stop_token& stop) {
      ++m_asked;
      while (m_holds && !stop.stop_requested()) QThread::msleep(1);
      m_stopped = stop.stop_requested();
      return m_report;
    });
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
  }
  void examine() {
    QSignalSpy done(m_page.get(), &DoctorPage::examined);
    m_page->button()->click();
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, 60000);
  }
  QStringList texts() const {
    QStringList all;
    for (const QLabel* label : m_page->findChildren<QLabel*>()) all << label->text();
    return all;
  }

 private Q_SLOTS:
  void init() {
    test::failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_report = usualReport();
    m_holds = false;
    m_asked = 0;
    show();
    m_page->open(DoctorTarget{QStringLiteral("shop"), {}});
  }
  void cleanup() {
    m_holds = false;
    m_page.reset();
  }

  void withoutAProfileThereIsNothing() {
    m_page->open(std::nullopt);
    QVERIFY(!m_page->button()->isEnabled());
    m_page->examine();
    QVERIFY(!m_page->isExamining());
    QVERIFY(m_page->markdown().isEmpty() && !m_page->copyButton()->isVisible());
  }

  void findingsBySeverityWithEvidenceAndRemedy() {
    examine();
    QCOMPARE(m_page->findChildren<FindingCard*>().size(), 4);
    const QList<FindingCard*> cards = m_page->findChildren<FindingCard*>();
    QCOMPARE(cards[0]->edge(), Level::Critical);
    QCOMPARE(cards[0]->findChild<Pill*>()->text(), QStringLiteral("critical"));
    QCOMPARE(cards[1]->edge(), Level::Warning);
    QCOMPARE(cards[3]->edge(), Level::Good);
    QCOMPARE(cards[3]->findChild<Pill*>()->text(), QStringLiteral("info"));
    const QStringList all = texts();
    for (const Finding& one : m_report.findings)
      for (const QString& text : {one.finding, one.evidence, one.remedy}) QVERIFY2(all.contains(text), qPrintable(text));
    for (const QString& text : m_report.looked + m_report.missing) QVERIFY2(all.contains(text), qPrintable(text));
    QVERIFY(all.contains(QStringLiteral("Critical · 1")) && all.contains(QStringLiteral("Warnings · 2")));
    QVERIFY(m_page->state()->text().contains(QLatin1String("3 things")));
    const auto selectable = [](const QLabel* label) { return label->textInteractionFlags().testFlag(Qt::TextSelectableByMouse); };
    const QList<QLabel*> labels = cards[0]->findChildren<QLabel*>();
    QVERIFY(std::count_if(labels.begin(), labels.end(), selectable) == 3);
    test::picture(*m_page, QStringLiteral("doctor-dark"));
    Theme::instance().setScheme(Theme::Scheme::Light);
    test::picture(*m_page, QStringLiteral("doctor-light"));
  }

  void copiedAsMarkdown() {
    examine();
    m_page->copyButton()->click();
    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text, m_page->markdown());
    QVERIFY(text.startsWith(QLatin1String("# Examination of shop\n\n")));
    QVERIFY(text.contains(QLatin1String("## Critical\n\n- **Redis at 127.0.0.1:6379 refuses the password.** (cache-connection)\n  - Seen: WRONGPASS")));
    QVERIFY(text.contains(QLatin1String("## Looked at\n\n- Redis 7.0.15")));
    QVERIFY(text.contains(QLatin1String("pg\\_stat\\_statements")));
  }

  void hostileTextsStayText() {
    m_report = {};
    m_report.findings = {{QStringLiteral("x"), Severity::Critical, hostile, hostile, hostile}, {QStringLiteral("y"), Severity::Info, QStringLiteral("w").repeated(5000), QStringLiteral("\n\n# Title\n- a"), {}}};
    m_report.looked = {hostile};
    m_report.missing = {hostile};
    m_page->open(DoctorTarget{hostile, {}});
    examine();
    test::verifyPlainText(*m_page, hostile);
    for (const QString& text : texts()) QVERIFY(!text.contains(QChar(0x202E)));
    const QString markdown = m_page->markdown();
    QVERIFY(!markdown.contains(QLatin1String("<img")) || markdown.contains(QLatin1String("\\<img")));
    QVERIFY(!markdown.contains(QLatin1String("\n# Title")) && !markdown.contains(QLatin1String(" [a](b)")));
    // A long word neither widens the page nor stands outside it.
    QTRY_COMPARE_WITH_TIMEOUT(m_page->view()->widget()->width(), m_page->view()->viewport()->width(), 60000);
  }

  void manyFindingsAreBounded() {
    m_report.findings.clear();
    for (int i = 0; i < 500; ++i) m_report.findings.append({QStringLiteral("exporter-down"), Severity::Warning, QStringLiteral("Target %1 is down.").arg(i), {}, {}});
    examine();
    QCOMPARE(m_page->findChildren<FindingCard*>().size(), ReportView::mostShown);
    QVERIFY(m_page->markdown().contains(QLatin1String("Target 499 is down.")));
  }

  void nothingFoundSaysWhatWasLookedAt() {
    m_report.findings.clear();
    QSignalSpy done(m_page.get(), &DoctorPage::examined);
    examine();
    QCOMPARE(done.front().front().toBool(), true);
    QVERIFY(m_page->state()->text().contains(QLatin1String("Nothing is the matter")));
    QVERIFY(!quietChecks(m_report).isEmpty());
    QVERIFY(texts().join(QLatin1Char('\n')).contains(quietChecks(m_report).first()));
    m_report.looked.clear();
    QVERIFY(quietChecks(m_report).isEmpty());  // what was not reached is not healthy
    examine();
    QVERIFY(m_page->state()->text().contains(QLatin1String("No server could be reached")));
  }

  void cancelledItKeepsTheReportOfBefore() {
    examine();
    const QString before = m_page->markdown();
    m_holds = true;
    m_report.findings.clear();
    m_page->button()->click();
    QVERIFY(m_page->isExamining());
    QCOMPARE(m_page->button()->text(), QStringLiteral("Cancel"));
    QTRY_COMPARE_WITH_TIMEOUT(m_asked.load(), 2, 60000);
    m_page->button()->click();
    QVERIFY(m_stopped && !m_page->isExamining());
    QTest::qWait(20);
    QCOMPARE(m_page->markdown(), before);
    m_holds = false;
    examine();
    QVERIFY(m_page->markdown() != before);
  }

  void anotherProfileTakesTheReportAway() {
    examine();
    m_page->open(DoctorTarget{QStringLiteral("shop"), {}});
    QVERIFY(!m_page->markdown().isEmpty());
    m_holds = true;
    m_page->button()->click();
    m_page->open(DoctorTarget{QStringLiteral("other"), {}});
    QVERIFY(!m_page->isExamining() && m_page->markdown().isEmpty());
  }
};

QTEST_MAIN(TestDoctorPage)
#include "tst_doctor_page.moc"
