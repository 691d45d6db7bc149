// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/expected.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cachedeck::load {

/// Where requests go: scheme, host and port.
struct Origin {
  bool tls = false;
  std::string host;  ///< name or address, without the brackets of IPv6
  std::uint16_t port = 80;
  bool operator==(const Origin&) const = default;
  /// As the Host header wants it: the port only where it is not the scheme's.
  std::string hostHeader() const;
  std::string text() const;
};

struct Url {
  Origin origin;
  std::string path;  ///< with the query, begins with '/'
};

/// http(s)://host[:port][/path][?query]. User and password in it are refused: they would end in logs.
Expected<Url, std::string> parseUrl(std::string_view text);
/// Where a Location header leads, seen from `base`. Failure for schemes other than http and https.
Expected<Url, std::string> resolveUrl(const Url& base, std::string_view location);

}  // namespace cachedeck::load
