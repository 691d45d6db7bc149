// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/transform.h"
#include "core/sources/redis/command_table.h"

#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace cachedeck::keys;

namespace {

constexpr qint64 now = 1'800'000'000'000, hour = 3'600'000, none = KeyImage::noExpiry;

Action make(ActionKind kind, qint64 ms = 0, double factor = 1, double jitter = 0, Condition condition = Condition::Always) { return {kind, ms, factor, jitter, condition}; }

/// What becomes of a key that lives `left` ms longer (none: for ever): "keep", "none", or the ms that it then has.
QByteArray became(const Action& action, qint64 left, double draw = 0.5) {
  const ExpiryChange change = newExpiry(action, left == none ? none : now + left, now, draw);
  if (!change.changes) return "keep";
  return change.expiresAtMs == none ? QByteArray("none") : QByteArray::number(change.expiresAtMs - now);
}

}  // namespace

/// What the actions make of expiries, and which commands may be sent at all.
class TestKeysTransform : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void actions() {
    using enum ActionKind;
    QCOMPARE(became(make(Set, hour), 5000), QByteArray("3600000"));
    QCOMPARE(became(make(Set, hour), none), QByteArray("3600000"));
    QCOMPARE(became(make(Set, hour), hour), QByteArray("keep"));
    QCOMPARE(became(make(Set, hour, 1, 0.1), none, 0.0), QByteArray("3240000"));
    QCOMPARE(became(make(Set, hour, 1, 0.1), none, 1.0), QByteArray("3960000"));
    QCOMPARE(became(make(Add, hour), 5000), QByteArray("3605000"));
    QCOMPARE(became(make(Add, hour), none), QByteArray("keep"));
    QCOMPARE(became(make(Add, -hour), 2 * hour), QByteArray("3600000"));
    QCOMPARE(became(make(Cap, hour), 2 * hour), QByteArray("3600000"));
    QCOMPARE(became(make(Cap, hour), none), QByteArray("3600000"));
    QCOMPARE(became(make(Cap, hour), 5000), QByteArray("keep"));
    QCOMPARE(became(make(Floor, hour), 5000), QByteArray("3600000"));
    QCOMPARE(became(make(Floor, hour), 2 * hour), QByteArray("keep"));
    QCOMPARE(became(make(Floor, hour), none), QByteArray("keep"));
    QCOMPARE(became(make(Scale, 0, 0.5), 2 * hour), QByteArray("3600000"));
    QCOMPARE(became(make(Scale, 0, 0.5), none), QByteArray("keep"));
    QCOMPARE(became(make(Jitter, 0, 1, 0.1), hour, 1.0), QByteArray("3960000"));
    QCOMPARE(became(make(Persist), hour), QByteArray("none"));
    QCOMPARE(became(make(Persist), none), QByteArray("keep"));
    QCOMPARE(became(make(SoftExpire, hour), 2 * hour, 0.25), QByteArray("900000"));
    QCOMPARE(became(make(SoftExpire, hour), 1000, 0.25), QByteArray("keep"));
    QCOMPARE(became(make(SoftExpire, hour), none, 0.25), QByteArray("900000"));
  }

  // EXPIRE with 0 or less answers 1, and the key is gone: no action ever comes to that.
  void nothingEndsAtOnce() {
    using enum ActionKind;
    for (const double draw : {0.0, 0.5, 0.999}) {
      for (const qint64 left : {qint64{1}, qint64{900}, qint64{5000}, hour, none}) {
        for (const Action& action : {make(SoftExpire, hour), make(Set, 1000, 1, 0.9), make(Add, -100 * hour), make(Cap, 1000, 1, 0.9), make(Scale, 0, 0.0001), make(Jitter, 0, 1, 0.9)}) {
          const ExpiryChange change = newExpiry(action, left == none ? none : now + left, now, draw);
          if (change.changes) QVERIFY2(change.expiresAtMs >= now + 1000, qPrintable(action.text()));
        }
      }
    }
  }

  void conditions() {
    using enum ActionKind;
    const auto set = [](Condition condition) { return make(Set, hour, 1, 0, condition); };
    QCOMPARE(became(set(Condition::Nx), none), QByteArray("3600000"));
    QCOMPARE(became(set(Condition::Nx), 5000), QByteArray("keep"));
    QCOMPARE(became(set(Condition::Xx), none), QByteArray("keep"));
    QCOMPARE(became(set(Condition::Xx), 5000), QByteArray("3600000"));
    QCOMPARE(became(set(Condition::Gt), 5000), QByteArray("3600000"));
    QCOMPARE(became(set(Condition::Gt), 2 * hour), QByteArray("keep"));
    QCOMPARE(became(set(Condition::Gt), none), QByteArray("keep"));
    QCOMPARE(became(set(Condition::Lt), 2 * hour), QByteArray("3600000"));
    QCOMPARE(became(set(Condition::Lt), 5000), QByteArray("keep"));
    QCOMPARE(became(set(Condition::Lt), none), QByteArray("3600000"));
    QCOMPARE(became(make(Persist, 0, 1, 0, Condition::Gt), 5000), QByteArray("none"));
    QCOMPARE(became(make(Persist, 0, 1, 0, Condition::Lt), 5000), QByteArray("keep"));
  }

  void refused_data() {
    QTest::addColumn<Action>("action");
    using enum ActionKind;
    QTest::newRow("zero") << make(Set, 0);
    QTest::newRow("negative") << make(Set, -5000);
    QTest::newRow("too short") << make(Cap, 999);
    QTest::newRow("too long") << make(Set, qint64{11} * 365 * 86'400'000);
    QTest::newRow("overflow") << make(Add, std::numeric_limits<qint64>::max());
    QTest::newRow("no factor") << make(Scale, 0, 0);
    QTest::newRow("NaN") << make(Scale, 0, std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("no jitter") << make(Jitter);
    QTest::newRow("all of it") << make(Jitter, 0, 1, 1);
    QTest::newRow("delete if") << make(Delete, 0, 1, 0, Condition::Xx);
  }
  void refused() {
    QFETCH(Action, action);
    const Result<void> checked = checkAction(action);
    QVERIFY(!checked);
    QCOMPARE(checked.error().kind, Error::Kind::Usage);
  }

  void roundTrip() {
    for (const ActionInfo& info : actionCatalog()) {
      const Action action = make(info.kind, hour, 0.5, 0.1, Condition::Gt);
      const Result<Action> read = Action::fromJson(action.toJson());
      QVERIFY(read);
      QCOMPARE(read->toJson(), action.toJson());
      QVERIFY(!action.text().isEmpty());
    }
    QVERIFY(!Action::fromJson({}));
    QVERIFY(!Action::fromJson({{QStringLiteral("kind"), QStringLiteral("explode")}, {QStringLiteral("condition"), QStringLiteral("always")}}));
  }

  void commandTable() {
    const auto access = [](const char* text) { return commandAccess(QByteArray(text).split(' ')); };
    for (const char* command : {"PING", "get x", "SCAN 0", "CONFIG GET maxmemory", "client SETNAME x", "MEMORY usage x", "WATCH x"}) QCOMPARE(access(command), CommandAccess::Read);
    for (const char* command : {"UNLINK x", "pexpireat x 1", "MULTI", "EXEC", "FLUSHALL", "RESTORE x 0 y"}) QCOMPARE(access(command), CommandAccess::Write);
    for (const char* command : {"KEYS *", "MONITOR", "DEBUG SLEEP 1", "EVAL x 0", "CONFIG SET x y", "CONFIG", "CLIENT KILL x", "SHUTDOWN", "", "DEL x", "ACL LIST", "ACL SETUSER x", "SCRIPT LOAD x", "MIGRATE"})
      QVERIFY2(access(command) == CommandAccess::Unknown, command);
  }
};

QTEST_GUILESS_MAIN(TestKeysTransform)
#include "tst_keys_transform.moc"
