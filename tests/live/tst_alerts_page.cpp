// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "core/sources/prometheus/prometheus_fields.h"
#include "tests/support/process.h"
#include "tests/ui/load_service.h"
#include "ui/alerts/alertspage.h"
#include "ui/alerts/managerpanel.h"
#include "ui/alerts/rulecheckpanel.h"
#include "ui/alerts/rulemodel.h"
#include "ui/alerts/ruleview.h"
#include "ui/alerts/silencedialog.h"
#include "ui/alerts/trialpanel.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::test;

/// The page of alerts on a real Prometheus and a real Alertmanager.
class TestAlertsPageLive : public QObject {
  Q_OBJECT
  LoadService m_hook;
  SystemClock m_clock;
  AlertmanagerServer m_manager{QStringLiteral("route:\n  receiver: hook\n  group_by: [instance]\n  group_wait: 1s\n  routes:\n  - {receiver: nobody, matchers: ['severity=\"info\"']}\n"
                                              "receivers:\n- name: hook\n  webhook_configs: [{url: '%1/hook'}]\n- name: nobody\n")
                                   .arg(m_hook.url())};
  PrometheusServer m_prometheus{QStringLiteral("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['@DIR@/rules.yml']\nalerting: {alertmanagers: [{static_configs: [{targets: ['%1']}]}]}\n"
                                               "scrape_configs:\n- {job_name: self, static_configs: [{targets: ['127.0.0.1:@PORT@']}]}\n")
                                    .arg(m_manager.address())};
  QTemporaryDir m_folder;
  qint64 m_beganMs = 0;
  std::unique_ptr<AlertsPage> m_page;

