// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/tst_keys_inspect_support.h"

#include <QSet>

using namespace cachedeck;
using namespace cachedeck::keys;
using namespace cachedeck::test;

namespace {

struct Walk {
  QList<ValueRow> rows;
  QByteArray text;
  int pages = 0, lookups = 0;
  qsizetype largestPage = 0;
  QString error;
};

}  // namespace

/// Values page by page.
class TestKeysPagesLive : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QCOMPARE(m_server.start(), QString()); }
  void init() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_server.cli({QStringLiteral("flushall")});
    m_connection = std::make_unique<RedisConnection>(optionsOf(m_server));
    QVERIFY(m_connection->open({}));
  }

  void everyElement_data();
  void everyElement();
  void smallOnesComeWhole();
  void streams();
  void sortedSetsShowScores();
  void stringPieces_data();
  void stringPieces();
  void hugeString();
  void hugeHash();
  void cellsAreCut();
  void largeElements();
  void elementsFarAboveTheAverage();
  void elementTooLargeForAnyPage();
  void elementsThatComeAndGo();
  void goneKey();
  void cancels();

 private:
  Walk walk(const QByteArray& type, int rows) {
    Walk all;
    QByteArray position;
    do {
      const Result<ValuePage> page = valuePage(*m_connection, "k", type, position, rows, {});
      if (!page) {
        all.error = textOf(page.error());
        return all;
      }
      all.rows += page->rows;
      all.text += page->text;
      all.lookups += page->ownLookups;
      all.largestPage = qMax(all.largestPage, page->rows.size());
      position = page->next;
      ++all.pages;
    } while (!position.isEmpty());
    return all;
  }

  RedisServer m_server{{QStringLiteral("proto-max-bulk-len 512mb")}};
  std::unique_ptr<RedisConnection> m_connection;
};

void TestKeysPagesLive::everyElement_data() {
  QTest::addColumn<QByteArray>("type");
  QTest::addColumn<QByteArray>("script");
  QTest::addColumn<int>("rows");
  const auto row = [](const char* type, const char* script, int rows) { QTest::addRow("%s by %d", type, rows) << QByteArray(type) << QByteArray(script) << rows; };
  for (const int rows : {100, 1000}) {
    row("hash", "for i=0,99999 do redis.call('hset','k','f'..i,'v'..i) end", rows);
    row("set", "for i=0,99999 do redis.call('sadd','k','f'..i) end", rows);
    row("zset", "for i=0,99999 do redis.call('zadd','k',i,'f'..i) end", rows);
    row("list", "for i=0,99999 do redis.call('rpush','k','f'..i) end", rows);
    row("stream", "for i=0,99999 do redis.call('xadd','k',(i+1)..'-'..i,'f','f'..i) end", rows);
  }
}

