// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/sandbox/spawn.h"

#include <chrono>
#include <stop_token>

namespace cachedeck {

/// A server that runs as our child. Its destructor stops it.
class ServerProcess {
 public:
  ServerProcess() = default;
  ~ServerProcess();
  ServerProcess(ServerProcess&& other) noexcept;
  ServerProcess& operator=(ServerProcess&& other) noexcept;

  static Result<ServerProcess> start(LaunchSpec spec);

  /// 0 before the start and after the end.
  pid_t pid() const { return m_pid; }
  const LaunchSpec& spec() const { return m_spec; }
  bool running();
  /// "exit code 1" or "signal 9"; empty while it runs.
  QString ending() const { return m_ending; }
  /// As waitpid gives it; -1 before the end.
  int status() const { return m_status; }
  /// True when the process exited by itself with code 0.
  bool succeeded() const { return m_status == 0; }

  /// To the server, and with `family` to its own children too.
  void signal(int number, bool family = false);
  /// Waits for the end; false when the deadline or the stop came first.
  bool wait(const Deadline& deadline, std::stop_token stop = {});
  /// Asks it to end, with its stop signal; kills it and its children when it has not done so in time.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));
  /// The two halves of stop(), so that several servers can end at the same time.
  void requestStop();
  void finishStop(const Deadline& deadline);

  /// Forgets the process, which lives on.
  void leave() { m_pid = 0; }

  /// The end of its log, for messages.
  QString logTail(qsizetype lines = 6) const;

 private:
  LaunchSpec m_spec;
  pid_t m_pid = 0;
  int m_status = -1;
  QString m_ending;
};

/// Runs a program to its end and returns what it wrote. Fails when it cannot start, fails, or is not done in time.
Result<QByteArray> runProgram(LaunchSpec spec, const Deadline& deadline, std::stop_token stop = {});

}  // namespace cachedeck