  static SourceSettings settings(const QString& url) { return httpSettingsFromUrl(url).value(); }
  QModelIndex ruleNamed(const char* name) const {
    for (int row = 0; row < m_page->rules()->rowCount(); ++row)
      if (m_page->rules()->index(row).data().toString() == QLatin1String(name)) return m_page->rules()->index(row);
    return {};
  }
  QModelIndex alertNamed(const char* name) const {
    const QAbstractItemModel* model = m_page->manager()->alerts()->model();
    for (int row = 0; row < model->rowCount(); ++row)
      if (model->index(row, 0).data().toString().startsWith(QLatin1String(name))) return model->index(row, 0);
    return {};
  }
  AlertsTarget target(const QString& configFolder) const { return {QStringLiteral("shop"), QStringLiteral("staging"), settings(m_prometheus.url()), settings(m_manager.url()), configFolder}; }
  /// The journal's entries of an action, oldest first; empty when the chain is broken.
  QList<JournalEntry> journaled(const char* action) const {
    Result<Secret> key = existingStateKey(m_folder.filePath(QStringLiteral("config")));
    if (!key) return {};
    const Journal journal(Journal::defaultFile(), std::move(*key));
    const Result<JournalCheck> check = journal.verify();
    Result<QList<JournalEntry>> entries = journal.read();
    if (!check || !check->intact || !entries) return {};
    entries->removeIf([&](const JournalEntry& entry) { return entry.action != QLatin1String(action); });
    return *entries;
  }
  /// Fills in the form of a new silence of the alert Up, and asks for it.
  void askForSilence(SilenceDialog*& form) {
    QTRY_VERIFY_WITH_TIMEOUT(alertNamed("Up").isValid(), 60000);
    m_page->manager()->alerts()->setCurrentIndex(alertNamed("Up"));
    m_page->manager()->silenceButton()->click();
    form = m_page->findChild<SilenceDialog*>();
    QVERIFY(form);
    form->author()->setText(QStringLiteral("me"));
    form->comment()->setText(QStringLiteral("maintenance \"x\""));
    QVERIFY2(form->button()->isEnabled(), qPrintable(form->problem()));
    form->button()->click();
    accept(form);
  }
  /// Accepts the confirmation that stands over a widget.
  static void accept(QWidget* over) {
    auto* box = over->findChild<QMessageBox*>();
    QVERIFY(box);
    for (QAbstractButton* const button : box->buttons())
      if (box->buttonRole(button) == QMessageBox::AcceptRole) return button->click();
    QFAIL("no button accepts");
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_STATE_HOME", m_folder.filePath(QStringLiteral("state")).toUtf8());
    m_prometheus.addFile(QStringLiteral("rules.yml"),
                         "groups:\n- name: g\n  rules:\n  - {alert: Up, expr: 'up{job=\"self\"} > 0.5', labels: {severity: warning}, annotations: {summary: 'it is up'}}\n"
                         "  - {alert: Far, expr: 'up * 20 > 80', for: 5m}\n  - {alert: Wrong, expr: 'up + on() group_left() {__name__=~\"up|scrape_duration_seconds\"} > 1'}\n");
    m_beganMs = m_clock.now().wallMs;
    QCOMPARE(startAll({&m_manager, &m_prometheus}), QString());
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints).*")));
    m_page = std::make_unique<AlertsPage>(m_clock);
    m_page->resize(1300, 850);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->open(target(m_folder.filePath(QStringLiteral("config"))));
    QTRY_VERIFY_WITH_TIMEOUT(ruleNamed("Up").isValid() && m_page->manager()->hasReading(), 60000);
  }
  void cleanup() { m_page.reset(); }

  void aFiringRuleIsShownWithItsValue() {
    QSignalSpy counted(m_page.get(), &AlertsPage::counted);
    QTRY_VERIFY_WITH_TIMEOUT(ruleNamed("Up").data(SecondLineRole).toString().startsWith(QLatin1String("firing")), 60000);
    QCOMPARE(ruleNamed("Up").data(RightRole).toString(), QStringLiteral("1.00"));
    QCOMPARE(ruleNamed("Up").data(ReachRole).toDouble(), 2.0);
    QCOMPARE(ruleNamed("Far").data(ReachRole).toDouble(), 0.25);
    QTRY_VERIFY_WITH_TIMEOUT(ruleNamed("Wrong").data(SecondLineRole).toString().contains(QLatin1String("cannot be evaluated")), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!counted.isEmpty() && counted.back()[0].toInt() == 1, 60000);
    QCOMPARE(counted.back()[2].toString(), QStringLiteral("warning"));
    m_page->list()->setCurrentIndex(ruleNamed("Up"));
    QCOMPARE(m_page->ruleView()->expression()->toPlainText(), QStringLiteral("up{job=\"self\"} > 0.5"));
    QCOMPARE(m_page->ruleView()->values()->cells()->rowCount(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(m_page->ruleView()->managed()->cells()->rowCount(), 1, 60000);
  }

  void aSilenceIsMadeAndExpired() {
    ManagerPanel& panel = *m_page->manager();
    QSignalSpy silenced(&m_page->controller(), &AlertsController::silenced), expired(&m_page->controller(), &AlertsController::expired), failed(&m_page->controller(), &AlertsController::failed);
    SilenceDialog* asked = nullptr;
    askForSilence(asked);
    const QPointer form(asked);
    QTRY_VERIFY_WITH_TIMEOUT(silenced.size() == 1 || failed.size() == 1, 60000);
    QVERIFY2(failed.isEmpty(), qPrintable(m_page->message()->text().title));
    QTRY_VERIFY_WITH_TIMEOUT(!form, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(alertNamed("Up").data(SecondLineRole).toString().contains(QLatin1String("silenced by me: maintenance")), 60000);
    QCOMPARE(panel.silences()->model()->rowCount(), 1);
    panel.silences()->setCurrentIndex(panel.silences()->model()->index(0, 0));
    panel.expireButton()->click();
    accept(m_page.get());
    QTRY_COMPARE_WITH_TIMEOUT(expired.size(), 1, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(panel.silences()->model()->index(0, 0).data(SecondLineRole).toString().startsWith(QLatin1String("expired")), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(alertNamed("Up").data(SecondLineRole).toString().startsWith(QLatin1String("active")), 60000);
    QVERIFY(!panel.expireButton()->isEnabled());

    const QList<JournalEntry> made = journaled("alerts.silence"), ended = journaled("alerts.expire");
    QCOMPARE(made.size(), 2);
    QVERIFY(made[0].phase == QLatin1String("begin") && made[1].phase == QLatin1String("end") && made[0].operation == made[1].operation);
    QCOMPARE(made[0].profile, QStringLiteral("shop"));
    QCOMPARE(made[0].where, QStringLiteral("staging %1").arg(m_manager.address()));
    QVERIFY2(made[0].text.contains(QLatin1String("alertname=\"Up\"")) && made[0].text.endsWith(QLatin1String("(maintenance \"x\")")), qPrintable(made[0].text));
    QCOMPARE(made[1].outcome, QStringLiteral("done"));
    QVERIFY(made[1].text.contains(silenced[0][0].toString()));
    QCOMPARE(ended.size(), 2);
    QVERIFY(ended[1].outcome == QLatin1String("done") && ended[1].text.contains(silenced[0][0].toString()));
  }

  // No journal, no change: the folder of its key cannot be made.
  void nothingIsSilencedThatCannotBeJournaled() {
    m_page->open(target(QStringLiteral("/proc/none")));
    QTRY_VERIFY_WITH_TIMEOUT(ruleNamed("Up").isValid() && m_page->manager()->hasReading(), 60000);
    const int before = m_page->manager()->silences()->model()->rowCount();
    QSignalSpy silenced(&m_page->controller(), &AlertsController::silenced), failed(&m_page->controller(), &AlertsController::failed);
    SilenceDialog* form = nullptr;
    askForSilence(form);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 60000);
    QVERIFY(silenced.isEmpty());
    m_page->controller().refresh();
    QTest::qWait(500);
    QCOMPARE(m_page->manager()->silences()->model()->rowCount(), before);
  }

  void theChartsAreToldWhenItFired() {
    QSignalSpy read(m_page.get(), &AlertsPage::firingRead);
    const auto latest = [&] { return read.isEmpty() ? QList<ChartAlert>() : read.back()[0].value<QList<ChartAlert>>(); };
    QTRY_VERIFY_WITH_TIMEOUT(!latest().isEmpty() && latest().back().label == QLatin1String("Up") && latest().back().toMs == 0, 60000);
    const ChartAlert alert = latest().back();
    QVERIFY(alert.query == QLatin1String("up{job=\"self\"} > 0.5") && alert.level == Level::Warning);
    QVERIFY(alert.fromMs > m_beganMs - 60'000 && alert.fromMs <= m_clock.now().wallMs);  // on the grid of times that was asked for
  }

  // By promtool, without a server.
  void rulesAreCheckedOffline() {
    const auto written = [&](const char* name, const QByteArray& content) {
      QFile file(m_folder.filePath(QLatin1String(name)));
      if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) qFatal("no file");
      return file.fileName();
    };
    const QByteArray rules = "groups:\n- name: g\n  rules:\n  - {alert: High, expr: 'load > 8', for: 1m}\n";
    const auto tests = [](const char* value) {
      return "rule_files: [good.yml]\nevaluation_interval: 15s\ntests:\n- interval: 15s\n  input_series: [{series: load, values: '" + QByteArray(value) +
             "x20'}]\n  alert_rule_test: [{eval_time: 3m, alertname: High, exp_alerts: [{}]}]\n";
    };
    RuleCheckPanel& panel = *m_page->ruleCheck();
    m_page->tabs()->setCurrentIndex(AlertsPage::CheckTab);
    struct Row {
      QString file;
      bool passed;
      const char* command;
      const char* said;
    };
    const QList<Row> table{{written("good.yml", rules), true, "promtool check rules ", "1 rules found"},
                           {written("bad.yml", "groups:\n- name: g\n  rules:\n  - {alert: High, expr: 'load >'}\n"), false, "promtool check rules ", "unexpected end of input"},
                           {written("fires.yml", tests("9")), true, "promtool test rules ", "SUCCESS"},
                           {written("silent.yml", tests("1")), false, "promtool test rules ", "FAILED"},
                           {written("prometheus.yml", "scrape_configs: [{job_name: a}]\nrule_files: [good.yml]\n"), true, "promtool check config ", "SUCCESS"}};
    for (const Row& row : table) {
      QSignalSpy checked(&panel, &RuleCheckPanel::checked);
      panel.check(row.file);
      QTRY_COMPARE_WITH_TIMEOUT(checked.size(), 1, 60000);
      QVERIFY2(checked[0][0].toBool() == row.passed, qPrintable(row.file + panel.output()->toPlainText()));
      QVERIFY2(panel.output()->toPlainText().contains(QLatin1String(row.said)), qPrintable(panel.output()->toPlainText()));
      QVERIFY(panel.findChildren<QLabel*>().size() > 2);
      QVERIFY(std::ranges::any_of(panel.findChildren<QLabel*>(), [&](const QLabel* label) { return label->text().startsWith(QLatin1String(row.command)); }));
    }
    for (const auto& [file, said] : {std::pair{written("other.yml", "receivers: []\n"), "neither rules"}, {m_folder.filePath(QStringLiteral("none.yml")), "cannot be read"}}) {
      QSignalSpy checked(&panel, &RuleCheckPanel::checked);
      panel.check(file);
      QTRY_COMPARE_WITH_TIMEOUT(checked.size(), 1, 60000);
      QVERIFY(!checked[0][0].toBool());
      QVERIFY2(panel.result()->text().contains(QLatin1String(said)), qPrintable(panel.result()->text()));
    }
  }

  void withoutPromtoolItSaysSo() {
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", m_folder.path().toUtf8());
    RuleCheckPanel& panel = *m_page->ruleCheck();
    QSignalSpy checked(&panel, &RuleCheckPanel::checked);
    panel.check(m_folder.filePath(QStringLiteral("good.yml")));
    QTRY_COMPARE_WITH_TIMEOUT(checked.size(), 1, 60000);
    qputenv("PATH", path);
    QVERIFY2(panel.result()->text().contains(QLatin1String("apt install prometheus")), qPrintable(panel.result()->text()));
  }

  void aTestAlertThroughThePage() {
    TrialPanel& trial = *m_page->trial();
    // Of an alert that began a moment ago the notification could be mistaken for the test's.
    QTRY_VERIFY_WITH_TIMEOUT(alertNamed("Up").isValid(), 60000);
    QTest::qWait(20000);
    trial.button()->click();
    QVERIFY(trial.isBusy());
    QTRY_VERIFY_WITH_TIMEOUT(!trial.isBusy(), 60000);
    QVERIFY2(trial.result().contains(QLatin1String("arrive")), qPrintable(trial.result()));
    QVERIFY(trial.steps().size() >= 4);
    QList<JournalEntry> tests = journaled("alerts.test");
    QCOMPARE(tests.size(), 2);
    QVERIFY2(tests[1].outcome == QLatin1String("done") && tests[1].text.contains(QLatin1String("delivered to hook by webhook")), qPrintable(tests[1].text));
    trial.severity()->setCurrentText(QStringLiteral("info"));
    trial.button()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!trial.isBusy(), 60000);
    QVERIFY(trial.result().contains(QLatin1String("did not arrive")));
    tests = journaled("alerts.test");
    QCOMPARE(tests.size(), 4);
    QCOMPARE(tests[3].outcome, QStringLiteral("failed"));
    QVERIFY(std::any_of(trial.steps().begin(), trial.steps().end(), [](const TrialStep& step) { return step.state == TrialStep::State::Stopped && step.text.contains(QLatin1String("no integration")); }));
  }

  void aTestAlertIsCancelled() {
    TrialPanel& trial = *m_page->trial();
    trial.button()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!trial.steps().isEmpty(), 60000);
    trial.cancelButton()->click();
    QTRY_VERIFY_WITH_TIMEOUT(!trial.isBusy(), 60000);
    QVERIFY(!m_page->controller().isTrying());
  }

  void aServerThatGoesAwayIsSaid() {
    m_prometheus.stop();
    m_page->controller().refresh();
    QTRY_VERIFY_WITH_TIMEOUT(m_page->stale()->isVisible(), 60000);
    QVERIFY(m_page->rules()->rowCount() == 3 && m_page->manager()->hasReading());
    QCOMPARE(m_prometheus.start(), QString());
    m_page->controller().refresh();
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->stale()->isVisible(), 60000);
  }
};

QTEST_MAIN(TestAlertsPageLive)
#include "tst_alerts_page.moc"
