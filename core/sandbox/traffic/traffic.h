// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <thread>
#include <vector>

namespace cachedeck {

/// Where the traffic goes, with the account of the application and that of the service's users.
struct TrafficTarget {
  quint16 redisPort = 0;
  quint16 postgresPort = 0;
  quint16 samplePort = 0;
  QByteArray user;
  QByteArray password;
  QByteArray database;
  QByteArray sampleUser;
  QByteArray samplePassword;
};

/// Steady, varying traffic: virtual users of the sample service, and what else uses its database and its cache. Takes about
/// a tenth of one core.
class Traffic {
 public:
  explicit Traffic(const TrafficTarget& target);
  ~Traffic() { join(); }

  /// The threads end when their present wait does; stop the servers meanwhile, then join.
  void requestStop();
  void join();

 private:
  std::vector<std::jthread> m_threads;
};

}  // namespace cachedeck
