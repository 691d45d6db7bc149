// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/url.h"

#include <QtTest>

using namespace cachedeck::load;

class TestLoadUrl : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void good_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QString>("path");
    const auto row = [](const char* text, const char* origin, const char* path) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(origin) << QString::fromUtf8(path); };
    row("http://host", "http://host", "/");
    row("http://host:8080/a/b?c=d#e", "http://host:8080", "/a/b?c=d");
    row("HTTPS://host:443/", "https://host", "/");
    row("http://host?x=1", "http://host", "/?x=1");
    row("http://[::1]:81/x", "http://[::1]:81", "/x");
    row("http://127.0.0.1:80", "http://127.0.0.1", "/");
  }
  void good() {
    QFETCH(QString, text);
    QFETCH(QString, origin);
    QFETCH(QString, path);
    const auto url = parseUrl(text.toStdString());
    QVERIFY2(url.ok(), url.ok() ? "" : url.error().c_str());
    QCOMPARE(QString::fromStdString(url->origin.text()), origin);
    QCOMPARE(QString::fromStdString(url->path), path);
  }

  void bad_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "host", "ftp://host", "http://", "http:///path", "http://host:0", "http://host:99999", "http://host:x", "http://[::1", "http://[::1]x", "http://a b", "http://host/a b",
                             "http://host/\r\nX: y"})
      QTest::newRow(text) << QString::fromUtf8(text);
  }
  void bad() {
    QFETCH(QString, text);
    QVERIFY(!parseUrl(text.toStdString()).ok());
  }

  // A password in a URL would end in the record of the run.
  void credentialsAreRefusedAndNotRepeated() {
    const auto url = parseUrl("http://me:s3cret@host/");
    QVERIFY(!url.ok());
    QVERIFY(url.error().find("s3cret") == std::string::npos);
  }

  void redirects() {
    const Url base = *parseUrl("http://host/a/b?c");
    QCOMPARE(resolveUrl(base, "/x")->path, std::string("/x"));
    QCOMPARE(resolveUrl(base, "x?y")->path, std::string("/a/x?y"));
    QCOMPARE(resolveUrl(base, "?z")->path, std::string("/a/b?z"));
    QCOMPARE(resolveUrl(base, "https://other:444/q")->origin.text(), std::string("https://other:444"));
    QCOMPARE(resolveUrl(base, "//other/q")->origin.text(), std::string("http://other"));
    QVERIFY(!resolveUrl(base, "javascript:alert(1)").ok());
    QVERIFY(!resolveUrl(base, "file:///etc/passwd").ok());
    QVERIFY(!resolveUrl(base, "/a\r\nHost: b").ok());
  }
};

QTEST_GUILESS_MAIN(TestLoadUrl)
#include "tst_load_url.moc"
