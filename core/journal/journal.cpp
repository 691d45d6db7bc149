// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"

#include "core/base/clock.h"
#include "core/journal/chain.h"
#include "core/journal/entry.h"
#include "core/journal/journal_file.h"

#include <QFileInfo>

#include <algorithm>

namespace cachedeck {

namespace {

Error withoutKey() { return fail(Error::Kind::Usage, QStringLiteral("The journal's key (state.key) is not known, so its lines can be neither sealed nor checked.")); }

// Lines on top of a damaged one would blur what happened: the file is evidence and is left for a person to look at.
Result<ChainLink> lastLink(const JournalTail& tail, const Secret& key, const QString& path) {
  if (tail.wholeEnd == 0) return ChainLink();
  const auto line = takeApart(tail.lastLine);
  const auto entry = line && sealFits(*line, key) ? journalEntry(line->fields) : std::nullopt;
  if (!entry)
    return fail(Error::Kind::Protocol, QStringLiteral("The last line of the journal %1 does not fit its seal: it was changed, or written with another state.key. "
                                                      "Check it (cachedeck journal verify) and move the file away; a new journal is begun then.")
                                           .arg(path));
  return ChainLink{line->mac, entry->sequence};
}

Result<JournalEntry> appendAfter(ChainLink& link, JournalEntry entry, JournalFile& file, const Secret& key) {
  entry.sequence = link.sequence + 1;
  const QByteArray line = sealedLine(entry, link, key);
  if (line.size() > largestJournalLine)
    return fail(Error::Kind::Usage, QStringLiteral("An entry of the journal may have %1 KiB; this one has %2 KiB. Shorten its text.")
                                        .arg(largestJournalLine >> 10)
                                        .arg(line.size() >> 10));
  if (auto written = file.append(line + '\n'); !written) return written.error();
  link = {takeApart(line)->mac, entry.sequence};
  return entry;
}

JournalEntry tornNote(const JournalTail& tail, const QString& aside, qint64 nowMs) {
  JournalEntry note;
  note.action = QStringLiteral("journal.repair");
  note.phase = QStringLiteral("note");
  note.counts = {{QStringLiteral("bytes"), tail.fileEnd - tail.wholeEnd}};
  note.text = QStringLiteral("The last line had not been written to its end (power cut, full disk or killed process); what there was of it lies in %1.")
                  .arg(QFileInfo(aside).fileName());
  return completed(note, nowMs);
}

}  // namespace

QString Journal::defaultFile() { return stateDirectory() + QStringLiteral("/journal.jsonl"); }

Journal::Journal(QString file, Secret key) : m_file(std::move(file)), m_key(std::move(key)) {}

Result<JournalEntry> Journal::append(JournalEntry entry) {
  if (m_key.size() == 0) return withoutKey();
  const qint64 now = SystemClock().now().wallMs;
  entry = completed(std::move(entry), now);
  if (entry.action.isEmpty()) return fail(Error::Kind::Usage, QStringLiteral("An entry of the journal needs the name of its action."));
  auto file = JournalFile::toAppend(m_file);
  if (!file) return file.error();
  const auto tail = file->tail();
  if (!tail) return tail.error();
  auto link = lastLink(*tail, m_key, m_file);
  if (!link) return link.error();
  if (tail->torn()) {
    const auto aside = file->setTornAside(*tail, now);
    if (!aside) return aside.error();
    if (auto noted = appendAfter(*link, tornNote(*tail, *aside, now), *file, m_key); !noted) return noted;
  }
  return appendAfter(*link, std::move(entry), *file, m_key);
}

Result<QList<JournalEntry>> Journal::read(qsizetype limit) const {
  QList<JournalEntry> entries;
  if (limit == 0) return entries;
  const auto file = JournalFile::toRead(m_file);
  if (!file && file.error().kind == Error::Kind::NotFound) return entries;
  if (!file) return file.error();
  const auto done = file->forEachLineFromEnd([&](const QByteArray& line) {
    const auto parts = takeApart(line);
    if (const auto entry = parts ? journalEntry(parts->fields) : std::nullopt) entries.append(*entry);
    return entries.size() != limit;
  });
  if (!done) return done.error();
  std::reverse(entries.begin(), entries.end());
  return entries;
}

Result<JournalCheck> Journal::verify() const {
  if (m_key.size() == 0) return withoutKey();
  const auto file = JournalFile::toRead(m_file);
  if (!file) return file.error();
  JournalCheck check;
  ChainLink link;
  const auto done = file->forEachLine([&](const QByteArray& line, bool whole) {
    check.reason = whole ? follow(line, m_key, link)
                         : QStringLiteral("It has not been written to its end (power cut, full disk or killed process), or its end was changed. The next action sets it aside.");
    if (check.reason.isEmpty()) ++check.entries;
    else check.brokenAt = check.entries + 1;
    return check.reason.isEmpty();
  });
  if (!done) return done.error();
  check.intact = check.brokenAt == 0;
  if (check.entries > 0) check.head = link.mac;
  return check;
}

}  // namespace cachedeck
