// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilewriter.h"

#include "core/base/log.h"

#include <deque>
#include <mutex>

namespace cachedeck {

/// Shared with jobs, which may end after their writer.
struct ProfileWriter::Queue {
  explicit Queue(const ProfileStore& loaded) : store(loaded) {}

  /// The oldest change, and the store after it; nullopt: somebody else was quicker.
  std::optional<std::pair<Result<void>, ProfileStore>> next() {
    const std::lock_guard writing(writes);  // what is left at the end waits for the one under way
    Change change;
    {
      const std::lock_guard lock(mutex);
      if (changes.empty()) return std::nullopt;
      change = std::move(changes.front());
      changes.pop_front();
    }
    const Result<void> written = change(store);
    return std::pair(written, store);
  }

  std::mutex mutex, writes;
  std::deque<Change> changes;
  ProfileStore store;
};

ProfileWriter::ProfileWriter(ProfileStore& store, Worker& worker, QObject* parent) : QObject(parent), m_store(store), m_worker(worker), m_queue(std::make_shared<Queue>(store)) {}

ProfileWriter::~ProfileWriter() {
  while (const auto left = m_queue->next())
    if (!left->first) qCWarning(lcApp).noquote() << "The profiles were not written:" << left->first.error().message;
}

void ProfileWriter::post(Change change, QObject* context, Done done) {
  {
    const std::lock_guard lock(m_queue->mutex);
    m_queue->changes.push_back(std::move(change));
  }
  m_worker.post(
      this, [queue = m_queue](std::stop_token) { return queue->next(); },
      [this, context = QPointer<QObject>(context), done = std::move(done)](const std::optional<std::pair<Result<void>, ProfileStore>>& outcome) {
        if (!outcome) return;
        m_store = outcome->second;
        if (context) done(outcome->first);
      });
}

}  // namespace cachedeck
