// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/desktop_notice.h"

#include "core/base/log.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>

namespace cachedeck {

namespace {

constexpr int patienceMs = 3000, desktopDecides = -1;
constexpr uchar normal = 1, urgent = 2;  // of the specification

}  // namespace

void DesktopNotices::show(const QString& title, bool critical) {
  m_worker.post([title, critical, last = m_last](std::stop_token) {
    const QString name = QStringLiteral("cachedeck-notices");
    {
      const QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, name);
      if (bus.isConnected()) {
        QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"), QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
        const QVariantMap hints{{QStringLiteral("urgency"), QVariant::fromValue(critical ? urgent : normal)}, {QStringLiteral("desktop-entry"), QStringLiteral("cachedeck")}};
        // The text is the title: a body may be taken for markup.
        call << QStringLiteral("Cachedeck") << *last << QStringLiteral("cachedeck") << title << QString() << QStringList() << hints << desktopDecides;
        const QDBusMessage answer = bus.call(call, QDBus::Block, patienceMs);
        if (answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty()) *last = answer.arguments().front().toUInt();
        else qCDebug(lcApp).noquote() << "The desktop took no notification:" << answer.errorMessage();
      }
    }
    QDBusConnection::disconnectFromBus(name);
  });
}

}  // namespace cachedeck
