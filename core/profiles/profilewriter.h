// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/worker.h"
#include "core/profiles/profilestore.h"

namespace cachedeck {

/// Changes to the profiles on a Worker, one after the other: writing waits for the disk and for other instances. The store that the window reads follows each.
class ProfileWriter : public QObject {
  Q_OBJECT
 public:
  using Change = std::function<Result<void>(ProfileStore&)>;
  using Done = std::function<void(const Result<void>&)>;

  /// `store` is loaded and outlives this; its own functions that write are not called any more. So does `worker`, or it ends before.
  ProfileWriter(ProfileStore& store, Worker& worker, QObject* parent = nullptr);
  /// What was posted is not lost: what is left of it is written now.
  ~ProfileWriter() override;

  const ProfileStore& store() const { return m_store; }
  /// Runs `change` on the worker; then store() is as the file is, and `done` is called, unless `context` died.
  void post(Change change, QObject* context, Done done);

 private:
  struct Queue;
  ProfileStore& m_store;
  Worker& m_worker;
  std::shared_ptr<Queue> m_queue;
};

}  // namespace cachedeck
