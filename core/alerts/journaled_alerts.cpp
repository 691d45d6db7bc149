// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/alerts/journaled_alerts.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/journal/journal.h"
#include "core/metrics/format.h"

#include <QUuid>

namespace cachedeck {

namespace {

constexpr qsizetype longestText = 2000;

QString conditionsOf(const Silence& silence) {
  QStringList parts;
  for (const Matcher& matcher : silence.matchers) parts << matcherText(matcher);
  return parts.join(QStringLiteral(", "));
}

QString textOf(const Silence& silence) {
  QString text = QStringLiteral("%1 for %2").arg(conditionsOf(silence), formatDuration(static_cast<double>(silence.endsAtMs - silence.startsAtMs) / 1000.0));
  if (!silence.comment.isEmpty()) text += QStringLiteral(" (%1)").arg(silence.comment);
  return printable(text, longestText);
}

/// How an action ended, for the journal.
struct Ending {
  QString outcome, text;
};
Ending failed(const Error& error) { return {error.isCancelled() ? QStringLiteral("cancelled") : QStringLiteral("failed"), printable(error.message, longestText)}; }

/// `tell` makes the ending of what `act` gives.
template <typename Act, typename Tell>
auto journaled(const AlertJournal& place, const AlertmanagerClient& client, const char* action, const QString& text, Act act, Tell tell) -> decltype(act()) {
  Result<Secret> key = stateKey(place.configFolder);
  if (!key) return key.error();
  Journal journal(Journal::defaultFile(), std::move(*key));
  JournalEntry entry;
  entry.action = QLatin1String(action);
  entry.phase = QStringLiteral("begin");
  entry.operation = QUuid::createUuid().toString(QUuid::WithoutBraces);
  entry.profile = place.profile;
  entry.where = QStringLiteral("%1 %2").arg(place.environment, client.endpoint());
  entry.text = text;
  if (auto begun = journal.append(entry); !begun) return begun.error();
  auto result = act();
  const Ending ending = result ? tell(result) : failed(result.error());
  entry.phase = QStringLiteral("end");
  entry.outcome = ending.outcome;
  entry.text = ending.text;
  // It is done, so the person is told of that; the begin stays without an end.
  if (auto ended = journal.append(entry); !ended) qCWarning(lcApp).noquote() << "How" << action << "ended was not written to the journal:" << ended.error().message;
  return result;
}

QString done() { return QStringLiteral("done"); }

Ending endingOf(const TrialOutcome& outcome) {
  if (outcome.unclear) return {done(), printable(outcome.stoppedAt, longestText)};
  if (!outcome.delivered) return {QStringLiteral("failed"), printable(outcome.stoppedAt, longestText)};
  return {done(), printable(QStringLiteral("delivered to %1 by %2").arg(outcome.receivers.join(QStringLiteral(", ")), outcome.integrations.join(QStringLiteral(", "))), longestText)};
}

}  // namespace

Result<QString> silenceJournaled(AlertmanagerClient& client, const Silence& silence, const AlertJournal& place, std::stop_token stop) {
  return journaled(
      place, client, "alerts.silence", textOf(silence), [&] { return client.silence(silence, stop); },
      [](const Result<QString>& id) { return Ending{done(), printable(QStringLiteral("its id is %1").arg(*id), longestText)}; });
}

Result<void> expireJournaled(AlertmanagerClient& client, const Silence& silence, const AlertJournal& place, std::stop_token stop) {
  return journaled(
      place, client, "alerts.expire", textOf(silence), [&] { return client.expire(silence.id, stop); },
      [&](const Result<void>&) { return Ending{done(), printable(QStringLiteral("its id was %1").arg(silence.id), longestText)}; });
}

Result<TrialOutcome> tryAlertJournaled(AlertmanagerClient& client, const TrialOptions& options, const AlertJournal& place, const Clock& clock, const std::function<void(const TrialStep&)>& step,
                                       const std::stop_token& stop) {
  return journaled(
      place, client, "alerts.test", printable(QStringLiteral("severity %1").arg(options.severity), longestText), [&] { return tryAlert(client, options, clock, step, stop); },
      [](const Result<TrialOutcome>& outcome) { return endingOf(*outcome); });
}

}  // namespace cachedeck
