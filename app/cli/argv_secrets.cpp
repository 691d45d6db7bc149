// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/argv_secrets.h"

#include <cstring>

namespace cachedeck {

namespace {

// The password's bytes in "scheme://user:password@…", or an empty range. The last @ before the path ends the user part.
std::pair<char*, char*> passwordIn(char* text) {
  char* start = std::strstr(text, "://");
  if (!start) return {nullptr, nullptr};
  start += 3;
  char* at = nullptr;
  for (char* c = start; *c && *c != '/' && *c != '?' && *c != '#'; ++c)
    if (*c == '@') at = c;
  char* colon = std::strchr(start, ':');
  if (!colon) return {nullptr, nullptr};
  // A password may hold an unescaped slash; then the @ comes after it. Digits alone before the slash are a port.
  const size_t digits = std::strspn(colon + 1, "0123456789");
  if (!at && (digits == 0 || colon[1 + digits] != '/')) at = std::strchr(start, '@');
  if (!at || colon > at) return {nullptr, nullptr};
  if (colon + 1 == at) return {nullptr, nullptr};
  return {colon + 1, at};
}

// "password=…" in a libpq connection string.
std::pair<char*, char*> passwordField(char* text) {
  char* field = std::strstr(text, "password=");
  if (!field) return {nullptr, nullptr};
  field += std::strlen("password=");
  return {field, field + std::strlen(field)};
}

}  // namespace

Arguments takeArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 0; i < argc; ++i) {
    arguments.list.append(QString::fromLocal8Bit(argv[i]));
    for (const auto& [from, to] : {passwordIn(argv[i]), passwordField(argv[i])}) {
      if (from == to) continue;
      arguments.secrets.emplace_back(QByteArray(from, to - from));
      std::memset(from, '*', static_cast<size_t>(to - from));
    }
  }
  return arguments;
}

QString passwordWarning() {
  return QStringLiteral(
      "cachedeck: a password on the command line can be seen by others while the program starts and stays in the shell's history.\n"
      "Better: the environment (CACHEDECK_REDIS_PASSWORD, CACHEDECK_POSTGRES_PASSWORD, CACHEDECK_PROMETHEUS_PASSWORD), the keyring "
      "(save a profile), ~/.pgpass for PostgreSQL, or leave it out and answer the prompt.");
}

}  // namespace cachedeck
