// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/redis_errors.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace cachedeck::cacheaside {

namespace {

/// How a server's text begins, and what to say then.
struct Row {
  std::string_view begin;
  Failure::Kind kind;
  bool away;
  std::string_view says;  ///< behind "Redis at host:port "
};

using enum Failure::Kind;

constexpr std::array rows{
    Row{"NOAUTH", Auth, true, "wants a password. Give one with the Redis settings."},
    Row{"WRONGPASS", Auth, true, "does not accept the user name or password. Check the Redis settings."},
    Row{"ERR invalid password", Auth, true, "does not accept the password. Check the Redis settings."},
    Row{"ERR AUTH", Auth, true, "has no password, but one is given. Remove it from the Redis settings."},
    Row{"ERR Client sent AUTH", Auth, true, "has no password, but one is given. Remove it from the Redis settings."},
    Row{"LOADING", Unavailable, true, "is still loading its data. It is asked again until it is ready."},
    Row{"BUSY ", Unavailable, true, "is busy with a script. It is asked again until that ends."},
    Row{"MASTERDOWN", Unavailable, true, "is a replica that lost its primary. Restore the link between the two."},
    Row{"READONLY", Unavailable, true, "is a read-only replica. Give the address of the primary."},
    Row{"MISCONF", Unavailable, true, "refuses writes because it cannot save to its disk. Look at the disk and at Redis's log."},
    Row{"NOREPLICAS", Unavailable, true, "refuses writes because too few replicas are connected. Restore the replicas."},
    Row{"MOVED", Unavailable, true, "is part of a Redis Cluster, which this cache cannot use. Give a standalone Redis."},
    Row{"ASK ", Unavailable, true, "is part of a Redis Cluster, which this cache cannot use. Give a standalone Redis."},
    Row{"CLUSTERDOWN", Unavailable, true, "is part of a Redis Cluster, which this cache cannot use. Give a standalone Redis."},
    Row{"ERR max number of clients", Unavailable, true, "has as many clients as it allows. Raise its maxclients or end other clients."},
    Row{"ERR DB index", Usage, true, "does not have the database number that is set. Check the Redis settings."},
    Row{"OOM", Query, false, "is full and may not evict: the value was not stored. Raise maxmemory or set a maxmemory-policy."},
};

/// Without control characters, and not longer than a message should be.
std::string readable(std::string_view text) {
  std::string out(text.substr(0, 200));
  std::ranges::replace_if(out, [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

Failure forbidden(const std::string& subject, std::string_view command, std::string_view serverText) {
  const std::string asked = "the command " + std::string(command);
  if (areKeysForbidden(serverText))
    return {Query, subject + "does not allow this user " + asked + " on some of these keys. Grant him their pattern with ACL SETUSER, as in ~risk:*."};
  const std::string grant = " Grant it with ACL SETUSER: +" + lower(command) + ".";
  if (command == "UNLINK" || command == "SCAN")
    return {Auth, subject + "does not allow this user " + asked + ", without which nothing can be invalidated: the cache is not used." + grant};
  return {Query, subject + "does not allow this user " + asked + "." + grant};
}

}  // namespace

bool isForbidden(std::string_view serverText) { return serverText.starts_with("NOPERM"); }

bool areKeysForbidden(std::string_view serverText) {
  // Redis 6, 7.0: "… no permissions to access one of the keys used as arguments"; from 7.2: "No permissions to access a key". The other kind is
  // "… no permissions to run the 'scan' command", with a user's name in it.
  return isForbidden(serverText) && serverText.find("permissions to run") == std::string_view::npos && serverText.find("key") != std::string_view::npos;
}

Refusal refusal(const std::string& place, std::string_view command, std::string_view serverText) {
  const std::string subject = "Redis at " + place + " ";
  const auto row = std::ranges::find_if(rows, [&](const Row& candidate) { return serverText.starts_with(candidate.begin); });
  if (row != rows.end()) return {{row->kind, subject + std::string(row->says)}, row->away};
  if (command == "AUTH")  // Redis repeats the arguments of a command that it does not know: not into a message
    return {{Auth, subject + "refused to authenticate. Check its version and the Redis settings."}, true};
  if (isForbidden(serverText)) return {forbidden(subject, command, serverText), false};
  return {{Query, subject + "refused " + std::string(command) + ": " + readable(serverText)}, false};
}

}  // namespace cachedeck::cacheaside
