// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/load/url.h"

#include <charconv>

namespace cachedeck::load {

namespace {

bool startsWithNoCase(std::string_view text, std::string_view head) {
  if (text.size() < head.size()) return false;
  for (std::size_t i = 0; i < head.size(); ++i)
    if ((text[i] | 0x20) != head[i]) return false;
  return true;
}

bool isClean(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  return true;
}

Expected<Origin, std::string> parseAuthority(std::string_view authority, bool tls) {
  Origin origin;
  origin.tls = tls;
  origin.port = tls ? 443 : 80;
  if (authority.find('@') != std::string_view::npos) return std::string("The URL holds a user name or password. Leave it out, and pass it in a header of the scenario.");
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::string("The address has a '[' without a ']'.");
    origin.host = authority.substr(1, end - 1);
    const std::string_view rest = authority.substr(end + 1);
    if (!rest.empty() && rest[0] != ':') return std::string("After ']' only a port may come.");
    if (!rest.empty()) port = rest.substr(1);
  } else {
    const std::size_t colon = authority.rfind(':');
    origin.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
  }
  if (origin.host.empty()) return std::string("The URL names no host.");
  if (!port.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535) return "\"" + std::string(port) + "\" is not a port from 1 to 65535.";
    origin.port = static_cast<std::uint16_t>(number);
  }
  return origin;
}

}  // namespace

std::string Origin::hostHeader() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string Origin::text() const { return (tls ? "https://" : "http://") + hostHeader(); }

Expected<Url, std::string> parseUrl(std::string_view text) {
  const bool tls = startsWithNoCase(text, "https://");
  if (!tls && !startsWithNoCase(text, "http://")) return "\"" + std::string(text.substr(0, 200)) + "\" is not a URL. It begins with http:// or https://.";
  if (!isClean(text)) return std::string("The URL holds a space or a control character. Write it percent-encoded, a space as %20.");
  const std::string_view rest = text.substr(tls ? 8 : 7);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  Expected<Origin, std::string> origin = parseAuthority(rest.substr(0, end), tls);
  if (!origin) return origin.error();
  std::string_view tail = rest.substr(end);
  tail = tail.substr(0, tail.find('#'));
  Url url{*origin, std::string(tail)};
  if (!url.path.starts_with('/')) url.path.insert(0, 1, '/');
  return url;
}

Expected<Url, std::string> resolveUrl(const Url& base, std::string_view location) {
  if (startsWithNoCase(location, "http://") || startsWithNoCase(location, "https://")) return parseUrl(location);
  if (location.starts_with("//")) return parseUrl((base.origin.tls ? "https:" : "http:") + std::string(location));
  if (!isClean(location)) return std::string("a Location with a control character");
  const std::size_t colon = location.find(':'), slash = location.find_first_of("/?#");
  if (colon != std::string_view::npos && colon < slash) return std::string("a Location of another scheme");
  Url url = base;
  const std::string_view tail = location.substr(0, location.find('#'));
  if (tail.empty()) return url;
  const std::string path = base.path.substr(0, base.path.find('?'));
  if (tail[0] == '/') url.path = tail;
  else if (tail[0] == '?') url.path = path + std::string(tail);
  else url.path = path.substr(0, path.rfind('/') + 1) + std::string(tail);
  return url;
}

}  // namespace cachedeck::load
