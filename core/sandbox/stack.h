// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/sandbox/inbox.h"
#include "core/sandbox/sandbox_info.h"
#include "core/sandbox/server_process.h"
#include "core/sandbox/server_table.h"
#include "core/sandbox/templates.h"
#include "core/sandbox/traffic/traffic.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace cachedeck {

/// The sandbox's servers with their ports and passwords. Lives on the supervisor's main thread: servers die with the
/// thread that started them.
class Stack {
 public:
  using Progress = std::function<void(const QString&)>;

  /// `dir`: private, empty, and the servers' account may enter it.
  Stack(const QString& dir, const std::optional<RunUser>& user);
  ~Stack() { stop(); }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  /// Everything up, seeded and under traffic. Busy when another program took a port meanwhile: a new Stack may do.
  Result<void> start(const Progress& progress, std::stop_token stop);
  /// Starts servers again that ended two seconds ago, on their ports with their data. True when a pid changed.
  bool revive();
  void stop();

  /// URLs, ports and pids.
  SandboxInfo info() const;

 private:
  struct Server {
    const ServerInfo* info = nullptr;
    quint16 port = 0;
    ServerProcess process;
    bool down = false;  // ended by itself; started again when `retry` is over
    Deadline retry{std::chrono::seconds(0)};
  };
  Result<void> prepare();
  Result<void> launch(Server& server);
  Result<void> launchStage(int stage);
  Result<void> awaitReady(std::stop_token stop);
  Error ended(const Server& server) const;
  TrafficTarget trafficTarget() const;
  quint16 port(const char* id) const;

  const QString m_dir;
  const std::optional<RunUser> m_user;
  TemplateValues m_values;
  QMap<QString, QString> m_programs;
  std::unique_ptr<Inbox> m_inbox;  // where Alertmanager's messages to Slack arrive
  std::vector<Server> m_servers;
  std::unique_ptr<Traffic> m_traffic;
};

}  // namespace cachedeck
