// SPDX-License-Identifier: GPL-3.0-or-later
// The page of keys on a real server: browsing, and plan → confirmation → run → undo by clicking.
#include "core/journal/journal.h"
#include "core/sources/postgres/postgres_settings.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/consentpanel.h"
#include "ui/keys/filterbar.h"
#include "ui/keys/keyinspector.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/keyspage.h"
#include "ui/keys/keystree.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/operationsbar.h"
#include "ui/keys/prefixmodel.h"
#include "ui/keys/ruleform.h"
#include "ui/keys/runpanel.h"
#include "ui/keys/valueview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QTreeView>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;
using State = KeysActions::State;

class TestKeysPage : public QObject {
  Q_OBJECT
  RedisServer m_redis{{QStringLiteral("enable-debug-command local")}};
  SystemClock m_clock;
  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<KeysPage> m_page;
  LoadFigures m_figures;

  void set(const QByteArray& name, const QByteArray& value, int seconds = 0) {

    QStringList arguments{QStringLiteral("set"), QString::fromUtf8(name), QString::fromUtf8(value)};
    if (seconds > 0) arguments << QStringLiteral("EX") << QString::number(seconds);
    QCOMPARE(m_redis.cli(arguments), QByteArray("OK"));
  }
  void populate(const QString& pattern, int count, int size = 20) {
    m_redis.cli({QStringLiteral("debug"), QStringLiteral("populate"), QString::number(count), pattern, QString::number(size)});
  }
  QByteArray digest() { return m_redis.cli({QStringLiteral("debug"), QStringLiteral("digest")}); }
  qint64 size() { return m_redis.cli({QStringLiteral("dbsize")}).toLongLong(); }

