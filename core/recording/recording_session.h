// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/recording/recording_store.h"

#include <mutex>

namespace cachedeck::recording {

/// How a recording stands.
struct RecorderState {
  enum class Kind {
    Opening,    ///< before the first commit
    Recording,
    Paused,     ///< `error` says why; tried again with every commit: no room, or another process records into the file
    Failed      ///< `error` says why; not tried again: a newer format, no right
  };
  Kind kind = Kind::Opening;
  QString file;
  qint64 sinceMs = 0;          ///< wall time of the first row of this session; 0: none yet
  qint64 committedMs = 0;      ///< wall time of the newest row on disk
  qint64 rows = 0, bytes = 0;  ///< of the whole file
  qint64 waiting = 0;          ///< rows that are not on disk yet
  qint64 lost = 0;             ///< rows that were given up while it was paused
  std::optional<Error> error;  ///< the last one; it still holds when Paused or Failed
  QString notice;              ///< of a damaged file that was set aside; a sentence, or empty
};

/// What the Recorder's thread does: takes rows from any thread, writes them on its own.
class RecordingSession {
 public:
  RecordingSession(const RecordingPlace& place, const RecordingBounds& bounds);

  /// From any thread; holds a lock only as long as a row is moved. When too many wait, the oldest are given up.
  void put(RecordingRow row);
  /// Opens the file where needed and writes what waits. On the Recorder's thread, as the next one.
  RecorderState commit(qint64 nowMs, std::stop_token stop = {});
  /// Writes what waits and closes the file.
  void finish(qint64 nowMs);

 private:
  Result<void> write(qint64 nowMs, std::stop_token stop);
  Result<void> writeRows(qint64 nowMs, std::stop_token stop);
  void takeWaiting();
  void wrote();

  const RecordingPlace m_place;
  const RecordingBounds m_bounds;
  std::mutex m_mutex;
  std::vector<RecordingRow> m_inbox;  // guarded
  qint64 m_lost = 0;                  // guarded
  std::vector<RecordingRow> m_backlog;
  std::unique_ptr<RecordingStore> m_store;
  std::optional<Error> m_damage;
  RecorderState m_state;
  qint64 m_syncedMs = 0;
  qint64 m_unchecked = 0;  // rows since the bounds were looked at
};

}  // namespace cachedeck::recording
