// SPDX-License-Identifier: GPL-3.0-or-later
// The page of keys inside the console: it follows the profile, and closing the window asks while keys are being changed.
#include "app/console/console.h"
#include "core/profiles/fromurls.h"
#include "core/profiles/profilestore.h"
#include "tests/support/no_keyring.h"
#include "tests/support/process.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/keyslist.h"
#include "ui/keys/keyspage.h"
#include "ui/keys/lockbar.h"
#include "ui/keys/ruleform.h"
#include "ui/load/loadpage.h"

#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

class TestKeysConsole : public QObject {
  Q_OBJECT
  RedisServer m_redis{{QStringLiteral("enable-debug-command local")}};
  QTemporaryDir m_folder;
  std::unique_ptr<Console> m_console;

  void open(const QMap<QString, QString>& urls) {
    auto made = profileFromUrls(QStringLiteral("test"), urls);
    QVERIFY(made);
    made->handOver(m_console->secrets());
    m_console->open(made->profile);
  }
  void openRedis() { open({{QStringLiteral("redis"), QStringLiteral("redis://") + m_redis.address()}}); }
  KeysPage* page() { return m_console->window().findChild<KeysPage*>(); }
  QMessageBox* question() {
    for (QMessageBox* const box : m_console->window().findChildren<QMessageBox*>())
      if (box->isVisible()) return box;
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_STATE_HOME", m_folder.filePath(QStringLiteral("state")).toUtf8());
    QCOMPARE(m_redis.start(), QString());
  }
  void init() {
    failOnWarnings();
    m_redis.cli({QStringLiteral("flushall")});
    m_redis.cli({QStringLiteral("debug"), QStringLiteral("populate"), QStringLiteral("20000"), QStringLiteral("risk")});
    m_console = std::make_unique<Console>(noSecrets(), m_folder.filePath(QStringLiteral("config")));
    m_console->window().resize(1280, 800);
    m_console->window().show();
  }
  void cleanup() { m_console.reset(); }

  void thePageFollowsTheProfile() {
    openRedis();
    QVERIFY(!page());  // nobody has looked at it: no key is looked at
    m_console->window().showPage(QStringLiteral("keys"));
    QVERIFY(page());
    QTRY_COMPARE_WITH_TIMEOUT(page()->list()->model().rowCount(), 20'000, 60000);
    PrometheusServer prometheus;
    QCOMPARE(prometheus.start(), QString());
    open({{QStringLiteral("prometheus"), prometheus.url()}});
    m_console->window().showPage(QStringLiteral("keys"));
    const auto says = [this](const char* words) {
      for (const QLabel* const label : page()->findChildren<QLabel*>())
        if (label->isVisible() && label->text() == QLatin1String(words)) return true;
      return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(says("This profile has no Redis"), 60000);
    QCOMPARE(page()->list()->model().rowCount(), 0);
    openRedis();
    m_console->window().showPage(QStringLiteral("keys"));
    QTRY_COMPARE_WITH_TIMEOUT(page()->list()->model().rowCount(), 20'000, 60000);
  }

  void theFirstPageMayBeAnother() {
    QVERIFY(!m_console->setFirstPage(QStringLiteral("moon")));
    QVERIFY(m_console->setFirstPage(QStringLiteral("keys")));
    openRedis();
    QCOMPARE(m_console->window().currentPage(), QStringLiteral("keys"));
    m_console->fillForPicture();
    QTRY_VERIFY_WITH_TIMEOUT(page()->list()->model().rowCount() > 0, 60000);
    openRedis();
    QCOMPARE(m_console->window().currentPage(), QStringLiteral("overview"));
  }

  void closingAsksWhileKeysAreChanged() {
    m_console->setFirstPage(QStringLiteral("keys"));
    openRedis();
    QTRY_COMPARE_WITH_TIMEOUT(page()->list()->model().rowCount(), 20'000, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!page()->browsing().isListing(), 60000);
    for (QPushButton* const button : page()->list()->findChildren<QPushButton*>())
      if (button->text() == QStringLiteral("Delete…")) QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(page()->actions().state() == KeysActions::State::Planned, 60000);
    page()->planPanel()->rule()->findChildren<QSpinBox*>().first()->setValue(1000);  // keys/s: it is under way while two questions are answered
    QTest::mouseClick(page()->planPanel()->button(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_redis.cli({QStringLiteral("dbsize")}).toInt() < 20'000, 60000);
    QVERIFY(!m_console->window().close());
    QVERIFY(question());
    question()->button(QMessageBox::Cancel)->click();
    QTRY_VERIFY_WITH_TIMEOUT(!question(), 60000);
    QCOMPARE(page()->actions().state(), KeysActions::State::Running);
    QVERIFY(!m_console->window().close());
    for (QAbstractButton* const button : question()->buttons())
      if (question()->buttonRole(button) == QMessageBox::DestructiveRole) button->click();
    QTRY_VERIFY_WITH_TIMEOUT(!m_console->window().isVisible(), 60000);
    QVERIFY(m_redis.cli({QStringLiteral("dbsize")}).toInt() > 0);
  }

  // The window opened the URL of a saved production server, a tunnel's, as development: keys were deleted with nothing asked.
  void aUrlIsNoWayAroundAProductionProfile() {
    const QString config = m_folder.filePath(QStringLiteral("of the shop"));
    ProfileStore store(config);
    QVERIFY(store.load());
    Profile shop;
    shop.id = QUuid::createUuid();
    shop.name = QStringLiteral("shop");
    shop.sources[QStringLiteral("redis")].fields = {{QStringLiteral("host"), QStringLiteral("localhost")}, {QStringLiteral("port"), QString::number(m_redis.port())}};
    QVERIFY(store.save(shop));
    m_console = std::make_unique<Console>(noSecrets(), config);
    m_console->window().show();
    m_console->setFirstPage(QStringLiteral("keys"));
    QSignalSpy opened(m_console.get(), &Console::opened);
    openRedis();
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, 60000);
    QVERIFY(page() && page()->actions().isProduction() && page()->lockBar()->isVisible());
    const auto labels = m_console->window().findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) { return label->text().contains(QStringLiteral("This is the server of profile “shop” (production).")); }));
    // So has the page of load runs; another database is none of the profile's.
    const auto environmentOf = [&](const char* database) {
      open({{QStringLiteral("redis"), QStringLiteral("redis://%1/%2").arg(m_redis.address(), QLatin1String(database))}});
      if (!opened.wait(60000)) return QString();
      m_console->window().showPage(QStringLiteral("load"));
      return environmentKey(m_console->window().findChild<LoadPage*>()->controller().target().environment);
    };
    QCOMPARE(environmentOf("0"), QStringLiteral("production"));
    QCOMPARE(environmentOf("1"), QStringLiteral("development"));
  }
};

QTEST_MAIN(TestKeysConsole)
#include "tst_keys_console.moc"
