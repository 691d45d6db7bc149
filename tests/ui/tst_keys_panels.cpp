// SPDX-License-Identifier: GPL-3.0-or-later
// The panels of the page of keys without a server: what is offered, what is confirmed, and what no key press does.
#include "tests/ui/tst_window_pictures.h"
#include "ui/keys/barlist.h"
#include "ui/keys/consentpanel.h"
#include "ui/keys/filterbar.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/namespanel.h"
#include "ui/keys/operationsbar.h"
#include "ui/keys/planpanel.h"
#include "ui/keys/ruleform.h"
#include "ui/keys/runpanel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

class TestKeysPanels : public QObject {
  Q_OBJECT

  static KeysTarget target() {
    KeysTarget made;
    made.profile = QStringLiteral("shop");
    made.saved = true;
    made.environment = Environment::Staging;
    return made;
  }
  static Plan plan(qint64 keys) {
    Plan made;
    made.keys = keys;
    made.scanned = 2 * keys;
    made.detailed = true;
    made.bytes = keys * 1000;
    made.largest = 9000;
    made.ttls.add(-1, keys / 2);
    made.ttls.add(3'000'000, keys - keys / 2);
    made.types.insert("string", keys);
    made.samples = {"risk:1", "<img src=/dev/zero>", QString(QChar(0x202E)).toUtf8() + "evil"};
    PrefixRow row;
    row.prefix = "risk:";
    row.keys = keys;
    made.prefixes = {row};
    return made;
  }
  static std::unique_ptr<PlanPanel> panel(qint64 keys, const QString& phrase, ActionKind kind = ActionKind::Delete) {
    auto made = std::make_unique<PlanPanel>([] { return std::optional(5.0); });
    made->resize(1100, 760);
    made->show();
    made->begin(target(), prefixScope({}, "risk:"), kind);
    made->show(plan(keys), Consent{phrase, {}});
    return made;
  }
  static QStringList texts(const QWidget& in) {
    QStringList all;
    for (const QLabel* const label : in.findChildren<QLabel*>())
      if (label->isVisible()) all << label->text();
    return all;
  }
  static bool says(const QWidget& in, const char* words) { return texts(in).join(QLatin1Char('\n')).contains(QLatin1String(words)); }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
  }

  // It said "572 of 571 match" when keys came during the scan.
  void noMoreMatchThanThereAre() {
    FilterBar bar;
    bar.setProgress(572, 571, 572, false);
    QCOMPARE(bar.progressText(), QStringLiteral("572 of 572 match"));
  }

  void theTypedPhraseConfirms() {
    const auto shown = panel(1500, QStringLiteral("1500"));
    QSignalSpy confirmed(shown.get(), &PlanPanel::confirmed);
    QVERIFY(!shown->button()->isEnabled());
    shown->confirmation()->setText(QStringLiteral("150"));
    QVERIFY(!shown->button()->isEnabled());
    shown->confirmation()->setText(QStringLiteral("1500"));
    QVERIFY(shown->button()->isEnabled());
    QTest::keyClick(shown->confirmation(), Qt::Key_Return);
    QTest::keyClick(shown->confirmation(), Qt::Key_Enter);
    QCOMPARE(confirmed.size(), 0);
    QTest::mouseDClick(shown->button(), Qt::LeftButton);
    QTest::mouseClick(shown->button(), Qt::LeftButton);
    QCOMPARE(confirmed.size(), 1);
    shown->showProblem(QStringLiteral("The plan is older than 10 minutes."));
    QVERIFY(says(*shown, "older than 10 minutes"));
    QVERIFY(!shown->button()->isEnabled());
    picture(*shown, QStringLiteral("keys-plan-panel"));
  }

  void noPlanNoButton() {
    PlanPanel shown({});
    shown.show();
    shown.begin(target(), filterScope({}), ActionKind::Delete);
    QVERIFY(!shown.button()->isVisible());
    shown.showFailure(fail(Error::Kind::Unreachable, QStringLiteral("<b>away</b>")));
    QVERIFY(!shown.button()->isVisible());
    QVERIFY(says(shown, "<b>away</b>"));
    verifyPlainText(shown, QStringLiteral("<b>"));
    QSignalSpy cancelled(&shown, &PlanPanel::cancelled);
    QTest::keyClick(&shown, Qt::Key_Escape);
    QCOMPARE(cancelled.size(), 1);
  }

  void whatStandsInTheWayIsSaid() {
    const auto shown = panel(10, {});
    QVERIFY(shown->button()->isEnabled());
    shown->setLocked(QStringLiteral("read-only"), {});
    QVERIFY(!shown->button()->isEnabled() && says(*shown, "read-only"));
    shown->setLocked({}, {QStringLiteral("may not UNLINK"), {}, {}, {}});
    QVERIFY(!shown->button()->isEnabled() && says(*shown, "may not UNLINK"));
    shown->rule()->setKind(ActionKind::Persist);
    QVERIFY(shown->button()->isEnabled());
    const auto nothing = panel(0, {});
    QVERIFY(!nothing->button()->isEnabled() && says(*nothing, "Nothing matches"));
    const auto large = panel(1'000'000, {});  // a gigabyte of images
    QVERIFY(!large->button()->isEnabled() && says(*large, "Images for undo would take"));
  }

  void hostileSamplesAreText() {
    const auto shown = panel(10, {});
    verifyPlainText(*shown, QStringLiteral("<img src=/dev/zero>"));
    for (const QString& text : texts(*shown)) QVERIFY(!text.contains(QChar(0x202E)));
    QVERIFY2(shown->command().startsWith(QStringLiteral("cachedeck keys delete --profile shop --prefix risk:")), qPrintable(shown->command()));
  }

  void longWordsDoNotWidenThePanel() {
    const auto shown = panel(10, {});
    const int before = shown->minimumSizeHint().width();
    shown->begin(target(), pickedScope({QByteArray(10'240, 'k')}), ActionKind::Delete);
    shown->show(plan(1), Consent{});
    shown->showProblem(QString(500, QLatin1Char('p')));
    QVERIFY2(shown->minimumSizeHint().width() <= before + 20, qPrintable(QString::number(shown->minimumSizeHint().width())));
    OperationsBar bar;
    bar.showProblem(QString(500, QLatin1Char('p')));
    QVERIFY(bar.minimumSizeHint().width() < 500);
  }

  void everyActionOfTheCatalogHasAForm() {
    RuleForm form;
    for (const ActionInfo& info : actionCatalog()) {
      form.setKind(info.kind);
      QCOMPARE(form.kind(), info.kind);
      const Result<Action> action = form.action();
      QVERIFY2(action.ok(), action ? "" : qPrintable(action.error().message));
      QCOMPARE(action->kind, info.kind);
      QCOMPARE(action->amountMs != 0, info.takesTime);
    }
    form.setKind(ActionKind::Set);
    QCOMPARE(form.action()->jitter, 0.1);  // a common TTL is spread unless somebody says otherwise
    form.setUndoForbidden(QStringLiteral("no RESTORE"));
    QVERIFY(!form.options().undo);
  }

  void theLockCountsDown() {
    LockBar bar;
    bar.show();
    bar.setWritableFor(0);
    QVERIFY(bar.text().contains(QStringLiteral("read-only")));
    bar.setWritableFor(541'000);
    QVERIFY2(bar.text().contains(QStringLiteral("9:01")), qPrintable(bar.text()));
    bar.setWritableFor(0);
    QVERIFY(bar.text().contains(QStringLiteral("read-only")));
  }

  void interruptedOperationsAreOfferedOneByOne() {
    OperationsBar bar;
    OperationState first, done, second;
    first.row.id = QStringLiteral("1");
    first.row.action = QStringLiteral("Delete");
    first.row.selected = QStringLiteral("<i>*");
    first.row.planned = 5000;
    done.row.id = QStringLiteral("2");
    done.row.ended = true;
    second = first;
    second.row.id = QStringLiteral("3");
    second.row.undoable = true;
    bar.setOperations({first, done, second});
    QVERIFY(bar.isVisibleTo(nullptr) || !bar.isHidden());
    QVERIFY2(bar.text().contains(QStringLiteral("5,000 keys")) && bar.text().contains(QStringLiteral("1 more")), qPrintable(bar.text()));
    verifyPlainText(bar, QStringLiteral("<i>"));
    for (QPushButton* const button : bar.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Later")) {
        button->click();
        QVERIFY(!bar.isHidden());
        button->click();
      }
    QVERIFY(bar.isHidden());
    bar.setOperations({done});
    QVERIFY(bar.isHidden());
  }

  // An undo that was cancelled in the middle was nowhere to be found again: anything with an undo counted as undone.
  void anUndoThatStoppedIsOfferedAgain() {
    OperationState stopped;
    stopped.row.id = QStringLiteral("1");
    stopped.row.action = QStringLiteral("Delete");
    stopped.row.selected = QStringLiteral("risk:*");
    stopped.row.planned = 1500;
    stopped.row.ended = stopped.row.undoable = true;
    stopped.row.undos = 1;
    stopped.undoOutcome = QStringLiteral("cancelled");
    stopped.undoImages = 1500;
    stopped.undoSettled = 600;
    OperationState over = stopped;
    over.row.id = QStringLiteral("2");
    over.row.undone = true;
    over.undoOutcome = QStringLiteral("done");
    OperationsBar bar;
    bar.setOperations({over});
    QVERIFY(bar.isHidden());
    bar.setOperations({over, stopped});
    QVERIFY(!bar.isHidden());
    QVERIFY2(bar.text().contains(QStringLiteral("600 of 1,500 keys are settled, 900 remain")), qPrintable(bar.text()));
    QSignalSpy undo(&bar, &OperationsBar::undoWanted);
    for (QPushButton* const button : bar.findChildren<QPushButton*>()) {
      if (button->text() == QLatin1String("Resume")) QVERIFY(button->isHidden());
      if (button->text() == QLatin1String("Undo the rest")) button->click();
    }
    QCOMPARE(undo.size(), 1);
    SystemClock clock;
    KeysList list(clock);
    list.setOperations({over, stopped});
    QStringList offered;
    for (QPushButton* const button : list.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Undo"))
        for (const QAction* const action : button->menu()->actions()) offered << action->text();
    QCOMPARE(offered.size(), 1);
    QVERIFY2(offered.first().contains(QStringLiteral("undo stopped, 900 remain")), qPrintable(offered.first()));
  }

  void consentIsTypedAndGivenOnce() {
    ConsentPanel shown;
    shown.resize(900, 500);
    shown.show();
    shown.begin(QStringLiteral("Undo"), QStringLiteral("<b>risk</b>"));
    QVERIFY(!shown.button()->isVisible());
    shown.show({QStringLiteral("Undo"), QStringLiteral("<b>risk</b>"), {{QStringLiteral("Keys"), QStringLiteral("7")}}, QStringLiteral("Why"), "secondary", QStringLiteral("shop 7"),
                QStringLiteral("cachedeck keys undo 1"), QStringLiteral("Put 7 keys back"), false, {}, {}});
    QSignalSpy confirmed(&shown, &ConsentPanel::confirmed), cancelled(&shown, &ConsentPanel::cancelled);
    QVERIFY(!shown.button()->isEnabled());
    shown.confirmation()->setText(QStringLiteral("shop 7"));
    QVERIFY(shown.button()->isEnabled());
    shown.setLocked(QStringLiteral("Locked."));
    QVERIFY(!shown.button()->isEnabled() && says(shown, "Locked."));
    shown.setLocked({});
    QTest::keyClick(shown.confirmation(), Qt::Key_Return);
    QCOMPARE(confirmed.size(), 0);
    QTest::mouseDClick(shown.button(), Qt::LeftButton);
    QTest::mouseClick(shown.button(), Qt::LeftButton);
    QTest::mouseClick(shown.button(), Qt::LeftButton);
    QCOMPARE(confirmed.size(), 1);
    verifyPlainText(shown, QStringLiteral("<b>"));
    picture(shown, QStringLiteral("keys-consent"));
    QTest::keyClick(&shown, Qt::Key_Escape);
    QCOMPARE(cancelled.size(), 1);
  }

  void namesComeFromElsewhere() {
    NamesPanel shown;
    shown.resize(900, 500);
    shown.show();
    KeysTarget without = target();
    shown.begin(without, NamesPanel::From::List);
    QVERIFY(!shown.scope());
    shown.names()->setPlainText(QStringLiteral("a*b\n\nsp ace\n\\xff\n\"q\"\n"));
    const Result<KeyScope> list = shown.scope();
    QVERIFY(list.ok());
    QCOMPARE(list->selector.names, (QList<QByteArray>{"a*b", "sp ace", "\xff", "q"}));
    QVERIFY(says(shown, "4 named keys"));
    picture(shown, QStringLiteral("keys-names"));
    shown.names()->setPlainText(QStringLiteral("good\nbad\\x"));
    QVERIFY(!shown.scope());
    QVERIFY(says(shown, "Line 2"));
    shown.begin(without, NamesPanel::From::Query);
    QVERIFY(says(shown, "no PostgreSQL"));
    without.postgres = SourceSettings{};
    shown.begin(without, NamesPanel::From::Query);
    shown.query()->setPlainText(QStringLiteral("SELECT id FROM p"));
    shown.form()->setText(QStringLiteral("p:id"));
    QVERIFY(says(shown, "no column in braces"));
    shown.form()->setText(QStringLiteral("p:{id}"));
    QCOMPARE(shown.scope()->kind, KeyScope::Kind::Query);
    picture(shown, QStringLiteral("keys-query"));
    shown.begin(without, NamesPanel::From::File);
    shown.file()->setText(QStringLiteral("/tmp/names.txt"));
    QCOMPARE(shown.scope()->file, QStringLiteral("/tmp/names.txt"));
  }

  void aHeldRunSaysWhyAndGoesOn() {
    RunPanel shown;
    shown.resize(900, 500);
    shown.show();
    shown.begin(QStringLiteral("Delete"), QStringLiteral("risk:*"), false, true);
    shown.setHeld(QStringLiteral("The hit ratio fell from 94.0 % to 80.0 %."));
    shown.setProgress({1000, 300, 20, 5, 1, 0}, 0, 1.2, 250, QStringLiteral("x"));
    QVERIFY(says(shown, "Held back: The hit ratio fell"));
    picture(shown, QStringLiteral("keys-held"));
    QSignalSpy on(&shown, &RunPanel::continueWanted);
    for (QPushButton* const button : shown.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Continue") && button->isVisible()) button->click();
    QCOMPARE(on.size(), 1);
    shown.setHeld({});
    QVERIFY(!says(shown, "Held back"));
  }

  // In production the server is never emptied: the menu says why instead of letting somebody find out.
  void aProductionDatabaseIsNotEmptied() {
    SystemClock clock;
    KeysList list(clock);
    list.setFlushForbidden(QStringLiteral("FLUSHDB is not sent to production."));
    int found = 0;
    for (QPushButton* const button : list.findChildren<QPushButton*>()) {
      if (!button->menu()) continue;
      for (const QAction* const action : button->menu()->actions()) {
        if (!action->text().startsWith(QStringLiteral("Empty this database"))) continue;
        ++found;
        QVERIFY(!action->isEnabled() && action->toolTip().contains(QStringLiteral("not sent to production")));
      }
    }
    QCOMPARE(found, 1);
  }

  void tooManyPickedKeysAreNotTaken() {
    SystemClock clock;
    KeysList list(clock);
    list.show();
    list.begin(filterScope({}), {});
    KeyNames names;
    for (int i = 0; i < 100'001; ++i) names.append("k" + QByteArray::number(i));
    list.append({NameBlock::pack(names)});
    list.setProgress(100'001, 100'001, 100'001, false);
    list.view()->selectAll();
    for (QPushButton* const button : list.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Delete…")) QVERIFY(!button->isEnabled() && button->accessibleDescription().contains(QStringLiteral("at most 100,000")));
    list.findChild<QComboBox*>()->setCurrentIndex(1);  // the filter has no bound
    for (QPushButton* const button : list.findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Delete…")) QVERIFY(button->isEnabled());
  }

  void countsAndHintsOfARun() {
    RunPanel shown;
    shown.resize(900, 500);
    shown.show();
    shown.begin(QStringLiteral("Delete"), QStringLiteral("risk:*"), false, true);
    shown.setProgress({1000, 300, 20, 5, 1, 0}, 5000, 1.2, 250, QStringLiteral("<b>OOM</b>"));
    QVERIFY(says(shown, "Waits: <b>OOM</b>"));
    verifyPlainText(shown, QStringLiteral("<b>"));
    RunReport report;
    report.id = QStringLiteral("20261123-x");
    report.outcome = QStringLiteral("failed");
    report.reason = QStringLiteral("It went away.");
    report.counts = {1000, 400, 20, 5, 1, 0};
    report.imageBytes = 100;
    shown.show(report);
    QVERIFY(!shown.isRunning() && says(shown, "It went away.") && says(shown, "20261123-x"));
    QSignalSpy resume(&shown, &RunPanel::resumeWanted), undo(&shown, &RunPanel::undoWanted);
    for (QPushButton* const button : shown.findChildren<QPushButton*>())
      if (button->isVisible() && (button->text() == QLatin1String("Resume") || button->text() == QLatin1String("Undo"))) button->click();
    QCOMPARE(resume.size(), 1);
    QCOMPARE(undo.size(), 1);
    picture(shown, QStringLiteral("keys-run-panel"));
  }

  void theListSaysHowManyMoreThereAre() {
    SystemClock clock;
    KeysList list(clock);
    list.resize(700, 500);
    list.show();
    list.begin(filterScope({}), {});
    QVERIFY(says(list, "Looking for keys"));
    KeyNames names;
    for (int i = 0; i < 10; ++i) names.append("k" + QByteArray::number(i));
    list.append({NameBlock::pack(names)});
    list.setProgress(5000, 5000, 4000, false);
    QVERIFY(says(list, "3,990 more match"));
    list.begin(filterScope({}), {});
    list.setProgress(5000, 5000, 0, false);
    QVERIFY(says(list, "No key matches"));
    list.begin(filterScope({}), {});
    list.setProgress(0, 0, 0, false);
    QVERIFY(says(list, "holds no keys"));
    list.showFailure(fail(Error::Kind::Refused, QStringLiteral("Nothing listens.")));
    QVERIFY(says(list, "Nothing listens."));
  }

  void pickedRowsComeFirst() {
    SystemClock clock;
    KeysList list(clock);
    list.show();
    list.begin(prefixScope({}, "k"), {});
    KeyNames names;
    for (int i = 0; i < 10; ++i) names.append("k" + QByteArray::number(i));
    list.append({NameBlock::pack(names)});
    list.setProgress(10, 10, 10, false);
    QCOMPARE(list.scope().kind, KeyScope::Kind::Prefix);
    list.view()->selectRow(3);
    QCOMPARE(list.scope().kind, KeyScope::Kind::Picked);
    QCOMPARE(list.scope().selector.names, QList<QByteArray>{"k3"});
    list.findChild<QComboBox*>()->setCurrentIndex(1);
    QCOMPARE(list.scope().kind, KeyScope::Kind::Prefix);
    list.view()->clearSelection();
    QCOMPARE(list.scope().kind, KeyScope::Kind::Prefix);
  }

  void bothSchemes() {
    for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
      Theme::instance().setScheme(scheme);
      const auto shown = panel(5000, QStringLiteral("5000"), ActionKind::Set);
      QCOMPARE(picture(*shown, scheme == Theme::Scheme::Light ? QStringLiteral("keys-plan-light") : QStringLiteral("keys-plan-dark")).pixelColor(550, 8), Theme::instance().palette().card);
    }
  }
};

QTEST_MAIN(TestKeysPanels)
#include "tst_keys_panels.moc"
