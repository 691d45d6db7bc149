// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/action_events.h"

#include "core/base/amounts.h"
#include "core/base/text.h"

#include <QHash>

#include <algorithm>
#include <array>

namespace cachedeck {

namespace {

using Kind = ActionEvent::Kind;
using State = ActionEvent::State;

/// What the text of a begin is: what is done, ": " and what was selected ("Set TTL 1 h: risk:* (reason)"); all that is done; or what it is done to: the name of a key or scenario, the conditions of a silence.
enum class Text { DoneAndSelected, Done, Key };

struct KindRow {
  const char* action;
  Kind kind;
  Text text;
  const char* title;
};
constexpr std::array kinds = std::to_array<KindRow>({
    {"keys.delete", Kind::Delete, Text::DoneAndSelected, "Delete"},
    {"keys.flushdb", Kind::Delete, Text::Done, "Empty the database"},
    {"keys.flushall", Kind::Delete, Text::Done, "Empty every database"},
    {"keys.ttl", Kind::Ttl, Text::DoneAndSelected, "Change TTL"},
    {"keys.undo", Kind::Undo, Text::DoneAndSelected, "Undo"},
    {"keys.edit", Kind::Edit, Text::Key, "Edit"},
    {"load.run", Kind::Load, Text::Key, "Load run"},
    {"alerts.silence", Kind::Other, Text::Key, "Silence"},
    {"alerts.expire", Kind::Other, Text::Key, "End the silence"},
    {"alerts.test", Kind::Other, Text::Key, "Test alert:"},
});

/// How the journal calls what was counted, and how a person does.
struct CountRow {
  const char* key;
  const char* word;
};
constexpr std::array countRows = std::to_array<CountRow>({{"deleted", "deleted"}, {"changed", "changed"}, {"restored", "restored"}, {"gone", "already gone"},
                                                           {"kept", "left as they are"}, {"overtaken", "written by others"}, {"expired", "expired meanwhile"},
                                                           {"refused", "refused"}});

const KindRow* rowOf(const QString& action) {
  const auto row = std::ranges::find_if(kinds, [&](const KindRow& one) { return action == QLatin1String(one.action); });
  return row == kinds.end() ? nullptr : &*row;
}

QString keysOf(qint64 number) { return number == 1 ? QStringLiteral("1 key") : QStringLiteral("%1 keys").arg(countText(number)); }

QString labelOf(const JournalEntry& begin, const KindRow& row) {
  const QString title = QString::fromLatin1(row.title);
  const qint64 planned = begin.counts[QLatin1String("planned")].toInteger();
  if (row.text == Text::Key) return printable(title + QLatin1Char(' ') + begin.text, 200);
  if (row.text == Text::Done) return printable(begin.text.isEmpty() ? title : begin.text, 160) + QStringLiteral(" (%1)").arg(keysOf(planned));
  const qsizetype colon = begin.text.indexOf(QLatin1String(": "));
  const QString said = colon < 0 ? QString() : begin.text.left(colon), selected = colon < 0 ? QString() : begin.text.mid(colon + 2);
  const bool ttl = row.kind == Kind::Ttl;
  QString label = ttl && !said.isEmpty() ? said : title;
  if (planned > 0) label += (ttl ? QStringLiteral(" on ") : QStringLiteral(" ")) + keysOf(planned);
  if (!selected.isEmpty()) label += QStringLiteral(": ") + selected;
  return printable(label, 200);
}

State stateOf(const QString& outcome) {
  if (outcome == QLatin1String("done")) return State::Done;
  if (outcome == QLatin1String("cancelled")) return State::Cancelled;
  return outcome == QLatin1String("interrupted") ? State::Interrupted : State::Failed;
}

QString countsText(const QJsonObject& counts) {
  QStringList parts;
  for (const CountRow& row : countRows)
    if (const qint64 number = counts[QLatin1String(row.key)].toInteger(); number > 0) parts << QStringLiteral("%1 %2").arg(countText(number), QLatin1String(row.word));
  return parts.join(QStringLiteral(", "));
}

QString ending(const JournalEntry& end) {
  QStringList parts{printable(end.outcome, 40)};
  if (const QString counts = countsText(end.counts); !counts.isEmpty()) parts << counts;
  return parts.join(QStringLiteral(": "));
}

void addLine(QString& detail, const QString& line) {
  if (line.isEmpty()) return;
  if (!detail.isEmpty()) detail += QLatin1Char('\n');
  detail += line;
}

class Events {
 public:
  explicit Events(qint64 runningSinceMs) : m_runningSinceMs(runningSinceMs) {}

