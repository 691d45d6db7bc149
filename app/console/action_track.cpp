// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/action_track.h"

#include "core/base/log.h"

#include <QDateTime>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qint64 dayMs = 24 * 3600 * 1000LL;  // the longest range of the charts
constexpr qsizetype mostEntries = 4000;
constexpr int watchMs = 2000;

/// A note that could not be written has no number.
QSet<qint64> numbersOf(const QList<JournalEntry>& entries) {
  QSet<qint64> numbers;
  for (const JournalEntry& entry : entries)
    if (entry.sequence > 0) numbers.insert(entry.sequence);
  return numbers;
}

/// Another console that is open on this server has been quicker.
bool isNoted(const Journal& journal, const JournalEntry& note, qint64 endMs) {
  const Result<QList<JournalEntry>> entries = journal.read(mostEntries);
  const QLatin1String minutes("minutes_after");
  return entries && std::ranges::any_of(*entries, [&](const JournalEntry& one) {
           return one.phase == note.phase && one.operation == note.operation && one.action == note.action && one.counts[minutes] == note.counts[minutes] &&
                  one.wallMs >= endMs;
         });
}

}  // namespace

ActionTrack::ActionTrack(TimeView& view, const History& history, Worker& storage, const Clock& clock, const QString& configFolder, QObject* parent)
    : QObject(parent), m_view(view), m_history(history), m_storage(storage), m_clock(clock), m_folder(configFolder) {
  m_timer.setInterval(1000);
  connect(&m_timer, &QTimer::timeout, this, &ActionTrack::lookAfter);
  m_watch.setInterval(watchMs);
  connect(&m_watch, &QTimer::timeout, this, &ActionTrack::look);
}

void ActionTrack::open(const QString& profile, const QString& endpoint) {
  close();
  m_profile = profile;
  m_endpoint = endpoint;
  m_isOpen = true;
  m_openedMs = m_clock.now().wallMs;
  m_watch.start();
  look();
}

/// Nothing when the file is as it was.
std::optional<ActionTrack::Past> ActionTrack::read(const QString& stamp, const QString& profile, const QString& endpoint, qint64 sinceMs) {
  const QFileInfo file(Journal::defaultFile());
  Past past{QStringLiteral("%1 %2").arg(file.size()).arg(file.lastModified().toMSecsSinceEpoch()), {}};
  if (past.stamp == stamp) return std::nullopt;
  const Result<QList<JournalEntry>> entries = Journal(Journal::defaultFile(), Secret()).read(mostEntries);
  if (!entries) {
    qCWarning(lcApp).noquote() << "The journal's actions are not marked on the charts:" << entries.error().message;
    return past;
  }
  for (const JournalEntry& entry : *entries)
    if (entry.wallMs >= sinceMs && concerns(entry, profile, endpoint)) past.entries.append(entry);
  return past;
}

void ActionTrack::look() {
  if (m_looking) return;
  m_looking = true;
  m_storage.post(
      this, [stamp = m_stamp, profile = m_profile, endpoint = m_endpoint, since = m_openedMs - dayMs](std::stop_token) { return read(stamp, profile, endpoint, since); },
      [this, generation = m_generation](const std::optional<Past>& past) {
        if (generation != m_generation) return;
        m_looking = false;
        if (!past) return;
        m_stamp = past->stamp;
        loaded(past->entries);
      });
}

void ActionTrack::close() {
  ++m_generation;
  m_isOpen = false;
  m_entries.clear();
  m_after.clear();
  m_timer.stop();
  m_watch.stop();
  m_stamp.clear();
  m_looking = false;
  m_view.setActions({});
}

// What happened while the journal was read may be in both.
void ActionTrack::loaded(const QList<JournalEntry>& past) {
  const QSet<qint64> before = numbersOf(m_entries), now = numbersOf(past);
  for (const JournalEntry& entry : past) {
    // What ended before this console came has nothing before it to compare with.
    if (!before.contains(entry.sequence) && (entry.phase == QLatin1String("begin") || entry.wallMs >= m_openedMs)) m_after.take(entry);
  }
  QList<JournalEntry> all = past;
  for (const JournalEntry& entry : std::as_const(m_entries))
    if (!now.contains(entry.sequence)) all.append(entry);
  m_entries = std::move(all);
  if (!m_after.isEmpty()) m_timer.start();
  show();
}

void ActionTrack::happened(const JournalEntry& entry) {
  if (!m_isOpen || !concerns(entry, m_profile, m_endpoint)) return;
  if (numbersOf(m_entries).contains(entry.sequence)) return;
  m_entries.append(entry);
  while (m_entries.size() > mostEntries) m_entries.removeFirst();
  m_after.take(entry);
  if (!m_after.isEmpty()) m_timer.start();
  show();
}

void ActionTrack::show() { m_view.setActions(actionEvents(m_entries, m_openedMs)); }

void ActionTrack::lookAfter() {
  for (const keys::AfterActions::Due& due : m_after.due(m_clock.now().wallMs)) {
    const keys::AfterFigures figures = keys::afterFigures(m_history, due.beginMs, due.end.wallMs, due.atMs());
    if (!figures.isEmpty()) write(keys::afterNote(due, figures), due.end.wallMs);
  }
  if (m_after.isEmpty()) m_timer.stop();
}

void ActionTrack::write(const JournalEntry& note, qint64 endMs) {
  m_storage.post(
      this,
      [folder = m_folder, note, endMs](std::stop_token) -> Result<JournalEntry> {
        Result<Secret> key = stateKey(folder);
        if (!key) return key.error();
        Journal journal(Journal::defaultFile(), std::move(*key));
        if (isNoted(journal, note, endMs)) return fail(Error::Kind::Cancelled, QString());
        return journal.append(note);
      },
      [this, note, generation = m_generation](const Result<JournalEntry>& written) {
        if (!written && written.error().isCancelled()) return;  // it is seen in the journal
        if (!written) qCWarning(lcApp).noquote() << "A note on an action was not written to the journal:" << written.error().message;
        if (generation == m_generation) happened(written ? *written : note);
        if (written) Q_EMIT noted(*written);
      });
}

}  // namespace cachedeck
