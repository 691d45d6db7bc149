// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sandbox/traffic/http_link.h"
#include "core/sandbox/traffic/traffic.h"

namespace cachedeck::traffic {

/// A virtual user of the sample service: logs in when first needed, and again when its token is no longer taken.
class ServiceUser {
 public:
  explicit ServiceUser(const TrafficTarget& target);

  /// The answer; nothing when the service is away, or does not let the user in.
  std::optional<Reply> ask(const Request& request, std::stop_token stop);

 private:
  bool logIn(std::stop_token stop);

  HttpLink m_link;
  const QByteArray m_credentials;  // the body of the login
  QByteArray m_authorization;      // the header line; empty before the login
};

}  // namespace cachedeck::traffic
