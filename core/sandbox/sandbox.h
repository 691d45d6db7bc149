// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/sandbox/sandbox_info.h"
#include "core/sandbox/server_process.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace cachedeck {

/// How a sandbox is started.
struct SandboxOptions {
  QString dir;      ///< empty: a new private directory
  /// The program whose `sandbox supervise` keeps it; empty: this program.
  QString program;
};

using SandboxProgress = std::function<void(const QString& step)>;

/// A sandbox that belongs to this process: the destructor stops it, and so does the end of the process, however it comes.
class Sandbox {
 public:
  /// Blocks until all servers are ready (seconds), for a Worker; `progress` is called on the calling thread. Errors name
  /// what is missing (NotFound), what failed with the end of its log (Io, Timeout), or Cancelled.
  static Result<std::unique_ptr<Sandbox>> startOwned(const SandboxOptions& options, const SandboxProgress& progress, std::stop_token stop);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// As it was when it became ready; pids change when a server dies and is started again.
  const SandboxInfo& info() const { return m_info; }

 private:
  friend Result<SandboxInfo> sandboxUp(const SandboxOptions&, const SandboxProgress&, std::stop_token);
  Sandbox() = default;
  static Result<std::unique_ptr<Sandbox>> start(const SandboxOptions& options, bool detached, const SandboxProgress& progress, std::stop_token stop);
  Result<void> awaitReady(int statusFd, const SandboxProgress& progress, std::stop_token stop);
  /// Lets the sandbox outlive this process.
  void release();

  SandboxInfo m_info;
  int m_ownerFd = -1;  // the supervisor ends when this closes
  ServerProcess m_supervisor;
};

/// Starts a sandbox that stays until sandboxDown(). One that runs in `dir` already is returned as it is.
Result<SandboxInfo> sandboxUp(const SandboxOptions& options, const SandboxProgress& progress, std::stop_token stop);

/// Stops the sandbox in a directory, or the only one of sandboxBase() that no console owns, and waits until its processes
/// and directory are gone. NotFound when none runs, Usage when there are several.
Result<void> sandboxDown(const QString& dir);

/// The running sandbox in a directory, or the only one of sandboxBase(). `option` is what the caller's arguments call the directory, for the error.
Result<SandboxInfo> sandboxStatus(const QString& dir, const QString& option = QStringLiteral("--dir"));

/// Every running sandbox below sandboxBase() that has finished starting.
QList<SandboxInfo> sandboxList();

}  // namespace cachedeck
