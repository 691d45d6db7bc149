// SPDX-License-Identifier: GPL-3.0-or-later
// What stands for Slack in the sandbox.
#include "core/sandbox/inbox.h"

#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace cachedeck;

class TestInbox : public QObject {
  Q_OBJECT
  QTemporaryDir m_dir;
  QNetworkAccessManager m_network;
  std::unique_ptr<Inbox> m_inbox;

  QString file() const { return m_dir.filePath(QStringLiteral("slack.jsonl")); }
  QByteArray content() const {
    QFile read(file());
    return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
  }
  QList<QJsonObject> messages() const {
    QList<QJsonObject> found;
    for (const QByteArray& line : content().split('\n'))
      if (!line.isEmpty()) found << QJsonDocument::fromJson(line).object();
    return found;
  }
  /// The status of the answer; a null body asks by GET.
  int ask(const char* path, const QByteArray& body) {
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_inbox->port()).arg(QLatin1String(path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const std::unique_ptr<QNetworkReply> reply(body.isNull() ? m_network.get(request) : m_network.post(request, body));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  }

 private Q_SLOTS:
  void init() {
    QFile::remove(file());
    Result<std::unique_ptr<Inbox>> inbox = Inbox::start(file());
    QVERIFY(inbox);
    m_inbox = std::move(*inbox);
  }
  void cleanup() { m_inbox.reset(); }

  void aMessageIsWrittenDown() {
    QCOMPARE(ask("/critical", R"({"channel":"#critical-alerts","attachments":[{"title":"[FIRING:1] X\n\u2028"}]})"), 200);
    QCOMPARE(ask("/performance", "no json, \n two lines"), 200);
    const QList<QJsonObject> all = messages();
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0].value(QStringLiteral("path")).toString(), QStringLiteral("/critical"));
    QCOMPARE(all[0].value(QStringLiteral("body"))[QStringLiteral("channel")].toString(), QStringLiteral("#critical-alerts"));
    QCOMPARE(all[1].value(QStringLiteral("body")).toString(), QStringLiteral("no json, \n two lines"));
    QVERIFY(all[0].value(QStringLiteral("at")).toString().endsWith(QLatin1Char('Z')));
    QCOMPARE(QFile::permissions(file()) & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
  }

  void onlyPostsAndNotTooLargeOnes() {
    QCOMPARE(ask("/", QByteArray()), 405);
    QCOMPARE(ask("/critical", QByteArray(256 * 1024, 'a')), 200);
    QCOMPARE(ask("/critical", QByteArray(256 * 1024 + 1, 'a')), 413);
    QCOMPARE(messages().size(), 1);
  }

  void theFileDoesNotGrowForever() {
    const QByteArray large(250 * 1024, 'a');
    int status = 200, count = 0;
    for (; status == 200 && count < 100; ++count) status = ask("/critical", large);
    QCOMPARE(status, 507);
    QVERIFY(content().size() <= 8 * 1024 * 1024 && count > 30);
    QCOMPARE(ask("/critical", "{}"), 200);  // there is room for a small one
  }

  void aFileThatCannotBeWrittenIsSaid() {
    m_inbox.reset();
    Result<std::unique_ptr<Inbox>> inbox = Inbox::start(m_dir.filePath(QStringLiteral("none/slack.jsonl")));
    QVERIFY(inbox);
    m_inbox = std::move(*inbox);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("A notification was not written down in .*none/slack.jsonl")));
    QCOMPARE(ask("/critical", "{}"), 507);
  }

  // One that opens a connection and says nothing does not hold up its end.
  void itEndsWithAClientThatWaits() {
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_inbox->port());
    QVERIFY(socket.waitForConnected(60000));
    socket.write("POST /critical HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
    QVERIFY(socket.waitForBytesWritten(60000));
    m_inbox.reset();
    QVERIFY(messages().isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestInbox)
#include "tst_inbox.moc"
