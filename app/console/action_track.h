// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/worker.h"
#include "core/journal/action_events.h"
#include "core/keys/after_action.h"
#include "ui/charts/timeview.h"

#include <QTimer>

namespace cachedeck {

/// Marks on every chart what was done to the open profile's server: what the journal has of the last day, what happens now, also by other programs, and one, five and
/// fifteen minutes later what came of it.
class ActionTrack : public QObject {
  Q_OBJECT
 public:
  /// All outlive this. `configFolder` holds the key that the journal is sealed with.
  ActionTrack(TimeView& view, const History& history, Worker& storage, const Clock& clock, const QString& configFolder, QObject* parent = nullptr);

  /// Follows this server from now on; `endpoint` as connections call it ("10.0.0.5:6379"), may be empty.
  void open(const QString& profile, const QString& endpoint);
  /// Forgets everything, also the notes that are still to come.
  void close();
  /// Something was written to the journal; what concerns another server is left aside. Without being told it is seen a moment later.
  void happened(const JournalEntry& entry);

 Q_SIGNALS:
  /// A note on what an action did was written to the journal.
  void noted(const cachedeck::JournalEntry& note);

 private:
  /// The journal's last day, and how its file was then.
  struct Past {
    QString stamp;
    QList<JournalEntry> entries;
  };
  static std::optional<Past> read(const QString& stamp, const QString& profile, const QString& endpoint, qint64 sinceMs);
  void look();
  void loaded(const QList<JournalEntry>& past);
  void show();
  void lookAfter();
  /// `endMs`: when the action ended.
  void write(const JournalEntry& note, qint64 endMs);

  TimeView& m_view;
  const History& m_history;
  Worker& m_storage;
  const Clock& m_clock;
  const QString m_folder;
  QString m_profile, m_endpoint;
  bool m_isOpen = false;
  int m_generation = 0;  // what was asked for an earlier profile comes too late
  qint64 m_openedMs = 0;
  QList<JournalEntry> m_entries;
  keys::AfterActions m_after;
  QTimer m_timer, m_watch;
  QString m_stamp;
  bool m_looking = false;
};

}  // namespace cachedeck