  void take(const JournalEntry& entry) {
    const KindRow* row = rowOf(entry.action);
    if (!row) return;
    if (entry.phase == QLatin1String("begin")) begin(entry, *row);
    else if (entry.phase == QLatin1String("end")) end(entry);
    else if (entry.phase == QLatin1String("note")) note(entry);
  }
  QList<ActionEvent> result() && { return std::move(m_events); }

 private:
  using Key = std::pair<QString, int>;
  /// The newest event of an operation.
  ActionEvent* find(const QString& operation, Kind kind) {
    const auto found = m_newest.constFind(Key(operation, static_cast<int>(kind)));
    return found == m_newest.cend() ? nullptr : &m_events[*found];
  }
  ActionEvent* find(const JournalEntry& entry) { return find(entry.operation, rowOf(entry.action)->kind); }

  /// What an undo takes back.
  QString undoneLabel(const QString& operation) {
    for (const Kind kind : {Kind::Delete, Kind::Ttl})
      if (const ActionEvent* undone = find(operation, kind)) return QStringLiteral(": ") + undone->label;
    return {};
  }

  void begin(const JournalEntry& entry, const KindRow& row) {
    if (ActionEvent* before = find(entry); before && before->state == State::UnderWay) before->state = State::Interrupted;
    ActionEvent event;
    event.fromMs = entry.wallMs;
    event.label = labelOf(entry, row);
    if (row.kind == Kind::Undo) event.label += undoneLabel(entry.operation);
    event.kind = row.kind;
    event.state = entry.wallMs >= m_runningSinceMs ? State::UnderWay : State::Interrupted;
    event.operation = entry.operation;
    m_newest[Key(entry.operation, static_cast<int>(row.kind))] = m_events.size();
    m_events.append(event);
  }

  void end(const JournalEntry& entry) {
    ActionEvent* event = find(entry);
    if (!event || event->toMs != 0) return;
    event->toMs = std::max(entry.wallMs, event->fromMs + 1);
    event->state = stateOf(entry.outcome);
    addLine(event->detail, ending(entry));
    if (event->state == State::Failed) addLine(event->detail, printable(entry.text, 300));
  }

  void note(const JournalEntry& entry) {
    if (ActionEvent* event = find(entry)) addLine(event->detail, printable(entry.text, 500));
  }

  const qint64 m_runningSinceMs;
  QList<ActionEvent> m_events;
  QHash<Key, qsizetype> m_newest;
};

}  // namespace

QList<ActionEvent> actionEvents(const QList<JournalEntry>& entries, qint64 runningSinceMs) {
  Events events(runningSinceMs);
  for (const JournalEntry& entry : entries) events.take(entry);
  QList<ActionEvent> result = std::move(events).result();
  for (ActionEvent& event : result)
    if (event.state == State::Interrupted && event.toMs == 0) event.detail.prepend(event.detail.isEmpty() ? QStringLiteral("interrupted") : QStringLiteral("interrupted\n"));
  return result;
}

bool concerns(const JournalEntry& entry, const QString& profile, const QString& endpoint) {
  if (!profile.isEmpty() && entry.profile == profile) return true;
  const QString padded = QLatin1Char(' ') + entry.where + QLatin1Char(' ');
  return !endpoint.isEmpty() && padded.contains(QLatin1Char(' ') + endpoint + QLatin1Char(' '));
}

}  // namespace cachedeck
