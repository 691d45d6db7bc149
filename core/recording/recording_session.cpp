// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recording/recording_session.h"

namespace cachedeck::recording {

namespace {

// What may wait while the disk is full: about a quarter of an hour of five sources, some megabytes.
constexpr size_t mostWaiting = 4096;
// A check of the bounds costs as much as a commit; so many rows take some ten kilobytes.
constexpr qint64 rowsACheck = 100;
// What a power cut can lose at most.
constexpr qint64 syncEveryMs = 60'000;

qint64 trim(std::vector<RecordingRow>& rows) {
  if (rows.size() <= mostWaiting) return 0;
  const auto surplus = static_cast<std::ptrdiff_t>(rows.size() - mostWaiting);
  rows.erase(rows.begin(), rows.begin() + surplus);
  return surplus;
}

bool isFinal(const Error& error) { return error.kind == Error::Kind::Usage || error.kind == Error::Kind::Permission || error.kind == Error::Kind::NotFound; }

}  // namespace

RecordingSession::RecordingSession(const RecordingPlace& place, const RecordingBounds& bounds) : m_place(place), m_bounds(bounds) { m_state.file = place.file; }

void RecordingSession::put(RecordingRow row) {
  const std::lock_guard lock(m_mutex);
  m_inbox.push_back(std::move(row));
  if (m_inbox.size() >= 2 * mostWaiting) m_lost += trim(m_inbox);  // half at a time: moving them up for each row would cost
}

void RecordingSession::takeWaiting() {
  const std::lock_guard lock(m_mutex);
  m_backlog.insert(m_backlog.end(), std::make_move_iterator(m_inbox.begin()), std::make_move_iterator(m_inbox.end()));
  m_inbox.clear();
  m_lost += trim(m_backlog);
  m_state.lost = m_lost;
}

RecorderState RecordingSession::commit(qint64 nowMs, std::stop_token stop) {
  takeWaiting();
  if (m_state.kind != RecorderState::Kind::Failed) {
    const auto written = write(nowMs, stop);
    m_state.kind = written ? RecorderState::Kind::Recording : isFinal(written.error()) ? RecorderState::Kind::Failed : RecorderState::Kind::Paused;
    if (!written) m_state.error = written.error();
    // The other process has these moments in the file already.
    if (!m_store && !written && written.error().kind == Error::Kind::Busy) m_backlog.clear();
  }
  if (m_state.kind == RecorderState::Kind::Failed) m_backlog.clear();
  m_state.waiting = static_cast<qint64>(m_backlog.size());
  return m_state;
}

Result<void> RecordingSession::write(qint64 nowMs, std::stop_token stop) {
  auto written = writeRows(nowMs, stop);
  if (written || written.error().kind != Error::Kind::Protocol) return written;
  // Damaged under our hands: closed, set aside, and once more into a new file.
  m_store.reset();
  m_damage = written.error();
  return writeRows(nowMs, stop);
}

Result<void> RecordingSession::writeRows(qint64 nowMs, std::stop_token stop) {
  if (!m_store) {
    auto store = RecordingStore::open(m_place, m_bounds, nowMs, m_damage);
    if (!store) return store.error();
    m_damage.reset();
    m_store = std::move(*store);
    if (!m_store->notice().isEmpty()) m_state.notice = m_store->notice();
    m_syncedMs = nowMs;
    m_unchecked = rowsACheck;  // what grew old since the last time goes with the first commit
  }
  if (auto added = m_store->append(m_backlog); !added) return added;
  wrote();
  if (m_unchecked >= rowsACheck) {
    if (auto kept = m_store->keepBounds(nowMs, stop); !kept) return kept;
    m_unchecked = 0;
  }
  if (std::abs(nowMs - m_syncedMs) >= syncEveryMs) {
    if (auto synced = m_store->sync(); !synced) return synced;
    m_syncedMs = nowMs;
  }
  m_state.bytes = m_store->bytes();
  m_state.rows = m_store->rows();
  return {};
}

void RecordingSession::wrote() {
  if (m_backlog.empty()) return;
  if (m_state.sinceMs == 0) m_state.sinceMs = m_backlog.front().wallMs;
  m_state.committedMs = m_backlog.back().wallMs;
  m_unchecked += static_cast<qint64>(m_backlog.size());
  m_backlog.clear();
}

void RecordingSession::finish(qint64 nowMs) {
  if (m_state.kind != RecorderState::Kind::Failed) commit(nowMs);
  m_store.reset();
}

}  // namespace cachedeck::recording
