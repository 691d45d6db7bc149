// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/queryplace.h"

#include <QRandomGenerator>
#include <QTest>

using namespace cachedeck;
using Kind = QueryPlace::Kind;

namespace {

/// "^" in it is the place.
struct Written {
  QString query;
  int position;
  explicit Written(const char* text) : query(QString::fromUtf8(text)), position(static_cast<int>(query.indexOf(QLatin1Char('^')))) { query.remove(position, 1); }
  QueryPlace place() const { return queryPlace(query, position); }
};

QueryPlace placeOf(const char* text) { return Written(text).place(); }
/// What is begun there; "!" where nothing of the kind is written.
QString begun(const char* text, Kind kind) {
  const Written written(text);
  const QueryPlace place = written.place();
  return place.kind == kind ? written.query.mid(place.begun.from, place.begun.length) : QStringLiteral("!");
}
QStringList selectors(const char* text) { return placeOf(text).question.selectors; }
QStringList list(const char* text) { return QString::fromUtf8(text).split(QLatin1Char(' ')); }

}  // namespace

/// What is completed at a place of a query.
class TestPromqlPlace : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void names() {
    const auto name = [](const char* text) { return begun(text, Kind::Name); };
    QCOMPARE(name("sum(rate(redis_co^"), QStringLiteral("redis_co"));
    QCOMPARE(name("up + job:x^"), QStringLiteral("job:x"));
    QCOMPARE(name("u^p"), QStringLiteral("u"));
    QCOMPARE(name("^"), QString());
    QCOMPARE(name("up ^"), QString());
    QCOMPARE(name("# note\nup^"), QStringLiteral("up"));
    QCOMPARE(name("\"\\\"a\" + b^"), QStringLiteral("b"));
    QCOMPARE(name("up{job=\"x\"} / do^"), QStringLiteral("do"));
    QCOMPARE(name("sum by (job) (u^"), QStringLiteral("u"));
    QCOMPARE(name("sum(u^p{job=\"x\"})"), QStringLiteral("u"));
    QCOMPARE(name("sum(up{job=\"x\") + do^"), QStringLiteral("do"));  // a brace was forgotten
    for (const char* text : {"rate(x[5^", "rate(x[^", "rate(x[5m^])", "# not^", "up # no^te", "5^", "1e3^", "label_replace(up, \"a^\")"}) QCOMPARE(static_cast<int>(placeOf(text).kind), static_cast<int>(Kind::None));
    QCOMPARE(queryPlace(QStringLiteral("up"), 99).begun.length, 2);
    QCOMPARE(queryPlace(QString(), -3).begun.length, 0);
  }

  void labelsOfASelector() {
    const auto label = [](const char* text) { return begun(text, Kind::Label); };
    QCOMPARE(label("up{jo^"), QStringLiteral("jo"));
    QCOMPARE(label("up{^}"), QString());
    QCOMPARE(label("up{job=\"a\", in^}"), QStringLiteral("in"));
    QCOMPARE(label("up{job=\"a\",^}"), QString());
    QCOMPARE(label("up{^job=\"a\"}"), QString());
    QCOMPARE(label("up{j^ob=\"a\"}"), QStringLiteral("j"));
    QCOMPARE(label("sum(up{ # these\n  jo^"), QStringLiteral("jo"));
    QCOMPARE(label("a{b=\"}\"} + c{d^"), QStringLiteral("d"));
    for (const char* text : {"up{job^ ", "up{job=^", "up{job=\"a\"^}", "up{job=\"a\" ^}", "up{job!^"}) QVERIFY2(placeOf(text).kind != Kind::Value, text);
    for (const char* text : {"up{job=^", "up{job=\"a\"^}", "up{job=\"a\" ^}", "up{job ^=\"a\"}", "up{5^"}) QVERIFY2(placeOf(text).kind == Kind::None, text);
    QCOMPARE(selectors("up{jo^"), QStringList{QStringLiteral("up")});
    QCOMPARE(selectors("up{job=\"a b\", in^, x!~'y', z=}"), QStringList{QStringLiteral("up{job=\"a b\",x!~'y'}")});
    QCOMPARE(selectors("a{b=\"c\"} + up{jo^"), QStringList{QStringLiteral("up")});
    QCOMPARE(selectors("{^"), QStringList());
    QCOMPARE(selectors("{__name__=\"up\", jo^"), QStringList{QStringLiteral("{__name__=\"up\"}")});
    QCOMPARE(placeOf("up{jo^").taken, QStringList{QStringLiteral("__name__")});
    QVERIFY(placeOf("{^").taken.isEmpty());
  }

  void labelsOfAList() {
    const auto label = [](const char* text) { return begun(text, Kind::Label); };
    QCOMPARE(label("sum by (jo^"), QStringLiteral("jo"));
    QCOMPARE(label("sum by(^) (up)"), QString());
    QCOMPARE(label("sum(up) without (job, in^)"), QStringLiteral("in"));
    QCOMPARE(label("SUM BY (jo^"), QStringLiteral("jo"));
    QCOMPARE(label("a / on(^) group_left() b"), QString());
    QCOMPARE(label("a / on(x) group_left(y^) b"), QStringLiteral("y"));
    QCOMPARE(static_cast<int>(placeOf("sum by (job ^)").kind), static_cast<int>(Kind::None));
    QCOMPARE(static_cast<int>(placeOf("sum by (job)^").kind), static_cast<int>(Kind::Name));
    QCOMPARE(placeOf("sum by (job, ^, code) (up)").taken, list("job code"));
    QCOMPARE(placeOf("sum by (job, co^) (up)").taken, list("job"));
    QCOMPARE(selectors("sum by (^) (rate(http_total{code=\"1\"}[5m])) / other"), list("http_total{code=\"1\"}"));
    QCOMPARE(selectors("other / sum(rate(http_total[5m])) by (^)"), list("http_total"));
    QCOMPARE(selectors("sum by (^) (a + b{} + {c=\"d\"} + a)"), list("a b {c=\"d\"}"));
    QCOMPARE(selectors("topk by (^) (5, up)"), list("up"));
    QCOMPARE(selectors("a * on(^) group_left(team) b"), list("a b"));
    QCOMPARE(selectors("sum by (^)"), QStringList());
    QCOMPARE(selectors("a > Inf and on (^) b"), list("a b"));
    QCOMPARE(selectors("a + b + c + d + e + f + g + h + i + j + on(^) k").size(), 8);
  }

  void values() {
    const auto value = [](const char* text) { return begun(text, Kind::Value); };
    QCOMPARE(value("up{job=\"^"), QString());
    QCOMPARE(value("up{job=\"re^"), QStringLiteral("re"));
    QCOMPARE(value("up{job=\"re^d\"}"), QStringLiteral("re"));
    QCOMPARE(value("up{job='a b^"), QStringLiteral("a b"));
    QCOMPARE(value("up{job=`a^"), QStringLiteral("a"));
    QCOMPARE(value("up{job=\"a\", path=\"/x{^"), QStringLiteral("/x{"));
    QCOMPARE(value("up{job=\"a\\\"^"), QStringLiteral("a\\\""));
    QCOMPARE(value("up{job=~\"redis|po^"), QStringLiteral("po"));
    QCOMPARE(value("up{job=~\"(re^"), QStringLiteral("re"));
    QCOMPARE(value("up{job=\"a|b^"), QStringLiteral("a|b"));
    for (const char* text : {"up{job=\"a\"^", "up{=\"a^", "up{\"a^", "sum by (\"a^"}) QVERIFY2(placeOf(text).kind == Kind::None, text);
    const QueryPlace place = placeOf("up{instance!=\"a:1\", job=~\"re^");
    QCOMPARE(place.question, (LabelQuestion{QStringLiteral("job"), {QStringLiteral("up{instance!=\"a:1\"}")}}));
    QVERIFY(place.isRegex && !place.isClosed && place.quote == QLatin1Char('"'));
    QVERIFY(placeOf("up{job=\"^\"}").isClosed && !placeOf("up{job=\"^\"}").isRegex);
    QVERIFY(!placeOf("up{job=\"^\n}").isClosed);
  }

  void valuesAsTheyAreWritten() {
    const QueryPlace plain = placeOf("up{job=\"^"), single = placeOf("up{job='^"), raw = placeOf("up{job=`^"), regex = placeOf("up{job=~\"^"), rawRegex = placeOf("up{job=~`^");
    const QString value = QStringLiteral("a.b\\\"c'");
    QCOMPARE(writtenValue(value, plain), QStringLiteral("a.b\\\\\\\"c'"));
    QCOMPARE(writtenValue(value, single), QStringLiteral("a.b\\\\\"c\\'"));
    QCOMPARE(writtenValue(value, raw), value);
    QCOMPARE(writtenValue(QStringLiteral("a.b|c"), regex), QStringLiteral("a\\\\.b\\\\|c"));
    QCOMPARE(writtenValue(QStringLiteral("a.b|c"), rawRegex), QStringLiteral("a\\.b\\|c"));
    for (const QueryPlace& place : {plain, single, raw, regex, rawRegex}) QCOMPARE(plainValue(writtenValue(value, place), place), value);
  }

  void anyTextIsRead() {
    const QString signs = QStringLiteral("{}()[],=~!\"'`\\#\n |a1b:y");
    QRandomGenerator random(7);
    for (int round = 0; round < 20'000; ++round) {
      QString query;
      for (int i = random.bounded(24); i > 0; --i) query += random.bounded(6) == 0 ? QStringLiteral(" by (") : QString(signs[random.bounded(static_cast<int>(signs.size()))]);
      const int position = random.bounded(static_cast<int>(query.size()) + 1);
      const QueryPlace place = queryPlace(query, position);
      QVERIFY2(place.kind == Kind::None || (place.begun.from >= 0 && place.begun.length >= 0 && place.begun.from + place.begun.length == position), qPrintable(query));
    }
  }
};

QTEST_APPLESS_MAIN(TestPromqlPlace)
#include "tst_promql_place.moc"
