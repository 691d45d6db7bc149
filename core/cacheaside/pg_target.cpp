// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_target.h"

#include "core/cacheaside/pg_resolver.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

namespace cachedeck::cacheaside {

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Failure usage(std::string message) { return {Failure::Kind::Usage, std::move(message)}; }

Failure notParsed() {
  return usage("The PostgreSQL connection string cannot be read: it takes keyword=value pairs or a postgresql:// URI. "
               "Quote values that hold spaces, and percent-encode special characters of a URI.");
}

Failure notAccepted(std::string_view text) {
  // Only keywords are quoted from libpq's text, never values.
  constexpr std::string_view before = "invalid ", after = " value";
  const auto end = text.find(after);
  if (text.starts_with(before) && end != text.npos) {
    const auto keyword = text.substr(before.size(), end - before.size());
    if (keyword.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == keyword.npos)
      return usage("libpq does not accept the value of “" + std::string(keyword) + "” in the connection string, its service or the environment.");
  }
  if (text.find("service") != text.npos)
    return usage("The service that the connection string or PGSERVICE names is not defined. Check pg_service.conf.");
  if (text.find("could not match") != text.npos)
    return usage("The numbers of PostgreSQL hosts, addresses and ports differ. Give one port, or one for each host.");
  return usage("libpq does not accept the settings of the connection string, its service or the PG… environment.");
}

Values valuesOf(PGconn* connection) {
  Values values;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(connection), PQconninfoFree);
  for (const PQconninfoOption* row = options.get(); row && row->keyword; ++row)
    if (row->val && std::string_view(row->keyword).find("password") == std::string_view::npos) values[row->keyword] = row->val;
  return values;
}

/// libpq merges string, service file, environment and defaults only while it starts a connection. A value that it refuses
/// after merging, and before it opens a socket, makes it do just that; the dummy password keeps it from reading .pgpass.
Outcome<Values> merged(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (!parsed || conninfo.find('\0') != conninfo.npos) return notParsed();
  constexpr std::array keywords{"dbname", "target_session_attrs", "password", static_cast<const char*>(nullptr)};
  const std::array values{conninfo.c_str(), "merge-only", "-", static_cast<const char*>(nullptr)};
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStartParams(keywords.data(), values.data(), 1), PQfinish);
  if (!connection) return Failure{Failure::Kind::Unavailable, "There is not enough memory to connect to PostgreSQL."};
  const std::string_view text = PQerrorMessage(connection.get());
  if (text.find("merge-only") == text.npos) return notAccepted(text);
  return valuesOf(connection.get());
}

std::vector<std::string> listOf(const Values& values, std::string_view keyword) {
  std::vector<std::string> list;
  const auto found = values.find(keyword);
  if (found == values.end() || found->second.empty()) return list;
  for (std::string_view rest = found->second;;) {
    const auto comma = rest.find(',');
    list.emplace_back(rest.substr(0, comma));
    if (comma == rest.npos) return list;
    rest.remove_prefix(comma + 1);
  }
}

bool isName(const std::string& host) { return !host.empty() && host[0] != '/' && host[0] != '@'; }

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& one : list) (text += one) += ',';
  text.pop_back();
  return text;
}

/// Appends host, hostaddr and, where each host has its own, port.
Outcome<void> addAddresses(PgSettings& settings, const Values& values, Time deadline, const std::stop_token& stop) {
  const auto hosts = listOf(values, "host"), known = listOf(values, "hostaddr"), ports = listOf(values, "port");
  if (!known.empty() || std::none_of(hosts.begin(), hosts.end(), isName)) return {};
  std::vector<std::string> names, addresses, itsPorts;
  std::optional<Failure> failure;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    auto found = isName(hosts[i]) ? resolveHost(hosts[i], deadline, stop) : Outcome<std::vector<std::string>>(std::vector<std::string>{""});
    if (!found && found.error().kind == Failure::Kind::Closed) return found.error();
    if (!found) failure = found.error();
    if (!found) continue;
    for (std::string& address : *found) {
      names.push_back(hosts[i]);
      addresses.push_back(std::move(address));
      if (ports.size() > 1) itsPorts.push_back(ports[i]);
    }
  }
  if (names.empty()) return *failure;
  settings.emplace_back("host", joined(names));
  settings.emplace_back("hostaddr", joined(addresses));
  if (!itsPorts.empty()) settings.emplace_back("port", joined(itsPorts));
  return {};
}

}  // namespace

Outcome<void> checkConninfo(const std::string& conninfo) {
  const auto values = merged(conninfo);
  return values ? Outcome<void>() : values.error();
}

Outcome<PgSettings> settingsBeside(const std::string& conninfo, Time deadline, const std::stop_token& stop) {
  const auto values = merged(conninfo);
  if (!values) return values.error();
  PgSettings settings;
  // Keepalives notice an idle link that is dead, tcp_user_timeout one with a statement under way: neither sees both.
  for (const auto& [keyword, value] : {std::pair{"keepalives_idle", "5"}, {"keepalives_interval", "2"}, {"keepalives_count", "3"},
                                       {"tcp_user_timeout", "10000"}, {"client_encoding", "UTF8"}, {"fallback_application_name", "cachedeck-app"}})
    if (!values->contains(keyword)) settings.emplace_back(keyword, value);
  // Looking for a ticket may ask a Kerberos server, and nothing bounds that: only for those who require it.
  const auto gss = values->find("gssencmode");
  if (gss == values->end() || gss->second == "prefer") settings.emplace_back("gssencmode", "disable");
  if (auto added = addAddresses(settings, *values, deadline, stop); !added) return added.error();
  return settings;
}

}  // namespace cachedeck::cacheaside
