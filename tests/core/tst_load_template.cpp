// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/template_text.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace cachedeck::load;

namespace {

const std::vector<std::string> names{"id", "word", "empty"};
const std::vector<std::optional<std::string>> values{"7", "a b/\"c\"\\\n\u00e4&", std::nullopt};

QByteArray rendered(const char* text, TextPlace place, const std::vector<std::optional<std::string>>& given = values) {
  const auto compiled = Template::compile(text, place, names);
  if (!compiled) return "compile: " + QByteArray::fromStdString(compiled.error());
  Random random(1);
  RenderContext context{given, random, 12, 3};
  std::string out = "=";
  const auto done = compiled->render(out, context);
  return done ? QByteArray::fromStdString(out).mid(1) : "render: " + QByteArray::fromStdString(done.error());
}

}  // namespace

/// Texts with ${…}.
class TestLoadTemplate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void renders_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<TextPlace>("place");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char* text, TextPlace place, const char* result) { QTest::addRow("%s %d", text, static_cast<int>(place)) << QByteArray(text) << place << QByteArray(result); };
    row("", TextPlace::Path, "");
    row("/plain?a=$b&c=$", TextPlace::Path, "/plain?a=$b&c=$");
    row("/x/${id}?y=${id}${id}", TextPlace::Path, "/x/7?y=77");
    row("/${word}", TextPlace::Path, "/a%20b%2F%22c%22%5C%0A%C3%A4%26");
    row("{\"w\":\"${word}\"}", TextPlace::Body, "{\"w\":\"a b/\\\"c\\\"\\\\\\n\u00e4&\"}");
    row("${raw:word}", TextPlace::Body, "a b/\"c\"\\\n\u00e4&");
    row("Bearer ${id}", TextPlace::Header, "Bearer 7");
    row("$${id} and $$${id}", TextPlace::Body, "${id} and $${id}");
    row("${iteration}/${user}", TextPlace::Path, "12/3");
    row("${random:5:5}${random:-3:-3}", TextPlace::Path, "5-3");
    row("/${pick:a b}", TextPlace::Path, "/a%20b");
    row("${pick:}", TextPlace::Body, "compile: ${pick:} has nothing to pick from; write e.g. ${pick:low|high}");
    row("\"${pick:a\"b}\"", TextPlace::Body, "\"a\\\"b\"");
    row("${zipf:1}", TextPlace::Path, "1");
    row("${empty}", TextPlace::Path, "render: ${empty} has no value: no step extracted it, and none was given");
    row("${word}", TextPlace::Header, "render: ${word} has a line break, which a header must not hold");
    row("${raw:word}", TextPlace::Header, "render: ${word} has a line break, which a header must not hold");
    row("/${raw:word}", TextPlace::Path, "render: ${raw:word} has a space or control character, which a path must not hold");
    row("a\r\nb", TextPlace::Header, "compile: a header must not hold a line break");
    row("/a b", TextPlace::Path, "compile: a path must not hold spaces, #, control or other than ASCII characters; write them as %20, %23 and so on");
    row("/\u00e4", TextPlace::Path, "compile: a path must not hold spaces, #, control or other than ASCII characters; write them as %20, %23 and so on");
    row("${ide}", TextPlace::Path, "compile: ${ide} is set by nothing: name it in variables or secretVariables, or extract it in a step (there are id, word, empty)");
    row("${id", TextPlace::Path, "compile: \"${id\" has no closing }; $${ stands for ${ itself");
    row("${random:1}", TextPlace::Path, "compile: ${random:1} needs two whole numbers, the smaller first: ${random:1:1000}");
    row("${random:2:1}", TextPlace::Path, "compile: ${random:2:1} needs two whole numbers, the smaller first: ${random:1:1000}");
    row("${random:0:9223372036854775807}", TextPlace::Path, "compile: ${random:0:9223372036854775807} needs two whole numbers, the smaller first: ${random:1:1000}");
    row("${zipf:0}", TextPlace::Path, "compile: ${zipf:0} needs the number of ranks: ${zipf:1000}");
    row("${now:1}", TextPlace::Path, "compile: ${now:1} is not known; there are ${name}, ${raw:name}, ${random:1:1000}, ${pick:a|b|c}, ${zipf:1000}, ${iteration}, ${user}");
  }
  void renders() {
    QFETCH(QByteArray, text);
    QFETCH(TextPlace, place);
    QTEST(rendered(text.constData(), place), "result");
  }

  void literals() {
    QVERIFY(Template().isLiteral());
    QCOMPARE(Template().literal(), std::string());
    const auto literal = Template::compile("/a$${b}", TextPlace::Path, {});
    QVERIFY(literal->isLiteral());
    QCOMPARE(literal->literal(), std::string("/a${b}"));
    QVERIFY(!Template::compile("/${user}", TextPlace::Path, {})->isLiteral());
  }

  // "user" in a scenario is who logs in, elsewhere the number of the virtual user.
  void aVariableGoesBeforeTheNumber() {
    const auto compiled = Template::compile("${user}", TextPlace::Body, {"user"});
    Random random(1);
    const std::vector<std::optional<std::string>> demo{"demo"};
    RenderContext context{demo, random, 0, 9};
    std::string out;
    QVERIFY(compiled->render(out, context).ok());
    QCOMPARE(out, std::string("demo"));
  }

  void randomNumbersCoverTheirRange() {
    Random random(42);
    RenderContext context{values, random};
    const auto compiled = Template::compile("${random:-2:3}|${pick:x|y}", TextPlace::Body, {});
    std::map<std::string, int> seen;
    for (int i = 0; i < 12'000; ++i) {
      std::string out;
      QVERIFY(compiled->render(out, context).ok());
      ++seen[out];
    }
    QCOMPARE(seen.size(), std::size_t{12});
    for (const auto& [text, count] : seen) QVERIFY2(count > 800 && count < 1200, text.c_str());
  }

  void randomIsRepeatableAndUniform() {
    Random one(3), other(3), third(4);
    QCOMPARE(one.next(), other.next());
    QVERIFY(one.next() != third.next());
    double sum = 0;
    for (int i = 0; i < 100'000; ++i) sum += one.unit();
    QVERIFY(std::abs(sum / 100'000 - 0.5) < 0.005);
    for (int i = 0; i < 1000; ++i) QVERIFY(one.below(3) < 3);
    QCOMPARE(one.below(0), std::uint64_t{0});
  }

  // Each rank as often as 1/k^0.99 says, within what chance allows.
  void zipfDrawsByItsLaw() {
    Random random(5);
    for (const double skew : {0.5, 0.99, 1.0, 2.0}) {
      const ZipfDraw draw(100, skew);
      std::vector<int> counts(101);
      constexpr int draws = 200'000;
      for (int i = 0; i < draws; ++i) ++counts[static_cast<std::size_t>(draw(random))];
      double sum = 0;
      for (int k = 1; k <= 100; ++k) sum += std::pow(k, -skew);
      QCOMPARE(counts[0], 0);
      for (const int k : {1, 2, 3, 10, 50, 100}) {
        const double expected = draws * std::pow(k, -skew) / sum;
        QVERIFY2(std::abs(counts[static_cast<std::size_t>(k)] - expected) < 5 * std::sqrt(expected) + 1, qPrintable(QStringLiteral("skew %1 rank %2").arg(skew).arg(k)));
      }
    }
    const ZipfDraw many(1'000'000'000, 0.99);
    for (int i = 0; i < 10'000; ++i) {
      const std::int64_t rank = many(random);
      QVERIFY(rank >= 1 && rank <= 1'000'000'000);
    }
  }
};

QTEST_GUILESS_MAIN(TestLoadTemplate)
#include "tst_load_template.moc"
