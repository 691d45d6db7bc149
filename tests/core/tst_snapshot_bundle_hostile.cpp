// SPDX-License-Identifier: GPL-3.0-or-later
// Files from elsewhere: each is refused with a sentence that says what is wrong and what to do.
#include "tests/core/tst_snapshot_bundle_zip.h"

#include <sys/stat.h>

using namespace cachedeck;
using namespace cachedeck::snapshot;
using namespace cachedeck::test;

namespace {

using Make = std::function<QByteArray()>;

const QString damaged = QStringLiteral(" It was damaged or changed: get it again from where it was made.");
const QString foreign = QStringLiteral(" No Cachedeck writes such a file. Do not trust where it came from; nothing of it was unpacked.");
const QString choose = QStringLiteral(" Choose a file that Cachedeck saved, *.cdsnap.");
const QString copyAgain = QStringLiteral(" It was cut off on the way: copy it again.");

const Parts& good() {
  static const Parts parts = goodParts();
  return parts;
}

/// The good one with a member of another content.
Make with(const char* name, const QByteArray& bytes) {
  return [=] {
    Parts parts = good();
    parts[name] = bytes;
    return zipped(parts);
  };
}

/// The good one with another value in the manifest.
Make manifestWith(const char* name, const QJsonValue& value) {
  return [=] { return zipped(good(), [&](QJsonObject& json) { json[QLatin1String(name)] = value; }); };
}

Make asZip(const std::function<void(zip_t*)>& change) {
  return [=] { return changed(zipped(good()), change); };
}

Make csv(const QByteArray& rows) { return with("series/redis.csv", "time_ms,redis.ops\n" + rows); }

QByteArray factsText(const QByteArray& rows) {
  return "{\"id\":\"redis-info\",\"title\":\"t\",\"keys\":1,\"columns\":[{\"title\":\"a\",\"number\":false,\"unit\":\"\"},{\"title\":\"b\",\"number\":true,\"unit\":\"\"}],\"rows\":" + rows + "}";
}

QByteArray journalText(const char* name, const QJsonValue& value) {
  Parts parts = good();
  QJsonArray entries = QJsonDocument::fromJson(parts["journal.json"]).array();
  QJsonObject first = entries[0].toObject();
  first[QLatin1String(name)] = value;
  entries[0] = first;
  return QJsonDocument(entries).toJson();
}

constexpr char runName[] = "runs/20261129-031500000-000001.json";

QByteArray runText(const char* name, const QJsonValue& value) {
  Parts parts = good();
  QJsonObject run = QJsonDocument::fromJson(parts[runName]).object();
  run[QLatin1String(name)] = value;
  return QJsonDocument(run).toJson();
}

qint64 peakKiB() {
  const QByteArray status = contentOf(QStringLiteral("/proc/self/status"));
  const qsizetype at = status.indexOf("VmHWM:");
  return status.mid(at + 6, status.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

}  // namespace

Q_DECLARE_METATYPE(Make)

class TestSnapshotBundleHostile : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void theGoodOneIsGood() {
    QVERIFY(setContent(m_path, zipped(good())));
    const auto back = readBundle(m_path);
    QVERIFY2(back.ok(), back ? "" : qPrintable(back.error().message));
    QCOMPARE(textOf(*back), textOf(snapshotSample()));
  }

  void isRefused_data() {
    QTest::addColumn<Make>("make");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const Make& make, const char* clause, const QString& advice = damaged) {
      QTest::newRow(name) << make << QString::fromUtf8(clause) + QLatin1Char('.') + advice;
    };
    const auto bytes = [](const QByteArray& content) { return [content] { return content; }; };
    // No snapshot at all.
    row("empty", bytes({}), "it is empty", copyAgain);
    row("text", bytes("hello"), "it is not a zip", choose);
    row("pdf", bytes("%PDF-1.7\n" + QByteArray(100'000, 'x')), "it is not a zip", choose);
    row("cut off", [] { return zipped(good()).chopped(1); }, "its end is missing", copyAgain);
    row("cut in half", [] { return zipped(good()).left(2000); }, "its end is missing", copyAgain);
    row("beginning lost", [] { return zipped(good()).mid(100); }, "the directory of its members cannot be read (Zip archive inconsistent)");
    row("no manifest", [] { return *packed({{"a.txt", "hello"}}); }, "it is a zip without manifest.json", choose);
    row("empty zip", [] { return QByteArray("PK\x05\x06") + QByteArray(18, '\0'); }, "it is a zip without manifest.json", choose);
    row("other format", manifestWith("format", QStringLiteral("grafana")), "it is another kind of file", choose);
    row("newer", [] { return zipped(good(), [](QJsonObject& json) { json[QLatin1String("version")] = 3; json[QLatin1String("console")] = QStringLiteral("9.1.0"); }); },
        "it was written by Cachedeck 9.1.0 in version 3 of the format, and this one reads up to 1", QStringLiteral(" Update Cachedeck to open it."));
    row("no version", manifestWith("version", QStringLiteral("one")), "it does not say the version of its format");
    // Names and kinds of members.
    for (const char* name : {"../evil.csv", "series/../../evil.csv", "..", "series\\evil.csv"})
      row(name, with(name, "x"), (QByteArray("its member “") + name + "” is a path that leads elsewhere").constData(), foreign);
    for (const char* name : {"/etc/cron.d/evil", "C:evil.csv"}) row(name, with(name, "x"), (QByteArray("its member “") + name + "” is an absolute path").constData(), foreign);
    row("folder", with("series/", {}), "its member “series/” is a folder", foreign);
    row("deep", with("a/b/c.csv", "x"), "its member “a/b/c.csv” is not named as members are", foreign);
    row("control characters", with("a\nb", "x"), "its member “a\\x0ab” is not named as members are", foreign);
    row("duplicate", [] { return zipped([] { Parts parts = good(); parts["journal.jsoX"] = "[]"; return parts; }()).replace("journal.jsoX", "journal.json"); }, "it has two members of one name", foreign);
    row("link", asZip([](zip_t* zip) { zip_file_set_external_attributes(zip, indexOf(zip, "journal.json"), 0, ZIP_OPSYS_UNIX, 0120777u << 16); }), "its member journal.json is a symbolic link", foreign);
    row("device", asZip([](zip_t* zip) { zip_file_set_external_attributes(zip, indexOf(zip, "journal.json"), 0, ZIP_OPSYS_UNIX, 0020777u << 16); }), "its member journal.json is not a file", foreign);
    row("encrypted", asZip([](zip_t* zip) { zip_file_set_encryption(zip, indexOf(zip, "journal.json"), ZIP_EM_AES_256, "secret"); }), "its member journal.json is encrypted",
        QStringLiteral(" Snapshots never are: unpack it with the program that encrypted it, and open the .cdsnap file inside."));
    row("method", asZip([](zip_t* zip) { zip_set_file_compression(zip, indexOf(zip, "journal.json"), ZIP_CM_BZIP2, 1); }), "its member journal.json is compressed by another method than deflate", foreign);
    // Sizes.
    row("declared bomb", [] { return sayingSize(zipped(good()), "journal.json", 0x7fffffff); }, "its member journal.json would take more than 100.0 MiB of memory", foreign);
    row("bomb of many", [] {
      Parts parts = good();
      for (int i = 0; i < 5; ++i) parts["facts/x" + QByteArray::number(i) + ".json"] = "[]";
      QByteArray zip = zipped(parts);
      for (int i = 0; i < 5; ++i) zip = sayingSize(zip, "facts/x" + QByteArray::number(i) + ".json", 90u << 20);
      return zip;
    }, "what it holds would take more than 400.0 MiB of memory", foreign);
    row("undeclared bomb", [] {
      Parts parts = good();
      parts["journal.json"] = QByteArray(20 << 20, ' ');
      return sayingSize(zipped(parts, [](QJsonObject& json) {
        QJsonArray members = json[QLatin1String("members")].toArray();
        QJsonObject member = members[3].toObject();
        member[QLatin1String("size")] = 1000;
        members[3] = member;
        json[QLatin1String("members")] = members;
      }), "journal.json", 1000);
    }, "its member journal.json holds more than the 1000 bytes it says");
    row("many members", [] {
      Parts parts = good();
      for (int i = 0; i < 1000; ++i) parts["facts/x" + QByteArray::number(i) + ".json"] = "[]";
      return zipped(parts);
    }, "it has 1006 members; at most 1000 are read", QStringLiteral(" No Cachedeck writes such a file. Do not trust where it came from."));
    row("64-bit zip", [] { return QByteArray("PK\x06\x07") + QByteArray(16, '\0') + "PK\x05\x06" + QByteArray(18, '\0'); }, "it is a 64-bit zip, which no snapshot needs");
    row("large manifest", [] { return zipped(good(), [](QJsonObject& json) { json[QLatin1String("note")] = QString(1 << 20, QLatin1Char('x')); }); }, "its manifest.json is larger than 1.0 MiB");
    // The manifest.
    row("another comment", asZip([](zip_t* zip) { zip_set_archive_comment(zip, "hello", 5); }), "its manifest.json is not the one that it was saved with (SHA-256)");
    row("id", manifestWith("id", QStringLiteral("../../x")), "its id “../../x” is none of a snapshot");
    row("id a number", manifestWith("id", 5), "“id” of manifest.json is not a text");
    row("no title", manifestWith("title", QJsonValue::Undefined), "“title” of manifest.json is missing");
    row("time a text", manifestWith("taken_ms", QStringLiteral("now")), "“taken_ms” of manifest.json is not a number");
    for (const double ms : {-1.0, 1.5, 1e300, 3.1556889864403e16})
      row(QByteArray("time ").append(QByteArray::number(ms)).constData(), manifestWith("taken_ms", ms), "“taken_ms” of manifest.json is not a whole number from 0 to 253402300799999");
    row("range", manifestWith("from_ms", snapshotMs + 1), "its range ends before it begins");
    row("missing", manifestWith("missing", QJsonArray{1, 2}), "“missing” of manifest.json is not a list of texts");
    row("servers", manifestWith("servers", QJsonArray{7}), "“source” of a server of manifest.json is missing");
    row("counts", manifestWith("counts", QJsonArray()), "“counts” of manifest.json is not an object");
    row("a count", manifestWith("counts", QJsonObject{{QStringLiteral("metrics"), -4}}), "“metrics” of the counts of manifest.json is not a whole number from 0 to 4611686018427387903");
    row("members", manifestWith("members", QJsonObject()), "“members” of manifest.json is not an array");
    row("a member", manifestWith("members", QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("../x")}, {QStringLiteral("size"), 1}, {QStringLiteral("sha256"), QString(64, QLatin1Char('a'))}}}),
        "its member “../x” is a path that leads elsewhere", foreign);
    row("a digest", manifestWith("members", QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("x")}, {QStringLiteral("size"), 1}, {QStringLiteral("sha256"), QStringLiteral("abc")}}}),
        "the SHA-256 of x in manifest.json is not one");
    row("a size", manifestWith("members", QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("x")}, {QStringLiteral("size"), 1e18}, {QStringLiteral("sha256"), QStringLiteral("abc")}}}),
        "“size” of a member of manifest.json is not a whole number from 0 to 104857600");
    row("listed twice", [] { return zipped(good(), [](QJsonObject& json) { QJsonArray list = json[QLatin1String("members")].toArray(); list.append(list[0]); json[QLatin1String("members")] = list; }); },
        "its manifest lists series/redis.csv twice");
    row("not listed", [] { Parts parts = good(); parts["facts/extra.json"] = "{}"; return zipped(parts, [](QJsonObject& json) { json[QLatin1String("members")] = listOf(good().members); }); },
        "its member facts/extra.json does not stand in its manifest");
    row("not there", [] { Parts parts = good(); parts.remove("journal.json"); return zipped(parts, [](QJsonObject& json) { json[QLatin1String("members")] = listOf(good().members); }); },
        "its member journal.json is missing");
    row("other size", [] { Parts parts = good(); parts["series/redis.csv"] += "5"; return zipped(parts, [](QJsonObject& json) { json[QLatin1String("members")] = listOf(good().members); }); },
        "its member series/redis.csv has 175 bytes, and the manifest says 174");
    row("other content", [] { Parts parts = good(); parts["series/redis.csv"].replace("16777216", "16777217"); return zipped(parts, [](QJsonObject& json) { json[QLatin1String("members")] = listOf(good().members); }); },
        "its member series/redis.csv is not the one that was saved (SHA-256)");
    row("other counts", [] { Parts parts = good(); parts.remove("facts/redis-info.json"); return zipped(parts); }, "it does not hold as much as its manifest says");
    row("manifest no JSON", [] { return *packed({{"manifest.json", "{\"format\":"}}); }, "manifest.json is no valid JSON at byte 10: unterminated object");
    row("manifest an array", [] { return *packed({{"manifest.json", "[]"}}); }, "manifest.json is not an object of JSON");
    row("manifest deep", [] { return *packed({{"manifest.json", QByteArray(500'000, '[')}}); }, "manifest.json is nested deeper than 64 levels");
    // Series.
    row("no header", with("series/redis.csv", "time_ms"), "series/redis.csv, line 1: the header is missing");
    row("no times", with("series/redis.csv", "redis.ops\n"), "series/redis.csv, line 1: the first column is not time_ms");
    row("formula", with("series/redis.csv", "time_ms,=cmd|x\n"), "series/redis.csv, line 1: “=cmd|x” is no id of a metric");
    row("markup", with("series/redis.csv", "time_ms,<img>\n"), "series/redis.csv, line 1: “<img>” is no id of a metric");
    row("twice", with("series/redis.csv", "time_ms,a,a\n"), "series/redis.csv, line 1: the metric a stands in two columns");
    row("many columns", with("series/redis.csv", "time_ms" + QByteArray(3'000'000, ',') + "\n"), "series/redis.csv, line 1: it has 3000000 columns; at most 256 are read");
    row("promised cells", with("series/redis.csv", [] { QByteArray head("time_ms"); for (int i = 0; i < 200; ++i) head += ",m" + QByteArray::number(i); return head + QByteArray(1'000'000, '\n'); }()),
        "series/redis.csv, line 1: there are fewer cells than the header has columns");
    row("time back", csv("2000,1\n1000,1\n"), "series/redis.csv, line 3: the time goes back");
    row("year 1e6", csv("31556889864403199,1\n"), "series/redis.csv, line 2: “31556889864403199” is no time in milliseconds from 1970 to 9999");
    row("time of many digits", csv("99999999999999999999999,1\n"), "series/redis.csv, line 2: “99999999999999999999999” is no time in milliseconds from 1970 to 9999");
    row("time negative", csv("-5,1\n"), "series/redis.csv, line 2: “-5” is no time in milliseconds from 1970 to 9999");
    row("time a text", csv("now,1\n"), "series/redis.csv, line 2: “now” is no time in milliseconds from 1970 to 9999");
    row("time a fraction", csv("1.5,1\n"), "series/redis.csv, line 2: “.5” stands where a cell ends");
    for (const char* value : {"nan", "inf", "-inf", "NaN", "infinity", "1e999", "-1e999", "0x10", "\"1\"", "1 ", "+1", "=1", "1,5e", "--1", ".5", "1\r"}) {
      if (QByteArray(value).contains(',')) continue;
      row((QByteArray("value ") + value).constData(), csv("1000," + QByteArray(value) + "\n"), (QByteArray("series/redis.csv, line 2: “") + QByteArray(value).replace("\r", "\\x0d") + "” of redis.ops is no number").constData());
    }
    row("many cells", csv("1000,1,2\n"), "series/redis.csv, line 2: there are more or fewer cells than the header has columns");
    row("few cells", with("series/redis.csv", "time_ms,a,b\n1000,1\n1000,1,2\n"), "series/redis.csv, line 2: there are more or fewer cells than the header has columns");
    row("last line", csv("1000,1\n2000,1"), "series/redis.csv, line 3: its end is missing");
    row("blank line", csv("1000,1\n\n"), "series/redis.csv, line 3: “” is no time in milliseconds from 1970 to 9999");
    row("group", [] { Parts parts = good(); parts["series/" + QByteArray(70, 'x') + ".csv"] = "time_ms\n"; return zipped(parts); },
        (QByteArray("series/") + QByteArray(70, 'x') + ".csv, line 1: “" + QByteArray(59, 'x') + "…” is no name of a group of series").constData());
    // Facts.
    row("facts no JSON", with("facts/redis-info.json", "{"), "facts/redis-info.json is no valid JSON at byte 1: unterminated object");
    row("facts deep", with("facts/redis-info.json", factsText("[[" + QByteArray(70, '[') + QByteArray(70, ']') + "]]")), "facts/redis-info.json is nested deeper than 64 levels");
    row("facts no text", with("facts/redis-info.json", "\xff\xfe{}"), "facts/redis-info.json is no valid JSON at byte 1: illegal value");
    row("facts id", with("facts/redis-info.json", factsText("[]").replace("redis-info", "other")), "the id in facts/redis-info.json is “other”");
    row("facts of capitals", [] { Parts parts = good(); parts["facts/X.json"] = factsText("[]").replace("redis-info", "X"); return zipped(parts); }, "the id in facts/X.json is “X”");
    row("facts keys", with("facts/redis-info.json", factsText("[]").replace("\"keys\":1", "\"keys\":3")), "“keys” of facts/redis-info.json is not a whole number from 0 to 2");
    row("facts column", with("facts/redis-info.json", factsText("[]").replace("false", "0")), "“number” of a column of facts/redis-info.json is not true or false");
    row("facts row", with("facts/redis-info.json", factsText("[[\"a\",\"1\"],[\"a\"]]")), "facts/redis-info.json, row 2 has 1 cells for 2 columns");
    row("facts no row", with("facts/redis-info.json", factsText("[7]")), "facts/redis-info.json, row 1 has 0 cells for 2 columns");
    row("facts cell", with("facts/redis-info.json", factsText("[[\"a\",1]]")), "facts/redis-info.json, row 1, column 2 is not a text");
    for (const char* value : {"=1+1", "nan", "inf", "1e999", "1 ", "1,5"})
      row((QByteArray("facts number ") + value).constData(), with("facts/redis-info.json", factsText("[[\"a\",\"" + QByteArray(value) + "\"]]")), (QByteArray("facts/redis-info.json, row 1, column 2: “") + value + "” is no number").constData());
    // Journal and runs.
    row("journal an object", with("journal.json", "{}"), "journal.json is not an array of JSON");
    row("journal numbers", with("journal.json", "[1]"), "entry 1 of journal.json has no sequence number or no action");
    row("journal time", with("journal.json", journalText("wall_ms", 3.1556889864403e16)), "the time of entry 1 of journal.json is not from 1970 to 9999");
    row("journal text", with("journal.json", journalText("text", 7)), "“text” of entry 1 of journal.json is missing or of another type");
    row("journal fraction", with("journal.json", journalText("wall_ms", 1.5)), "“time” of entry 1 of journal.json is missing or of another type");
    row("run id", with(runName, runText("id", QStringLiteral("20261129-031500000-000002"))), "the id in runs/20261129-031500000-000001.json is “20261129-031500000-000002”");
    row("run newer", with(runName, runText("version", 9)), "runs/20261129-031500000-000001.json: a newer Cachedeck wrote it (version 9, this one reads up to 1). Update Cachedeck to open it");
    row("run without figures", with(runName, runText("figures", QJsonArray())), "runs/20261129-031500000-000001.json: its figures of all requests, or of a step, are missing");
  }
  void isRefused() {
    QFETCH(Make, make);
    QFETCH(QString, sentence);
    QVERIFY(setContent(m_path, make()));
    const auto back = readBundle(m_path);
    QVERIFY(!back.ok());
    QCOMPARE(back.error().message, QStringLiteral("%1 cannot be opened as a snapshot: %2").arg(m_path, sentence));
    QCOMPARE(back.error().kind, Error::Kind::Protocol);
    // The others neither crash nor wait.
    const auto manifest = readManifest(m_path);
    const auto check = verifyBundle(m_path);
    QCOMPARE(check.ok(), manifest.ok());
    // "snapshot verify" called a file intact that held "nan" under a digest that fitted, and "snapshot show" refused it.
    if (check) QVERIFY(!check->intact && check->problem == back.error().message);
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList{QStringLiteral("a.cdsnap")});
  }

  void unknownMetricsAndMembersAreKeptOrPassed() {
    Parts parts = good();
    parts["series/redis.csv"].replace("future.metric", "app.unheard-of:p99/x");
    parts["charts/overview.png"] = "a later Cachedeck may add such";
    QVERIFY(setContent(m_path, zipped(parts)));
    const auto back = readBundle(m_path);
    QVERIFY2(back.ok(), back ? "" : qPrintable(back.error().message));
    QVERIFY(findColumn(*back, "app.unheard-of:p99/x"));
  }

  void limitsHold() {
    QVERIFY(setContent(m_path, zipped(good())));
    const auto refused = [this](const BundleLimits& limits) {
      const auto back = readBundle(m_path, limits);
      return back ? QString() : back.error().message.section(QStringLiteral("snapshot: "), 1).section(QLatin1Char('.'), 0, -3);
    };
    QVERIFY(refused({.fileBytes = 1000}).contains(QLatin1String("at most 1000 bytes are read")));
    QVERIFY(refused({.memberBytes = 200}).contains(QLatin1String("would take more than 200 bytes of memory")));
    QVERIFY(refused({.totalBytes = 2000}).contains(QLatin1String("what it holds would take more than 2.0 KiB of memory")));
    QVERIFY(refused({.members = 3}).contains(QLatin1String("it has 6 members")));
    QVERIFY(refused({.cells = 19}).contains(QLatin1String("more cells than are read")));
    QVERIFY(refused({.tables = {30, 1000}}).contains(QLatin1String("more values than are read")));
    QVERIFY(refused({.runs = {60, 1000}}).contains(QLatin1String("runs/20261129-031500000-000001.json it holds more values than are read")));
    QVERIFY(refused({.tables = {1000, 3}}).contains(QLatin1String("more values than are read")));
    QVERIFY(refused({.runs = {1000, 3}}).contains(QLatin1String("runs/20261129-031500000-000001.json it holds more values than are read")));
    QVERIFY(refused({.histograms = 0}).contains(QLatin1String("more steps or seconds than are read")));
    QVERIFY(refused({.seconds = 2}).contains(QLatin1String("more steps or seconds than are read")));
  }

  void aBombTakesNoMemory() {
    {
      Parts parts = good();
      parts["journal.json"] = QByteArray(96 << 20, ' ');  // deflated: 400 KB
      QVERIFY(setContent(m_path, sayingSize(zipped(parts), "journal.json", 1000)));
    }
    (void)setContent(QStringLiteral("/proc/self/clear_refs"), "5");  // sets the peak back; where a kernel cannot, the peak so far is the mark
    const qint64 before = peakKiB();
    QVERIFY(!readBundle(m_path).ok());
    QVERIFY(!verifyBundle(m_path)->intact);
    QVERIFY2(peakKiB() - before < 8 * 1024, qPrintable(QString::number(peakKiB() - before)));
  }

  // A file of 191 KB took 1.1 GB to open, and one with a load run of 80 KB 918 MB: the limits were far above the largest file that Cachedeck makes.
  void smallFilesTakeNoGigabyte_data() {
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("bytes");
    const auto emptyCells = [](int columns, qsizetype rows) {
      QByteArray text("time_ms");
      for (int i = 0; i < columns; ++i) text += ",m" + QByteArray::number(i);
      return text + '\n' + ("1000" + QByteArray(columns, ',') + '\n').repeated(rows);
    };
    QByteArray objects = runText("more", QStringLiteral("here"));
    objects.replace("\"here\"", '[' + QByteArray("{},").repeated(3'900'000) + "{}]");
    QTest::newRow("columns") << QByteArray("series/redis.csv") << emptyCells(2000, 24'900);
    QTest::newRow("cells") << QByteArray("series/redis.csv") << emptyCells(200, 249'000);
    QTest::newRow("objects of a run") << QByteArray(runName) << objects;
  }
  void smallFilesTakeNoGigabyte() {
    QFETCH(QByteArray, member);
    QFETCH(QByteArray, bytes);
    Parts parts = good();
    parts[member] = bytes;
    QVERIFY(setContent(m_path, zipped(parts)));
    (void)setContent(QStringLiteral("/proc/self/clear_refs"), "5");
    const qint64 before = peakKiB();
    QVERIFY(!readBundle(m_path).ok());
    const qint64 taken = peakKiB() - before;
    QVERIFY2(taken < bytes.size() / 1024 + 20 * 1024, qPrintable(QString::number(taken)));  // the member itself has to be looked at
  }

  void whatIsNoFile() {
    const auto failure = [](const QString& path) { return readBundle(path).error(); };
    QCOMPARE(failure(m_folder.path()).message, m_folder.path() + QStringLiteral(" is a folder, not a snapshot. Choose the .cdsnap file in it."));
    const QString none = m_folder.filePath(QStringLiteral("none"));
    QCOMPARE(failure(none).message, none + QStringLiteral(" does not exist."));
    QCOMPARE(failure(none).kind, Error::Kind::NotFound);
    const QString pipe = m_folder.filePath(QStringLiteral("pipe"));
    QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QCOMPARE(failure(pipe).message, pipe + QStringLiteral(" is not a regular file."));
    QVERIFY(QFile::remove(pipe));
    QCOMPARE(failure(QStringLiteral("/dev/zero")).message, QStringLiteral("/dev/zero is not a regular file."));
  }

  void aFileBehindALinkIsRead() {
    QVERIFY(setContent(m_path, zipped(good())));
    const QString link = m_folder.filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(m_path, link));
    QVERIFY(readBundle(link).ok());
    QVERIFY(QFile::remove(link));
  }

  void anUnreadableFile() {
    QVERIFY(setContent(m_path, zipped(good())));
    QVERIFY(QFile::setPermissions(m_path, {}));
    const bool root = geteuid() == 0;
    if (root) QCOMPARE(seteuid(65534), 0);
    const auto back = readBundle(m_path);
    if (root) QCOMPARE(seteuid(0), 0);
    QVERIFY(QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(back.error().kind, Error::Kind::Permission);
    QCOMPARE(back.error().message, m_path + QStringLiteral(" could not be opened: Permission denied. Ask its owner for a copy, or for the right to read it."));
  }

 private:
  const QTemporaryDir m_folder;
  const QString m_path = m_folder.filePath(QStringLiteral("a.cdsnap"));
};

QTEST_GUILESS_MAIN(TestSnapshotBundleHostile)
#include "tst_snapshot_bundle_hostile.moc"