  KeysTarget target(Environment environment = Environment::Development) const {
    KeysTarget made;
    made.profile = QStringLiteral("shop");
    made.environment = environment;
    made.redis.host = QStringLiteral("127.0.0.1");
    made.redis.port = m_redis.port();
    made.stateFolder = m_folder->filePath(QStringLiteral("state"));
    made.configFolder = m_folder->filePath(QStringLiteral("config"));
    return made;
  }
  void openPage(const KeysTarget& target) {
    m_page = std::make_unique<KeysPage>(m_clock, [] { return std::optional(8.0); }, [this](qint64) { return m_figures; });
    m_page->resize(1400, 860);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->open(target);
    waitForScan();
    QTRY_VERIFY_WITH_TIMEOUT(m_page->actions().phraseFor(1).isEmpty() == (target.environment == Environment::Development), 60000);
  }
  void openPage() { openPage(target()); }
  void waitForScan() { QTRY_VERIFY_WITH_TIMEOUT(!m_page->browsing().isScanning() && !m_page->browsing().isListing(), 60000); }
  KeyListModel& list() { return m_page->list()->model(); }
  int rowOf(const QByteArray& name) {
    for (int row = 0; row < list().rowCount(); ++row)
      if (list().name(row) == name) return row;
    return -1;
  }
  void pick(const QByteArray& name) {
    const int row = rowOf(name);
    QVERIFY2(row >= 0, name.constData());
    m_page->list()->view()->setCurrentIndex(list().index(row, 0));
  }
  void pickPrefix(const QByteArray& prefix) {
    const QModelIndex index = m_page->tree()->model().indexOf(prefix);
    QVERIFY2(index.isValid(), prefix.constData());
    m_page->tree()->view()->setCurrentIndex(index);
    waitForScan();
  }
  static bool says(QWidget* in, const char* words) {
    for (const QLabel* const label : in->findChildren<QLabel*>())
      if (label->isVisible() && label->text().contains(QLatin1String(words))) return true;
    return false;
  }
  bool isStill() {
    const qint64 before = size();
    QTest::qWait(800);
    return size() == before;
  }
  QPushButton* button(QWidget* in, const QString& text) {
    for (QPushButton* const one : in->findChildren<QPushButton*>())
      if (one->text() == text && !one->isHidden()) return one;
    qFatal("There is no button '%s'.", qPrintable(text));
  }
  void click(QWidget* in, const QString& text) { QTest::mouseClick(button(in, text), Qt::LeftButton); }
  void plan(const QString& action) {
    click(m_page->list(), action);
    QTRY_VERIFY_WITH_TIMEOUT(m_page->actions().state() == State::Planned, 60000);
  }
  void waitForRun() { QTRY_VERIFY_WITH_TIMEOUT(!m_page->runPanel()->isRunning() && m_page->actions().state() == State::Idle, 240000); }
  QList<JournalEntry> journal() {
    const Result<Secret> key = stateKey(m_folder->filePath(QStringLiteral("config")));
    const Result<QList<JournalEntry>> entries = Journal(m_folder->filePath(QStringLiteral("state/journal.jsonl")), *key).read();
    return entries ? *entries : QList<JournalEntry>();
  }

 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_redis.start(), QString()); }
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_folder = std::make_unique<QTemporaryDir>();
    m_redis.cli({QStringLiteral("flushall")});
    m_figures = {};
  }
  void cleanup() { m_page.reset(); }

  void browsing() {
    for (int i = 0; i < 30; ++i) set("cat:" + QByteArray::number(i % 3) + ":p" + QByteArray::number(i), "x", 3600);
    set("single", "{\"a\":1}");
    m_redis.cli({QStringLiteral("hset"), QStringLiteral("user:1"), QStringLiteral("name"), QStringLiteral("Ada")});
    openPage();
    QCOMPARE(list().rowCount(), 32);
    PrefixModel& tree = m_page->tree()->model();
    QCOMPARE(tree.keys(), qint64{32});
    QCOMPARE(tree.indexOf("cat:").data(PrefixModel::KeysRole).toInt(), 30);
    m_page->tree()->view()->expand(tree.indexOf("cat:"));
    QTRY_COMPARE_WITH_TIMEOUT(tree.rowCount(tree.indexOf("cat:")), 3, 60000);
    pickPrefix("cat:1:");
    QCOMPARE(list().rowCount(), 10);
    QTRY_COMPARE_WITH_TIMEOUT(list().index(0, KeyListModel::Type).data().toString(), QStringLiteral("string"), 60000);
    QVERIFY(!list().index(0, KeyListModel::Ttl).data().toString().isEmpty());
    pickPrefix("user:");
    pick("user:1");
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->facts()->value(QStringLiteral("Type")), QStringLiteral("hash"), 60000);
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->value()->shown(), QStringLiteral("Ada"), 60000);
    picture(*m_page, QStringLiteral("keys-browse"));
  }

  // The first key was picked, and its value read, when the list got the keyboard.
  void nothingIsPickedBeforeSomebodyPicks() {
    for (const char* name : {"", " ", "trail ", "cat:1"}) set(name, "x", 3600);
    openPage();
    const auto isArmedFor = [this](const QString& scope) { return m_page->list()->scope().title() == scope; };
    QVERIFY(isArmedFor(QStringLiteral("All keys")));
    m_page->list()->view()->setFocus(Qt::TabFocusReason);
    QTest::qWait(300);
    QVERIFY(m_page->list()->view()->hasFocus());
    QVERIFY(isArmedFor(QStringLiteral("All keys")));
    QVERIFY(m_page->inspector()->facts()->value(QStringLiteral("Type")).isEmpty());
    QVERIFY(says(m_page->inspector(), "No key picked"));
    pickPrefix("cat:");
    QVERIFY(isArmedFor(QStringLiteral("Prefix cat:")));
    m_page->list()->view()->setFocus(Qt::TabFocusReason);
    QTest::keyClick(m_page->list()->view(), Qt::Key_Space);
    QVERIFY(isArmedFor(QStringLiteral("1 picked key")));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->facts()->value(QStringLiteral("Type")), QStringLiteral("string"), 60000);
    picture(*m_page, QStringLiteral("keys-picked"));
  }

  // In a window of 1280 the moment of expiry was hidden, the prefixes' count was cut and each row of a hex dump broke; "" and " " were blank.
  void aSmallWindowShowsAllOfIt() {
    QByteArray bytes;
    for (int i = 1; i < 200; ++i) bytes += QString(QChar(i % 32)).toUtf8();
    for (const char* name : {"", " ", "trail ", "trail", "cat:1", "dog:1", "user:1"}) set(name, bytes, 3600);
    openPage();
    m_page->resize(1220, 740);
    pick("");
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->facts()->value(QStringLiteral("Type")), QStringLiteral("string"), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(m_page->inspector()->value()->shown().startsWith(QStringLiteral("0000  01 02 03 04 05 06 07 08  |")), 60000);
    const auto* text = m_page->inspector()->value()->findChild<QPlainTextEdit*>();
    for (QTextBlock block = text->document()->begin(); block.isValid(); block = block.next()) QVERIFY2(block.layout()->lineCount() <= 1, qPrintable(block.text()));
    QTRY_VERIFY_WITH_TIMEOUT(list().index(rowOf("cat:1"), KeyListModel::Ttl).data(KeyListModel::BelowRole).toString().contains(QLatin1Char(':')), 60000);
    QVERIFY(!m_page->list()->view()->isColumnHidden(KeyListModel::Ttl) && !m_page->list()->view()->isColumnHidden(KeyListModel::Size));
    QCOMPARE(m_page->tree()->subtitle()->text(), QStringLiteral("3 prefixes"));
    QVERIFY(m_page->tree()->subtitle()->width() >= m_page->tree()->subtitle()->sizeHint().width());
    QSet<QString> shown;
    for (const char* name : {"", " ", "trail ", "trail"}) shown.insert(list().index(rowOf(name), KeyListModel::Name).data().toString());
    QCOMPARE(shown, (QSet<QString>{QStringLiteral("\"\""), QStringLiteral("\" \""), QStringLiteral("\"trail \""), QStringLiteral("trail")}));
    picture(*m_page, QStringLiteral("keys-1280"));
  }

  void filtersNarrowTreeAndList() {
    populate(QStringLiteral("bulk"), 50);
    for (int i = 0; i < 5; ++i) set("ttl:" + QByteArray::number(i), "x", 1000 * (i + 1));
    openPage();
    m_page->filterBar()->pattern()->setText(QStringLiteral("ttl:*"));
    QTest::keyClick(m_page->filterBar()->pattern(), Qt::Key_Return);
    waitForScan();
    QCOMPARE(list().rowCount(), 5);
    QCOMPARE(m_page->tree()->model().keys(), qint64{5});
    auto* const ttl = m_page->filterBar()->findChildren<QComboBox*>().at(1);
    ttl->setCurrentIndex(3);  // under
    for (QLineEdit* const edit : m_page->filterBar()->findChildren<QLineEdit*>())
      if (edit->accessibleName() == QLatin1String("TTL bound")) edit->setText(QStringLiteral("2500s"));
    click(m_page->filterBar(), QStringLiteral("Scan"));
    waitForScan();
    QCOMPARE(list().rowCount(), 2);
    for (QLineEdit* const edit : m_page->filterBar()->findChildren<QLineEdit*>())
      if (edit->accessibleName() == QLatin1String("TTL bound")) edit->setText(QStringLiteral("soon"));
    click(m_page->filterBar(), QStringLiteral("Scan"));
    QVERIFY(!m_page->browsing().isScanning());
    QVERIFY2(m_page->filterBar()->progressText().contains(QStringLiteral("“soon” is not a time")), qPrintable(m_page->filterBar()->progressText()));
  }

  void hostileNamesAreExact() {
    const QByteArray markup = "<img src=/dev/zero>", rtl = QString(QChar(0x202E)).toUtf8() + "evil", huge(10'240, 'k'), glob = "a[1]*:x";
    for (const QByteArray& name : {markup, rtl, huge, glob, QByteArray("a1zz:x"), QByteArray("sp ace:\n\"q\"")}) set(name, "v");
    openPage();
    QCOMPARE(list().rowCount(), 6);
    for (const QByteArray& name : {markup, rtl, huge}) {
      pick(name);
      QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->facts()->value(QStringLiteral("Type")), QStringLiteral("string"), 60000);
      QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->value()->shown(), QStringLiteral("v"), 60000);
    }
    verifyPlainText(*m_page, QString::fromUtf8(markup));
    picture(*m_page, QStringLiteral("keys-hostile"));
    pickPrefix("a[1]*:");
    QCOMPARE(list().rowCount(), 1);
    m_page->list()->view()->clearSelection();
    plan(QStringLiteral("Delete…"));
    QCOMPARE(m_page->actions().planned()->keys, qint64{1});
    click(m_page->planPanel(), QStringLiteral("Delete 1 keys"));
    waitForRun();
    QCOMPARE(size(), qint64{5});
    QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("a1zz:x")}), QByteArray("1"));
  }

  void planConfirmRunUndo() {
    populate(QStringLiteral("risk"), 1500);
    set("keep:1", "x", 500);
    const QByteArray before = digest();
    openPage();
    QSignalSpy acted(m_page.get(), &KeysPage::acted);
    pickPrefix("risk:");
    plan(QStringLiteral("Delete…"));
    QCOMPARE(m_page->actions().planned()->keys, qint64{1500});
    picture(*m_page, QStringLiteral("keys-plan"));
    QPushButton* const go = m_page->planPanel()->button();
    QVERIFY(!go->isDefault() && !go->autoDefault());
    QTest::keyClick(m_page->planPanel(), Qt::Key_Return);
    QTest::keyClick(m_page->planPanel(), Qt::Key_Enter);
    QCOMPARE(m_page->actions().state(), State::Planned);  // Enter never confirms
    QCOMPARE(size(), qint64{1501});
    QTest::mouseDClick(go, Qt::LeftButton);
    QTest::mouseClick(go, Qt::LeftButton);
    waitForRun();
    QCOMPARE(m_page->runPanel()->result(), QStringLiteral("Done."));
    picture(*m_page, QStringLiteral("keys-done"));
    QCOMPARE(size(), qint64{1});
    click(m_page->runPanel(), QStringLiteral("Undo"));
    waitForRun();
    QVERIFY2(m_page->runPanel()->result().contains(QStringLiteral("1,500 keys")), qPrintable(m_page->runPanel()->result()));
    QCOMPARE(digest(), before);
    int begins = 0;
    for (const JournalEntry& entry : journal()) begins += entry.phase == QLatin1String("begin");
    QCOMPARE(begins, 2);  // one deletion in spite of all clicks, one undo
    QTRY_VERIFY_WITH_TIMEOUT(acted.size() >= 4, 60000);
    click(m_page->runPanel(), QStringLiteral("Back to the keys"));
    waitForScan();
    QCOMPARE(list().rowCount(), 1501);
  }

  void ttlOfPickedKeys() {
    for (const char* name : {"a", "b", "c"}) set(name, "x");
    openPage();
    QTableView* const view = m_page->list()->view();
    view->setCurrentIndex(list().index(rowOf("a"), 0));
    view->selectionModel()->select(list().index(rowOf("b"), 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    plan(QStringLiteral("TTL…"));
    QCOMPARE(m_page->planPanel()->scope().title(), QStringLiteral("2 picked keys"));
    click(m_page->planPanel(), QStringLiteral("Change 2 keys"));
    waitForRun();
    QVERIFY(m_redis.cli({QStringLiteral("ttl"), QStringLiteral("a")}).toInt() > 3000);
    QVERIFY(m_redis.cli({QStringLiteral("ttl"), QStringLiteral("b")}).toInt() > 3000);
    QCOMPARE(m_redis.cli({QStringLiteral("ttl"), QStringLiteral("c")}), QByteArray("-1"));
  }

  void aWrongTimeIsRefusedInTheForm() {
    set("a", "x");
    openPage();
    plan(QStringLiteral("TTL…"));
    for (const QString& text : {QStringLiteral("0"), QStringLiteral("-5m"), QStringLiteral("soon")}) {
      for (QLineEdit* const edit : m_page->planPanel()->rule()->findChildren<QLineEdit*>())
        if (edit->accessibleName() == QLatin1String("Time")) edit->setText(text);
      QVERIFY2(!m_page->planPanel()->button()->isEnabled(), qPrintable(text));
    }
    QTest::keyClick(m_page->planPanel(), Qt::Key_Escape);
    QCOMPARE(m_page->actions().state(), State::Idle);
    QTRY_VERIFY_WITH_TIMEOUT(QDir(m_folder->filePath(QStringLiteral("state/plans"))).entryList(QDir::Files).isEmpty(), 60000);
  }

  void productionIsReadOnlyUntilUnlocked() {
    populate(QStringLiteral("risk"), 20);
    openPage(target(Environment::Production));
    QVERIFY(m_page->lockBar()->isVisible());
    QVERIFY2(m_page->lockBar()->text().contains(QStringLiteral("read-only")), qPrintable(m_page->lockBar()->text()));
    pickPrefix("risk:");
    plan(QStringLiteral("Delete…"));
    QPushButton* const go = m_page->planPanel()->button();
    m_page->planPanel()->confirmation()->setText(QStringLiteral("shop 20"));
    QVERIFY(!go->isEnabled());
    picture(*m_page, QStringLiteral("keys-locked"));
    click(m_page->lockBar(), QStringLiteral("Unlock…"));
    auto* const reason = m_page->lockBar()->findChild<QLineEdit*>();
    QVERIFY(!button(m_page->lockBar(), QStringLiteral("Unlock for 10 min"))->isEnabled());
    reason->setText(QStringLiteral("wrong prices cached"));
    click(m_page->lockBar(), QStringLiteral("Unlock for 10 min"));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->lockBar()->text().contains(QStringLiteral("possible for 9:")), 60000);
    QVERIFY(go->isEnabled());
    QVERIFY2(m_page->planPanel()->command().endsWith(QStringLiteral("--unlock 'wrong prices cached' --confirm 'shop 20'")), qPrintable(m_page->planPanel()->command()));
    m_page->planPanel()->confirmation()->setText(QStringLiteral("shop 21"));
    QVERIFY(!go->isEnabled());
    m_page->planPanel()->confirmation()->setText(QStringLiteral("shop 20"));
    QTest::keyClick(m_page->planPanel()->confirmation(), Qt::Key_Return);
    QCOMPARE(m_page->actions().state(), State::Planned);
    QCOMPARE(size(), qint64{20});
    QTest::mouseClick(go, Qt::LeftButton);
    waitForRun();
    QCOMPARE(size(), qint64{0});
    const QList<JournalEntry> entries = journal();
    QCOMPARE(entries.first().action, QStringLiteral("unlock"));
    QCOMPARE(entries.first().text, QStringLiteral("wrong prices cached"));
    // An undo in production is looked at and confirmed like everything else.
    click(m_page->lockBar(), QStringLiteral("Lock now"));
    click(m_page->runPanel(), QStringLiteral("Undo"));
    ConsentPanel* const consent = m_page->consentPanel();
    QTRY_COMPARE_WITH_TIMEOUT(consent->text().phrase, QStringLiteral("shop 20"), 60000);
    consent->confirmation()->setText(QStringLiteral("shop 20"));
    QVERIFY(!consent->button()->isEnabled());
    picture(*m_page, QStringLiteral("keys-undo-locked"));
    click(m_page->lockBar(), QStringLiteral("Unlock…"));
    reason->setText(QStringLiteral("it was the wrong prefix"));
    click(m_page->lockBar(), QStringLiteral("Unlock for 10 min"));
    QTRY_VERIFY_WITH_TIMEOUT(consent->button()->isEnabled(), 60000);
    QTest::keyClick(consent->confirmation(), Qt::Key_Return);
    QCOMPARE(size(), qint64{0});
    QTest::mouseDClick(consent->button(), Qt::LeftButton);
    QTest::mouseClick(consent->button(), Qt::LeftButton);
    waitForRun();
    QCOMPARE(size(), qint64{20});
  }

  void aStringIsEditedAndKeepsItsTtl() {
    set("text", "before", 5000);
    openPage();
    pick("text");
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->value()->shown(), QStringLiteral("before"), 60000);
    click(m_page->inspector(), QStringLiteral("Edit value…"));
    m_page->inspector()->value()->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("after <b>é</b>"));
    click(m_page->inspector(), QStringLiteral("Save value"));
    QTRY_COMPARE_WITH_TIMEOUT(m_redis.cli({QStringLiteral("get"), QStringLiteral("text")}), QByteArray("after <b>\xc3\xa9</b>"), 60000);
    QVERIFY(m_redis.cli({QStringLiteral("ttl"), QStringLiteral("text")}).toInt() > 4000);
    QTRY_COMPARE_WITH_TIMEOUT(journal().size(), qsizetype{2}, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->inspector()->value()->isEditing() && button(m_page->inspector(), QStringLiteral("Edit value…"))->isEnabled(), 60000);
    QCOMPARE(m_page->inspector()->value()->shown(), QStringLiteral("after <b>é</b>"));
    click(m_page->inspector(), QStringLiteral("Edit value…"));
    m_page->inspector()->value()->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("mine"));
    set("text", "somebody else's");
    click(m_page->inspector(), QStringLiteral("Save value"));
    QTRY_COMPARE_WITH_TIMEOUT(journal().size(), qsizetype{4}, 60000);
    QCOMPARE(m_redis.cli({QStringLiteral("get"), QStringLiteral("text")}), QByteArray("somebody else's"));
    QVERIFY(m_page->inspector()->value()->isEditing());  // what was typed is not lost
  }

  void whatTheAccountMayNotIsDisabledAndSaysWhy() {
    set("a", "x");
    m_redis.cli({QStringLiteral("acl"), QStringLiteral("setuser"), QStringLiteral("viewer"), QStringLiteral("on"), QStringLiteral(">pw"), QStringLiteral("~*"), QStringLiteral("+@read"),
                 QStringLiteral("+@connection"), QStringLiteral("+multi"), QStringLiteral("+discard"), QStringLiteral("+info"), QStringLiteral("+dbsize"), QStringLiteral("+time"), QStringLiteral("+memory|usage"),
                 QStringLiteral("+pexpireat"), QStringLiteral("+persist")});
    KeysTarget viewer = target();
    viewer.redis.user = QStringLiteral("viewer");
    viewer.redis.password = Secret(QByteArray("pw"));
    openPage(viewer);
    QPushButton* const remove = button(m_page->list(), QStringLiteral("Delete…"));
    QTRY_VERIFY_WITH_TIMEOUT(!remove->isEnabled(), 60000);
    QVERIFY2(remove->accessibleDescription().contains(QStringLiteral("may not delete these keys")), qPrintable(remove->accessibleDescription()));
    QVERIFY(button(m_page->list(), QStringLiteral("TTL…"))->isEnabled());
    QCOMPARE(m_redis.cli({QStringLiteral("get"), QStringLiteral("a")}), QByteArray("x"));
    plan(QStringLiteral("TTL…"));
    for (QCheckBox* const box : m_page->planPanel()->findChildren<QCheckBox*>()) QVERIFY(!box->isEnabled() && !box->isChecked());  // no images without RESTORE
  }

  void anInterruptedOperationIsOffered() {
    populate(QStringLiteral("risk"), 30'000);
    openPage();
    pickPrefix("risk:");
    plan(QStringLiteral("Delete…"));
    m_page->planPanel()->rule()->findChildren<QSpinBox*>().first()->setValue(2500);  // keys/s: time enough to stop it
    click(m_page->planPanel(), QStringLiteral("Delete 30,000 keys"));
    QTRY_VERIFY_WITH_TIMEOUT(size() < 30'000, 60000);
    QVERIFY(!m_page->underWay().isEmpty());
    picture(*m_page, QStringLiteral("keys-running"));
    click(m_page->runPanel(), QStringLiteral("Cancel"));
    waitForRun();
    QVERIFY2(m_page->runPanel()->result().startsWith(QStringLiteral("Cancelled")), qPrintable(m_page->runPanel()->result()));
    const qint64 left = size();
    QVERIFY(left > 0);
    openPage();
    QTRY_VERIFY_WITH_TIMEOUT(m_page->operationsBar()->isVisible(), 60000);
    picture(*m_page, QStringLiteral("keys-interrupted"));
    QCOMPARE(size(), left);  // nothing is resumed by itself
    click(m_page->operationsBar(), QStringLiteral("Resume"));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->consentPanel()->button()->isVisible(), 60000);
    const auto figure = [this](const char* name) { return m_page->consentPanel()->findChild<FigureGrid*>()->value(QLatin1String(name)); };
    QCOMPARE(figure("Planned"), QStringLiteral("30,000"));
    QVERIFY2(figure("Remaining") != QStringLiteral("30,000") && figure("Remaining") != QStringLiteral("0"), qPrintable(figure("Remaining")));
    picture(*m_page, QStringLiteral("keys-resume"));
    QCOMPARE(size(), left);
    QTest::mouseClick(m_page->consentPanel()->button(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(size() < left || !m_page->runPanel()->isRunning(), 60000);
    waitForRun();
    QCOMPARE(size(), qint64{0});
  }

  // An undo that was cancelled left nothing on the page by which it could be taken up again.
  void anUndoThatWasCancelledIsOfferedAgain() {
    populate(QStringLiteral("risk"), 250'000);
    const QByteArray before = digest();
    openPage();
    pickPrefix("risk:");
    plan(QStringLiteral("Delete…"));
    click(m_page->planPanel(), QStringLiteral("Delete 250,000 keys"));
    waitForRun();
    QCOMPARE(size(), qint64{0});
    click(m_page->runPanel(), QStringLiteral("Undo"));
    QTRY_VERIFY_WITH_TIMEOUT(size() > 0, 60000);
    m_page->actions().cancel();
    waitForRun();
    const qint64 back = size();
    QVERIFY2(back < 250'000, "the undo was over before it could be cancelled");
    click(m_page->runPanel(), QStringLiteral("Back to the keys"));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->operationsBar()->isVisible(), 60000);
    QVERIFY2(m_page->operationsBar()->text().contains(QStringLiteral("remain")), qPrintable(m_page->operationsBar()->text()));
    picture(*m_page, QStringLiteral("keys-undo-open"));
    click(m_page->operationsBar(), QStringLiteral("Undo the rest"));
    waitForRun();
    QTRY_COMPARE_WITH_TIMEOUT(size(), qint64{250'000}, 60000);
    QCOMPARE(digest(), before);
    click(m_page->runPanel(), QStringLiteral("Back to the keys"));
    QTRY_VERIFY_WITH_TIMEOUT(!m_page->operationsBar()->isVisible(), 60000);
  }

  void namesOfAListAndAFile() {
    for (const char* name : {"a*", "ab", "c d", "e"}) set(name, "x");
    openPage();
    Q_EMIT m_page->list()->namesWanted(NamesPanel::From::List);
    QVERIFY(m_page->namesPanel()->isVisible());
    m_page->namesPanel()->names()->setPlainText(QStringLiteral("a*\nc d\nmissing"));
    picture(*m_page, QStringLiteral("keys-names-page"));
    click(m_page->namesPanel(), QStringLiteral("Make a plan"));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->actions().state(), State::Planned, 60000);
    QCOMPARE(m_page->actions().planned()->keys, qint64{2});
    click(m_page->planPanel(), QStringLiteral("Delete 2 keys"));
    waitForRun();
    QCOMPARE(size(), qint64{2});
    QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("ab")}), QByteArray("1"));  // a star in a name is a star
    click(m_page->runPanel(), QStringLiteral("Back to the keys"));
    QFile file(m_folder->filePath(QStringLiteral("names.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("e\n");
    file.close();
    Q_EMIT m_page->list()->namesWanted(NamesPanel::From::File);
    m_page->namesPanel()->file()->setText(file.fileName());
    click(m_page->namesPanel(), QStringLiteral("Make a plan"));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->actions().state(), State::Planned, 60000);
    QVERIFY2(m_page->planPanel()->command().contains(QStringLiteral("--from-file ") + file.fileName()), qPrintable(m_page->planPanel()->command()));
    click(m_page->planPanel(), QStringLiteral("Delete 1 keys"));
    waitForRun();
    QCOMPARE(size(), qint64{1});
    Q_EMIT m_page->list()->namesWanted(NamesPanel::From::File);
    m_page->namesPanel()->file()->setText(QStringLiteral("/nowhere"));
    click(m_page->namesPanel(), QStringLiteral("Make a plan"));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->actions().state(), State::Idle, 60000);
    QVERIFY(says(m_page->planPanel(), "could not be read"));
  }

  void namesOfAQuery() {
    PostgresServer postgres;
    QCOMPARE(postgres.start(), QString());
    postgres.psql(QStringLiteral("CREATE TABLE products (id int, stale bool); INSERT INTO products SELECT i, i % 2 = 0 FROM generate_series(1, 10) i"));
    for (int i = 1; i <= 10; ++i) set("product:" + QByteArray::number(i), "x");
    KeysTarget both = target();
    both.postgres = *postgresSettingsFromUrl(QStringLiteral("postgresql://postgres:%1@127.0.0.1:%2/postgres").arg(PostgresServer::password()).arg(postgres.port()));
    openPage(both);
    Q_EMIT m_page->list()->namesWanted(NamesPanel::From::Query);
    m_page->namesPanel()->query()->setPlainText(QStringLiteral("SELECT id FROM products WHERE stale"));
    m_page->namesPanel()->form()->setText(QStringLiteral("product:{id}"));
    click(m_page->namesPanel(), QStringLiteral("Make a plan"));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->actions().state(), State::Planned, 60000);
    QCOMPARE(m_page->actions().planned()->keys, qint64{5});
    const QString command = m_page->planPanel()->command();
    QVERIFY2(command.contains(QStringLiteral("--sql 'SELECT id FROM products WHERE stale' --template 'product:{id}'")) && !command.contains(PostgresServer::password()), qPrintable(command));
    picture(*m_page, QStringLiteral("keys-query-plan"));
    click(m_page->planPanel(), QStringLiteral("Delete 5 keys"));
    waitForRun();
    QCOMPARE(size(), qint64{5});
    QCOMPARE(m_redis.cli({QStringLiteral("exists"), QStringLiteral("product:1")}), QByteArray("1"));
  }

  // More picked keys than fit on a line: the command's file is there once it is copied.
  void copyingWritesTheListOfNames() {
    populate(QStringLiteral("k"), 30);
    openPage();
    m_page->list()->view()->selectAll();
    plan(QStringLiteral("Delete…"));
    const QString command = m_page->planPanel()->command();
    const QString file = command.section(QStringLiteral("--from-file "), 1).section(QLatin1Char(' '), 0, 0);
    QVERIFY2(file.startsWith(m_folder->path()) && !QFile::exists(file), qPrintable(command));
    for (QPushButton* const one : m_page->planPanel()->findChildren<QPushButton*>())
      if (one->accessibleName() == QLatin1String("Copy the command")) one->click();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), 60000);
    QTRY_COMPARE_WITH_TIMEOUT(QGuiApplication::clipboard()->text(), command, 60000);
    QCOMPARE(namesFromFile(file)->size(), qsizetype{30});
  }

  void aDatabaseIsEmptiedByACount() {
    populate(QStringLiteral("k"), 700);
    openPage();
    Q_EMIT m_page->list()->flushWanted();
    ConsentPanel* const consent = m_page->consentPanel();
    QTRY_VERIFY_WITH_TIMEOUT(consent->button()->isVisible(), 60000);
    QVERIFY2(consent->command().contains(QStringLiteral("cachedeck keys flush")), qPrintable(consent->command()));
    picture(*m_page, QStringLiteral("keys-flush"));
    QVERIFY(!consent->button()->isEnabled());  // typed also in development: there is no undo
    click(consent, QStringLiteral("Plan it with undo…"));
    QTRY_COMPARE_WITH_TIMEOUT(m_page->actions().state(), State::Planned, 60000);
    QCOMPARE(m_page->actions().planned()->keys, qint64{700});
    click(m_page->planPanel(), QStringLiteral("Cancel"));
    Q_EMIT m_page->list()->flushWanted();
    QTRY_VERIFY_WITH_TIMEOUT(consent->button()->isVisible(), 60000);
    consent->confirmation()->setText(QStringLiteral("700"));
    QTest::mouseClick(consent->button(), Qt::LeftButton);
    waitForRun();
    QCOMPARE(size(), qint64{0});
    QCOMPARE(journal().last().outcome, QStringLiteral("done"));
  }

  void analysisIsMadeOnTheReplica() {
    RedisServer replica;
    QCOMPARE(replica.start(), QString());
    set("a", "x");
    replica.cli({QStringLiteral("replicaof"), QStringLiteral("127.0.0.1"), QString::number(m_redis.port())});
    QTRY_VERIFY_WITH_TIMEOUT(replica.cli({QStringLiteral("info"), QStringLiteral("replication")}).contains("master_link_status:up"), 60000);
    KeysTarget both = target();
    both.redis.replica = replica.address();
    openPage(both);
    const auto calls = [](RedisServer& server) { return server.cli({QStringLiteral("info"), QStringLiteral("commandstats")}).count("cmdstat_scan:"); };
    const auto before = m_redis.cli({QStringLiteral("info"), QStringLiteral("commandstats")});
    QCOMPARE(calls(replica), 0);
    click(m_page->tree(), QStringLiteral("Analyse"));
    waitForScan();
    QCOMPARE(calls(replica), 1);
    const auto scansOf = [](const QByteArray& stats) { return stats.mid(stats.indexOf("cmdstat_scan:")).left(40); };
    QCOMPARE(scansOf(m_redis.cli({QStringLiteral("info"), QStringLiteral("commandstats")})), scansOf(before));
    picture(*m_page, QStringLiteral("keys-replica"));
  }

  // The journal's line for an edit was written and synced on the window's thread.
  void anEditThatTheJournalCannotHaveIsNotMade() {
    set("text", "before");
    openPage();
    pick("text");
    QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->value()->shown(), QStringLiteral("before"), 60000);
    QVERIFY(QDir(m_folder->filePath(QStringLiteral("state"))).removeRecursively());
    QFile inTheWay(m_folder->filePath(QStringLiteral("state")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QSignalSpy edited(&m_page->actions(), &KeysActions::edited);
    m_page->actions().edit("text", "before", "after");
    QCOMPARE(edited.size(), 0);  // nothing waited here
    QTRY_COMPARE_WITH_TIMEOUT(edited.size(), 1, 60000);
    QVERIFY(!edited.first().at(1).toString().isEmpty());
    QCOMPARE(m_redis.cli({QStringLiteral("get"), QStringLiteral("text")}), QByteArray("before"));
  }

  // More than the 100,000 names at which the list used to end.
  void allNamesAreListed() {
    populate(QStringLiteral("many"), 250'000);
    openPage();
    QCOMPARE(list().rowCount(), 250'000);
    QSet<QByteArray> names;
    for (int row = 0; row < list().rowCount(); ++row) names.insert(list().name(row));
    QCOMPARE(names.size(), qsizetype{250'000});
  }

  // Held back while what the cache protects suffers; it goes on when somebody says so.
  void aRunInProductionIsHeldBack() {
    populate(QStringLiteral("risk"), 20'000);
    m_figures = {10, 95};
    openPage(target(Environment::Production));
    m_page->actions().unlock(QStringLiteral("test of holding back"));
    QTRY_VERIFY_WITH_TIMEOUT(m_page->actions().writableForMs() > 0, 60000);
    pickPrefix("risk:");
    plan(QStringLiteral("Delete…"));
    m_page->planPanel()->rule()->findChildren<QSpinBox*>().first()->setValue(2000);
    m_page->planPanel()->confirmation()->setText(QStringLiteral("shop 20000"));
    QTest::mouseClick(m_page->planPanel()->button(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(size() < 20'000, 60000);
    m_figures = {30, 95};
    QTRY_VERIFY_WITH_TIMEOUT(m_page->actions().isHeld(), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(says(m_page->runPanel(), "30 active sessions"), 60000);
    QTRY_VERIFY_WITH_TIMEOUT(isStill(), 60000);
    picture(*m_page, QStringLiteral("keys-held-page"));
    QVERIFY(size() > 0);
    click(m_page->runPanel(), QStringLiteral("Continue"));
    waitForRun();
    QCOMPARE(size(), qint64{0});
  }

  void analysisMeasuresBytes() {
    populate(QStringLiteral("big"), 200, 500);
    set("small:1", "x", 100);
    openPage();
    QCOMPARE(m_page->tree()->model().indexOf("big:").data(PrefixModel::BytesRole).toLongLong(), qint64{-1});
    click(m_page->tree(), QStringLiteral("Analyse"));
    waitForScan();
    QVERIFY(m_page->tree()->model().indexOf("big:").data(PrefixModel::BytesRole).toLongLong() > 200 * 500);
    picture(*m_page, QStringLiteral("keys-analysed"));
  }

  void aServerThatIsAwayIsSaid() {
    KeysTarget nowhere = target();
    nowhere.redis.port = freePort();
    openPage(nowhere);
    const auto said = [this] {
      for (const QLabel* const label : m_page->list()->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(QStringLiteral("could not be read"))) return true;
      return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(said(), 60000);
    picture(*m_page, QStringLiteral("keys-failed"));
  }

  void aClusterIsOneDatabase() {
    RedisCluster cluster;
    QCOMPARE(cluster.start(), QString());
    constexpr int keys = 300;
    for (int i = 0; i < keys; ++i) cluster.cli(0, {QStringLiteral("-c"), QStringLiteral("set"), QStringLiteral("risk:%1").arg(i), QStringLiteral("value %1").arg(i)});
    const auto left = [&] { return cluster.cli(0, {QStringLiteral("dbsize")}).toInt() + cluster.cli(1, {QStringLiteral("dbsize")}).toInt() + cluster.cli(2, {QStringLiteral("dbsize")}).toInt(); };
    QCOMPARE(left(), keys);
    KeysTarget all = target();
    all.redis.port = cluster.port(1);
    openPage(all);
    QCOMPARE(list().rowCount(), keys);
    for (const char* name : {"risk:1", "risk:2", "risk:3", "risk:4", "risk:5"}) {  // on different nodes
      pick(name);
      QTRY_COMPARE_WITH_TIMEOUT(m_page->inspector()->value()->shown(), QStringLiteral("value %1").arg(QLatin1String(name).mid(5)), 60000);
    }
    m_page->list()->view()->scrollToTop();
    for (int row = 0; row < 5; ++row) QTRY_COMPARE_WITH_TIMEOUT(list().index(row, KeyListModel::Type).data().toString(), QStringLiteral("string"), 60000);
    pickPrefix("risk:");
    m_page->list()->view()->clearSelection();
    plan(QStringLiteral("Delete…"));
    click(m_page->planPanel(), QStringLiteral("Delete 300 keys"));
    waitForRun();
    QCOMPARE(m_page->runPanel()->result(), QStringLiteral("Done."));
    QCOMPARE(left(), 0);
    click(m_page->runPanel(), QStringLiteral("Undo"));
    waitForRun();
    QCOMPARE(left(), keys);
  }

  void closingInTheMiddleOfAScan() {
    populate(QStringLiteral("many"), 300'000);
    m_page = std::make_unique<KeysPage>(m_clock);
    m_page->show();
    m_page->open(target());
    QTRY_VERIFY_WITH_TIMEOUT(list().rowCount() > 0, 60000);
    m_page->close();
    QCOMPARE(list().rowCount(), 0);
    m_page->open(target());
    QTRY_VERIFY_WITH_TIMEOUT(list().rowCount() > 0, 60000);
    m_page.reset();
  }
};

QTEST_MAIN(TestKeysPage)
#include "tst_keys_page.moc"
