// SPDX-License-Identifier: GPL-3.0-or-later
// What the desktop is told, over a bus of its own; the test stands for the desktop.
#include "app/console/alert_notifier.h"
#include "app/console/desktop_notice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QVariantMap>

using namespace cachedeck;

/// Takes notifications, as the specification has them.
class Desktop : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
 public:
  struct Notice {
    QString application, title, body;
    uint replaces;
    uint urgency;
  };
  QList<Notice> notices;

 public Q_SLOTS:
  Q_SCRIPTABLE uint Notify(const QString& application, uint replaces, const QString& icon, const QString& title, const QString& body, const QStringList& actions, const QVariantMap& hints, int timeout) {
    Q_UNUSED(icon) Q_UNUSED(actions) Q_UNUSED(timeout)
    notices << Notice{application, title, body, replaces, hints[QStringLiteral("urgency")].toUInt()};
    return 41 + static_cast<uint>(notices.size());
  }
};

class TestDesktopNotice : public QObject {
  Q_OBJECT
  QProcess m_bus;
  Desktop m_desktop;

 private Q_SLOTS:
  void initTestCase() {
    m_bus.start(QStringLiteral("dbus-daemon"), {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
    QVERIFY2(m_bus.waitForStarted(60000) && m_bus.waitForReadyRead(60000), "dbus-daemon does not start");
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus.readLine().trimmed());
    QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("desktop"));
    QVERIFY(bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), &m_desktop, QDBusConnection::ExportScriptableSlots));
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.Notifications")));
  }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_desktop.notices.clear();
  }
  void cleanupTestCase() {
    QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
    m_bus.terminate();
    QVERIFY(m_bus.waitForFinished(60000));
  }

  void theTextIsATitleAndTheNextTakesItsPlace() {
    DesktopNotices notices;
    notices.show(QStringLiteral("Firing: <b>A</b> & B"), true);
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.notices.size(), 1, 60000);
    QCOMPARE(m_desktop.notices[0].application, QStringLiteral("Cachedeck"));
    QCOMPARE(m_desktop.notices[0].title, QStringLiteral("Firing: <b>A</b> & B"));
    QVERIFY(m_desktop.notices[0].body.isEmpty());
    QCOMPARE(m_desktop.notices[0].urgency, 2u);
    notices.show(QStringLiteral("Firing: C"), false);
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.notices.size(), 2, 60000);
    QCOMPARE(m_desktop.notices[1].replaces, 42u);
    QCOMPARE(m_desktop.notices[1].urgency, 1u);
  }

  // The offscreen platform has no tray, as GNOME has none.
  void withoutATrayTheDesktopIsToldAll() {
    AlertNotifier notifier;
    QSignalSpy began(&notifier, &AlertNotifier::began);
    notifier.counted(1, 0, QStringLiteral("critical"), {QStringLiteral("HighRedisMemory")});
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.notices.size(), 1, 60000);
    QCOMPARE(m_desktop.notices[0].title, QStringLiteral("Firing: HighRedisMemory"));
    QCOMPARE(m_desktop.notices[0].urgency, 2u);
    notifier.counted(1, 0, QStringLiteral("critical"), {});  // it goes on
    notifier.setMuted(true);
    notifier.counted(2, 0, QStringLiteral("critical"), {QStringLiteral("RedisDown")});
    QTest::qWait(300);
    QCOMPARE(m_desktop.notices.size(), 1);
    QCOMPARE(began.size(), 1);
    notifier.setMuted(false);
    notifier.counted(3, 0, QStringLiteral("warning"), {QStringLiteral("LowCacheHitRate")});
    QTRY_COMPARE_WITH_TIMEOUT(m_desktop.notices.size(), 2, 60000);
  }

  void withoutABusNothingHappens() {
    const QByteArray address = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    {
      DesktopNotices notices;
      notices.show(QStringLiteral("Firing: A"), true);
    }
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    QVERIFY(m_desktop.notices.isEmpty());
  }
};

QTEST_MAIN(TestDesktopNotice)
#include "tst_desktop_notice.moc"
