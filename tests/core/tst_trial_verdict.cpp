// SPDX-License-Identifier: GPL-3.0-or-later
// What a test alert's counters say, where other alerts use the same channel: each test tells what was there.
#include "core/alerts/trial_conclusion.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck;
using namespace std::chrono_literals;

namespace {

using State = TrialMark::State;

constexpr qint64 now = 1'750'000'000'000;

/// As the status page of Alertmanager 0.25 prints it.
const char config[] =
    "global:\n  resolve_timeout: 5m\nroute:\n  receiver: slack-warnings\n  group_by:\n  - alertname\n  continue: false\n  routes:\n"
    "  - receiver: slack-critical\n    match:\n      receiver: x\n    matchers:\n    - severity=\"critical\"\n    continue: false\n    routes:\n    - matchers:\n      - team=\"db\"\n      continue: false\n      group_interval: 1m\n    group_wait: 10s\n"
    "  - receiver: 'on ''call'''\n    group_by:\n    - routes\n    - instance\n    continue: true\n  group_wait: 30s\n  group_interval: 5m\n  repeat_interval: 4h\n"
    "receivers:\n- name: slack-warnings\n  slack_configs:\n  - send_resolved: false\n    api_url: <secret>\n    fields:\n    - title: a\n- name: slack-critical\n  slack_configs:\n  - send_resolved: false\n- name: on 'call'\n  pagerduty_configs:\n  - x: 1\n  - x: 2\n";

QByteArray counters(int tried, int failed, int groups) {
  return QStringLiteral("# HELP alertmanager_notification_requests_total x\nalertmanager_dispatcher_aggregation_groups %3\nalertmanager_notification_requests_failed_total{integration=\"slack\"} %2\n"
                        "alertmanager_notification_requests_total{integration=\"pagerduty\"} 0\nalertmanager_notification_requests_total{integration=\"slack\"} %1\nalertmanager_notifications_total{integration=\"slack\"} 99\n")
      .arg(tried).arg(failed).arg(groups).toUtf8();
}

/// A group that has this alert since so many seconds.
AlertGroup group(const char* receiver, const char* instance, int seconds) {
  return {QLatin1String(receiver), {{QStringLiteral("alertname"), QLatin1String(instance)}}, {{QLatin1String(instance), now - 1000 * seconds, now}}, false};
}

/// A critical test alert of which slack-critical is to be told; nobody else is there.
TrialSight sight() {
  TrialSight sight;
  sight.instance = QStringLiteral("test");
  sight.receivers = {QStringLiteral("slack-critical")};
  sight.known = *receiversOf(QLatin1String(config));
  sight.routes = routesOf(QLatin1String(config));
  sight.before = sight.due = sight.now = notificationCounters(counters(7, 2, 0));
  sight.groups = {group("slack-critical", "test", 0)};
  sight.nowMs = now;
  sight.lasted = 20s;
  return sight;
}

State stateOf(const TrialSight& sight) {
  const QList<TrialMark> marks = trialMarks(sight);
  return marks.size() == 1 ? marks[0].state : State::Waiting;
}

}  // namespace