void TestKeysPagesLive::everyElement() {
  QFETCH(QByteArray, type);
  QFETCH(QByteArray, script);
  QFETCH(int, rows);
  evalOn(m_server, script);
  const qint64 before = lookupsOf(m_server);
  const Walk all = walk(type, rows);
  QCOMPARE(all.error, QString());
  QCOMPARE(lookupsOf(m_server) - before, all.lookups);
  QCOMPARE(all.rows.size(), 100'000);
  QVERIFY(all.largestPage <= 2 * rows);
  QSet<QByteArray> seen;
  for (const ValueRow& row : all.rows) {
    const QByteArray number = type == "hash" ? row.head.mid(1) : type == "stream" ? row.value.mid(3) : row.value.mid(1);
    if (type == "hash" && row.value != 'v' + number) QFAIL(row.value.constData());
    if ((type == "list" || type == "zset") && row.head != number) QFAIL(row.head.constData());
    seen.insert(number);
  }
  QCOMPARE(seen.size(), 100'000);
  for (int i = 0; i < 100'000; ++i)
    if (!seen.contains(QByteArray::number(i))) QFAIL(QByteArray::number(i).constData());
}

/// A listpack gives everything at once, whatever COUNT says; lists and streams keep to the rows.
void TestKeysPagesLive::smallOnesComeWhole() {
  evalOn(m_server, "for i=1,100 do redis.call('hset','k',i,i) end");
  const Walk hash = walk("hash", 10);
  QCOMPARE(hash.pages, 1);
  QCOMPARE(hash.rows.size(), 100);
  QCOMPARE(hash.rows.first().head, hash.rows.first().value);
  m_server.cli({QStringLiteral("del"), QStringLiteral("k")});
  evalOn(m_server, "for i=1,30 do redis.call('rpush','k',i) end");
  QCOMPARE(walk("list", 10).pages, 3);
  QCOMPARE(walk("list", 29).pages, 2);
  QCOMPARE(walk("list", 30).pages, 1);
}

void TestKeysPagesLive::streams() {
  evalOn(m_server, "for i=1,3 do redis.call('xadd','k','7-'..i,'a',i,'b','') end redis.call('xadd','k','18446744073709551615-18446744073709551615','z','9')");
  const Walk all = walk("stream", 1);
  QCOMPARE(all.pages, 4);
  QCOMPARE(all.rows[0].head, QByteArray("7-1"));
  QCOMPARE(all.rows[0].value, QByteArray("a=1, b="));
  QCOMPARE(all.rows[0].fullSize, all.rows[0].value.size());
  QCOMPARE(all.rows[3].head, QByteArray("18446744073709551615-18446744073709551615"));
  evalOn(m_server, "redis.call('del','k') redis.call('xadd','k','1-1','f','v') redis.call('xdel','k','1-1')");
  QCOMPARE(walk("stream", 1).rows.size(), 0);
}

void TestKeysPagesLive::sortedSetsShowScores() {
  evalOn(m_server, "redis.call('zadd','k','-inf','low',1.5,'mid','+inf','high')");
  QStringList rows;
  for (const ValueRow& row : walk("zset", 10).rows) rows += QString::fromUtf8(row.head + ' ' + row.value);
  QCOMPARE(rows, QStringList({QStringLiteral("-inf low"), QStringLiteral("1.5 mid"), QStringLiteral("inf high")}));
}

void TestKeysPagesLive::stringPieces_data() {
  QTest::addColumn<int>("size");
  QTest::addColumn<int>("pages");
  for (const auto& [size, pages] : {std::pair{0, 1}, {1, 1}, {65535, 1}, {65536, 1}, {65537, 2}, {131072, 2}, {131073, 3}}) QTest::addRow("%d", size) << size << pages;
}

void TestKeysPagesLive::stringPieces() {
  QFETCH(int, size);
  QFETCH(int, pages);
  evalOn(m_server, QByteArray("local t={} for i=1," + QByteArray::number(size) + " do t[i]=string.char(i%251) end redis.call('set','k',table.concat(t))").constData());
  const Walk all = walk("string", 10);
  QCOMPARE(all.pages, pages);
  QCOMPARE(all.text.size(), size);
  for (int i = 0; i < size; ++i)
    if (static_cast<unsigned char>(all.text[i]) != (i + 1) % 251) QFAIL(QByteArray::number(i).constData());
}

/// 300 MB: one piece leaves the server, and no more.
void TestKeysPagesLive::hugeString() {
  m_server.cli({QStringLiteral("setrange"), QStringLiteral("k"), QStringLiteral("314572799"), QStringLiteral("x")});
  const qint64 before = infoOf(m_server, "stats", "total_net_output_bytes");
  const Result<KeyFacts> facts = keyFacts(*m_connection, "k", {});
  QVERIFY(facts);
  QCOMPARE(facts->length, 314'572'800);
  const Result<ValuePage> page = valuePage(*m_connection, "k", "string", {}, 10, {});
  QVERIFY(page);
  QCOMPARE(page->text, QByteArray(65536, '\0'));
  QCOMPARE(page->ownLookups, 1);
  QVERIFY(!page->next.isEmpty());
  const qint64 sent = infoOf(m_server, "stats", "total_net_output_bytes") - before;
  QVERIFY2(sent > 65536 && sent < 65536 + 16384, QByteArray::number(sent).constData());
  const Result<ValuePage> last = valuePage(*m_connection, "k", "string", "314572700", 10, {});
  QVERIFY(last);
  QCOMPARE(last->offset, 314'572'700);
  QCOMPARE(last->text, QByteArray(99, '\0') + 'x');
  QVERIFY(last->next.isEmpty());
  const Result<ValuePage> behind = valuePage(*m_connection, "k", "string", "400000000", 10, {});
  QVERIFY(behind && behind->text.isEmpty() && behind->next.isEmpty());
}

void TestKeysPagesLive::hugeHash() {
  evalOn(m_server, "for i=1,500000 do redis.call('hset','k','field'..i,'value'..i) end");
  const qint64 before = infoOf(m_server, "stats", "total_net_output_bytes"), lookups = lookupsOf(m_server);
  const Result<KeyFacts> facts = keyFacts(*m_connection, "k", {});
  QVERIFY(facts);
  QCOMPARE(facts->length, 500'000);
  const Result<ValuePage> first = valuePage(*m_connection, "k", "hash", {}, 100, {});
  QVERIFY(first);
  QVERIFY(first->rows.size() >= 50 && first->rows.size() <= 200);
  const Result<ValuePage> second = valuePage(*m_connection, "k", "hash", first->next, 100, {});
  QVERIFY(second);
  QCOMPARE(first->ownLookups, 2);   // its size is looked at once, for the first page
  QCOMPARE(second->ownLookups, 1);
  QCOMPARE(lookupsOf(m_server) - lookups, facts->ownLookups + 3);
  QVERIFY(infoOf(m_server, "stats", "total_net_output_bytes") - before < 64 << 10);
}

void TestKeysPagesLive::cellsAreCut() {
  evalOn(m_server, "redis.call('hset','k',string.rep('f',5000),string.rep('v',4097),'b',string.rep('v',4096))");
  for (const ValueRow& row : walk("hash", 10).rows) {
    QCOMPARE(row.value, QByteArray(4096, 'v'));
    QCOMPARE(row.fullSize, row.head == "b" ? 4096 : 4097);
    if (row.head != "b") QCOMPARE(row.head, QByteArray(4096, 'f'));
  }
  evalOn(m_server, "redis.call('del','k') redis.call('xadd','k','1-1','a',string.rep('v',5000),'b','c')");
  const QList<ValueRow> stream = walk("stream", 10).rows;
  QCOMPARE(stream.first().value, "a=" + QByteArray(4094, 'v'));
  QCOMPARE(stream.first().fullSize, 2 + 5000 + 2 + 2 + 1);
}

/// 200 elements of 1 MB: a page of 100 of them would be more than a reply may be.
void TestKeysPagesLive::largeElements() {
  for (const char* script : {"for i=1,200 do redis.call('rpush','k',string.rep('x',1000000)) end", "for i=1,200 do redis.call('hset','k',i,string.rep('x',1000000)) end"}) {
    m_server.cli({QStringLiteral("del"), QStringLiteral("k")});
    evalOn(m_server, script);
    const qint64 before = lookupsOf(m_server);
    const Walk all = walk(m_server.cli({QStringLiteral("type"), QStringLiteral("k")}), 100);
    QCOMPARE(all.error, QString());
    QCOMPARE(all.rows.size(), 200);
    QVERIFY(all.largestPage <= 16);
    QCOMPARE(lookupsOf(m_server) - before - 1, all.lookups);  // 1: the TYPE above
    QCOMPARE(all.rows.first().fullSize, 1'000'000);
  }
}

/// What a sample of the sizes does not show: the page is asked again with fewer rows.
void TestKeysPagesLive::elementsFarAboveTheAverage() {
  evalOn(m_server, "for i=1,200000 do redis.call('rpush','k','x') end for i=1,20 do redis.call('lset','k',1000+i,string.rep('y',6000000)) end");
  const qint64 before = lookupsOf(m_server);
  QByteArray position = "1000";
  const Result<ValuePage> page = valuePage(*m_connection, "k", "list", position, 100, {});
  QVERIFY2(page.ok(), page ? "" : qPrintable(textOf(page.error())));
  QVERIFY(page->rows.size() < 10);
  QCOMPARE(page->rows.last().fullSize, 6'000'000);
  QCOMPARE(lookupsOf(m_server) - before, page->ownLookups);
  QVERIFY(m_connection->isOpen());
  QVERIFY(valuePage(*m_connection, "k", "list", page->next, 100, {}));
}

void TestKeysPagesLive::elementTooLargeForAnyPage() {
  evalOn(m_server, "redis.call('rpush','k','a',string.rep('y',70000000),'b')");
  const Result<ValuePage> page = valuePage(*m_connection, "k", "list", "1", 100, {});
  QVERIFY(!page);
  QVERIFY2(textOf(page.error()).contains(QStringLiteral("larger than what is read")), qPrintable(textOf(page.error())));
  QVERIFY(m_connection->open({}));
  QCOMPARE(valuePage(*m_connection, "k", "list", "2", 100, {})->rows.first().value, QByteArray("b"));
}

/// SCAN's promise: what stays through all pages is given at least once.
void TestKeysPagesLive::elementsThatComeAndGo() {
  evalOn(m_server, "for i=0,9999 do redis.call('sadd','k','stays'..i,'goes'..i) end");
  QSet<QByteArray> seen;
  QByteArray position;
  int page = 0;
  do {
    const Result<ValuePage> result = valuePage(*m_connection, "k", "set", position, 100, {});
    QVERIFY(result);
    for (const ValueRow& row : result->rows) seen.insert(row.value);
    position = result->next;
    const QByteArray from = QByteArray::number(100 * page), to = QByteArray::number(100 * page + 99);
    evalOn(m_server, QByteArray("for i=" + from + ',' + to + " do redis.call('srem','k','goes'..i) redis.call('sadd','k','comes'..i) end").constData());
    ++page;
  } while (!position.isEmpty());
  for (int i = 0; i < 10'000; ++i)
    if (!seen.contains("stays" + QByteArray::number(i))) QFAIL(QByteArray::number(i).constData());
}

void TestKeysPagesLive::goneKey() {
  for (const char* type : {"string", "hash", "list", "set", "zset", "stream"}) {
    const Walk none = walk(type, 10);
    QCOMPARE(none.error, QString());
    QVERIFY(none.rows.isEmpty() && none.text.isEmpty());
    QCOMPARE(none.pages, 1);
    QCOMPARE(none.lookups, 1);
  }
}

void TestKeysPagesLive::cancels() {
  std::stop_source source;
  source.request_stop();
  const Result<ValuePage> page = valuePage(*m_connection, "k", "hash", {}, 10, source.get_token());
  QVERIFY(!page && page.error().isCancelled());
  QVERIFY(m_connection->open({}));
  const Result<KeyFacts> facts = keyFacts(*m_connection, "k", source.get_token());
  QVERIFY(!facts && facts.error().isCancelled());
}

QTEST_GUILESS_MAIN(TestKeysPagesLive)
#include "tst_keys_pages_live.moc"
