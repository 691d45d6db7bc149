// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>

namespace cachedeck {

/// One line of the journal: something that was done, is being done or came to its end.
struct JournalEntry {
  qint64 sequence = 0;     ///< from 1, without gaps; set by append()
  qint64 wallMs = 0;       ///< milliseconds since the Unix epoch
  QString action;          ///< "keys.delete", "keys.ttl", "keys.undo", "unlock", …
  QString phase;           ///< "begin", "end", "note"; an action that has no end was interrupted
  QString operation;       ///< id that begin, end and notes of one action share
  QString user;            ///< of the operating system, "name@host"
  QString profile;         ///< name, and environment in `where`
  QString where;           ///< "production 10.0.0.5:6379 db 0", never a secret
  QString planDigest;      ///< hex SHA-256 of the planned key names, or empty
  QJsonObject counts;      ///< "planned", "done", "gone", … as the action has them
  QString outcome;         ///< of an end: "done", "cancelled", "failed", "interrupted", and for begin empty
  QString text;            ///< reason, typed text, selector, after-action note; plain, redacted

  bool operator==(const JournalEntry&) const = default;
};

/// What verify() found.
struct JournalCheck {
  qint64 entries = 0;          ///< good ones, from the beginning
  bool intact = false;         ///< all of them, and the chain is unbroken
  qint64 brokenAt = 0;         ///< line number of the first bad one, 0 when intact
  QString reason;              ///< what is wrong there, plain English; empty when intact
  QByteArray head;             ///< hex digest of the last good line: noted elsewhere, it proves that nothing was cut off
};

/// The journal of actions: JSON lines, append-only, mode 0600, each line carrying an HMAC-SHA256 over the line before's MAC and itself, so that
/// a line that was changed, removed or put in between is found. Several processes may append. A torn last line (power cut) is set aside at the next append and said.
class Journal {
 public:
  /// $XDG_STATE_HOME/cachedeck/journal.jsonl, else ~/.local/state/cachedeck/journal.jsonl.
  static QString defaultFile();
  Journal(QString file, Secret key);

  /// Writes and syncs one line under a lock; sets sequence, and wallMs and user where they are empty. When this fails the action must not begin.
  Result<JournalEntry> append(JournalEntry entry);
  /// All entries, or the newest `limit`, oldest first. Lines that do not parse are left out; verify() names them.
  Result<QList<JournalEntry>> read(qsizetype limit = -1) const;
  Result<JournalCheck> verify() const;

  const QString& file() const { return m_file; }

 private:
  const QString m_file;
  const Secret m_key;
};

/// The entries as CSV (RFC 4180, a header line, text cells that cannot start a formula) and as a JSON array.
QByteArray journalCsv(const QList<JournalEntry>& entries);
QByteArray journalJson(const QList<JournalEntry>& entries);

/// Where the program keeps its state: $XDG_STATE_HOME/cachedeck, else ~/.local/state/cachedeck.
QString stateDirectory();

/// A 32-byte key that this user's journal and undo images are sealed with. From the file `state.key` (0600) in the config folder, made with random bytes the first
/// time; under a lock, so that two processes agree. Permission error when the file belongs to somebody else; an error, and never a new key, when it is damaged.
Result<Secret> stateKey(const QString& configFolder);
/// The same without making one: NotFound when there is none. For what only checks.
Result<Secret> existingStateKey(const QString& configFolder);

}  // namespace cachedeck