class TestTrialVerdict : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

  void routesHaveTheirTimes() {
    const QList<AlertRoute> routes = routesOf(QLatin1String(config));
    QCOMPARE(routes.size(), 4);
    QCOMPARE(routes[0].receiver, QStringLiteral("slack-warnings"));
    QVERIFY(routes[0].groupWait == 30s && routes[0].groupInterval == 5min);
    QCOMPARE(routes[1].receiver, QStringLiteral("slack-critical"));
    QVERIFY(routes[1].groupWait == 10s && routes[1].groupInterval == 5min);
    QCOMPARE(routes[2].receiver, QStringLiteral("slack-critical"));
    QVERIFY(routes[2].groupWait == 10s && routes[2].groupInterval == 1min);
    QCOMPARE(routes[3].receiver, QStringLiteral("on 'call'"));
    QVERIFY(routes[3].groupWait == 30s);
    QVERIFY(routesOf(QString()).isEmpty());
    QCOMPARE((*receiversOf(QLatin1String(config)))[2].configs.value(QStringLiteral("pagerduty")), 2);
    QCOMPARE((*receiversOf(QLatin1String(config)))[0].configs.value(QStringLiteral("slack")), 1);
  }

  void aloneTheCountersAreClear() {
    TrialSight one = sight();
    QCOMPARE(stateOf(one), State::Waiting);
    one.now = notificationCounters(counters(8, 2, 1));
    QCOMPARE(stateOf(one), State::Told);
    one.now = notificationCounters(counters(8, 3, 1));
    QCOMPARE(stateOf(one), State::Failing);
    one.now = notificationCounters(counters(9, 3, 1));  // the second attempt went well
    QCOMPARE(stateOf(one), State::Told);
  }

  // The webhook of slack-critical was dead; a warning went out by slack meanwhile, and "delivered" stood there.
  void anotherReceiversNotificationIsNoDelivery() {
    TrialSight one = sight();
    one.groups += group("slack-warnings", "shop", 25);
    one.now = notificationCounters(counters(8, 2, 2));
    QCOMPARE(stateOf(one), State::Unclear);
    one.now = notificationCounters(counters(11, 4, 2));
    QCOMPARE(stateOf(one), State::Unclear);
    one.now = notificationCounters(counters(10, 5, 2));  // nothing went out: that is sure
    QCOMPARE(stateOf(one), State::Failing);
  }

  // "Delivered" after 6 s, of a group that waits for 10 s.
  void whatWentOutBeforeItWasDueWasAnother() {
    TrialSight one = sight();
    one.groups += group("slack-warnings", "shop", 25);
    one.due = one.now = notificationCounters(counters(8, 2, 2));
    QCOMPARE(stateOf(one), State::Waiting);
    one.now = notificationCounters(counters(9, 2, 2));  // one more than the other group can have sent
    QCOMPARE(stateOf(one), State::Told);
    one.lasted = 6min;
    QCOMPARE(stateOf(one), State::Unclear);
  }

  // The critical webhook was dead and tried again and again; a warning test, which arrived, "did not arrive".
  void retriesOfAnotherAreNoFailure() {
    TrialSight one = sight();
    one.receivers = {QStringLiteral("slack-warnings")};
    one.groups = {group("slack-warnings", "test", 0), group("slack-critical", "shop", 4000)};
    one.now = notificationCounters(counters(10, 4, 2));
    QCOMPARE(stateOf(one), State::Unclear);
    QCOMPARE(trialMarks(one)[0].rivals, 1.0);
  }

  // With any alert that fires for days nothing could be told.
  void aGroupThatHasSaidItAllIsNoRival() {
    TrialSight one = sight();
    one.groups += group("slack-warnings", "shop", 4000);
    one.now = notificationCounters(counters(8, 2, 2));
    QCOMPARE(stateOf(one), State::Told);
    QVERIFY(!trialMarks(one)[0].alone);
    one.groups.last().alerts.append({QStringLiteral("late"), now - 200'000, now});  // told with the next interval
    QCOMPARE(stateOf(one), State::Unclear);
    one.groups.last() = group("on 'call'", "shop", 5);  // not by slack
    QCOMPARE(stateOf(one), State::Told);
  }

  void groupsThatNobodyKnowsMayTellOfAnEnd() {
    TrialSight one = sight();
    one.hidden = 1;
    one.now = notificationCounters(counters(8, 2, 2));
    QCOMPARE(stateOf(one), State::Unclear);
    one = sight();
    one.joined = true;  // what its group tells may be of those that were in it before
    one.now = notificationCounters(counters(8, 2, 1));
    QCOMPARE(stateOf(one), State::Unclear);
  }

  void countersByReceiverAreClear() {
    const auto labelled = [](int critical, int warnings) {
      return notificationCounters(QStringLiteral("alertmanager_notification_requests_total{integration=\"slack\",receiver_name=\"slack-critical\"} %1\nalertmanager_notification_requests_total{integration=\"slack\",receiver_name=\"slack-warnings\"} %2\n").arg(critical).arg(warnings).toUtf8());
    };
    TrialSight one = sight();
    one.groups += group("slack-warnings", "shop", 25);
    one.before = one.due = labelled(5, 5);
    QVERIFY(one.before.namesReceivers());
    one.now = labelled(5, 6);
    QCOMPARE(stateOf(one), State::Waiting);
    one.now = labelled(6, 6);
    QCOMPARE(stateOf(one), State::Told);
  }

  void twoReceiversOfOneCounterMustBothBeTold() {
    TrialSight one = sight();
    one.receivers = {QStringLiteral("slack-critical"), QStringLiteral("slack-warnings")};
    one.groups += group("slack-warnings", "test", 0);
    one.now = notificationCounters(counters(8, 2, 2));
    for (const TrialMark& mark : trialMarks(one)) QCOMPARE(mark.state, State::Waiting);
    one.now = notificationCounters(counters(9, 2, 2));
    for (const TrialMark& mark : trialMarks(one)) QCOMPARE(mark.state, State::Told);
  }

  void whatIsSaidInTheEnd() {
    TrialSight one = sight();
    one.receivers = {QStringLiteral("%2 %5")};
    const auto said = [&](State state, double rivals) { return trialConclusion(one, {TrialMark{one.receivers[0], QStringLiteral("slack"), state, 1, 2, rivals, rivals <= 0}}, 25s); };
    QCOMPARE(said(State::Told, 0).text, QStringLiteral("%2 %5 was notified by slack."));
    QVERIFY(said(State::Told, 0).outcome.delivered && said(State::Told, 0).outcome.stoppedAt.isEmpty());
    const TrialConclusion unclear = said(State::Unclear, 2);
    QVERIFY(unclear.outcome.unclear && !unclear.outcome.delivered);
    QVERIFY2(unclear.text.startsWith(QLatin1String("Whether %2 %5 was notified cannot be told: of the notifications by slack meanwhile 1 went out and 2 failed, and 2 other groups of alerts may")), qPrintable(unclear.text));
    QVERIFY2(unclear.text.endsWith(QStringLiteral("--enable-feature=receiver-name-in-metrics. Look for “test” where the receiver tells of alerts.")), qPrintable(unclear.text));
    one.hidden = 1;
    const QString ended = said(State::Unclear, 1).text;
    QVERIFY2(ended.contains(QLatin1String("another group of alerts that have ended may have made them")) && ended.contains(QLatin1String("After the group_interval of those")), qPrintable(ended));
    QVERIFY(!said(State::Unclear, 2).text.contains(QLatin1String("have ended")));
    one.hidden = 0;
    QVERIFY(said(State::Failing, 0).text.startsWith(QLatin1String("The notification of %2 %5 by slack fails.")));
    QVERIFY(said(State::Failing, 1).text.contains(QLatin1String("other alerts' may be among them")));
    QVERIFY(said(State::Waiting, 0).text.startsWith(QLatin1String("%2 %5 sent no notification within 25 s.")));
    // Of a cluster one member notifies, and it need not be the one that was asked.
    one.now = notificationCounters(counters(7, 2, 0) + "alertmanager_cluster_members 3\n");
    QVERIFY(said(State::Waiting, 0).outcome.unclear && said(State::Waiting, 0).text.contains(QLatin1String("one of 3 in a cluster")));
  }

  // An alert of a group that had been told of for days ended meanwhile, and that was told by the same channel.
  void aGroupThatChangesIsARival() {
    TrialSight one = sight();
    AlertGroup other = group("slack-warnings", "shop", 4000);
    other.alerts.append({QStringLiteral("shop-2"), now - 4'000'000, now});
    one.groups += other;
    std::reverse(other.alerts.begin(), other.alerts.end());
    addLook(one.groups, {one.groups[0], other});
    one.now = notificationCounters(counters(8, 2, 2));
    QCOMPARE(stateOf(one), State::Told);
    other.alerts.removeLast();
    addLook(one.groups, {one.groups[0], other});
    QCOMPARE(one.groups.size(), 2);
    QCOMPARE(stateOf(one), State::Unclear);
    addLook(one.groups, {group("on 'call'", "new", 1)});
    QCOMPARE(one.groups.size(), 3);
  }

  void groupsOfAnAnswer() {
    const auto groups = alertGroups(QJsonDocument::fromJson(R"([{"alerts":[{"annotations":{},"endsAt":"2025-01-01T00:05:00.000Z","fingerprint":"1f","receivers":[{"name":"hook"}],"startsAt":"2025-01-01T00:00:00.000Z","status":{"state":"active"},"updatedAt":"2025-01-01T00:00:01.500Z","labels":{"alertname":"A","instance":"i"}}],"labels":{"alertname":"A"},"receiver":{"name":"hook"}},7])").array());
    QCOMPARE(groups.size(), 2);
    QCOMPARE(groups[0].receiver, QStringLiteral("hook"));
    QVERIFY(groups[0].holds(QStringLiteral("i")) && groups[0].labels.size() == 1);
    QCOMPARE(groups[0].alerts[0].updatedAtMs - groups[0].alerts[0].startsAtMs, 1500);
    QVERIFY(groups[1].receiver.isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestTrialVerdict)
#include "tst_trial_verdict.moc"
