// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/argv_secrets.h"

#include <algorithm>
#include <cstring>

namespace cachedeck::sample {
namespace {

using Range = std::pair<std::size_t, std::size_t>;

// Between the colon after the user and the last @ before the path. A password may hold an unescaped slash; then the @ comes after it, while digits
// alone before the slash are a port.
void addUserPart(const std::string& text, std::vector<Range>& found) {
  std::size_t start = text.find("://");
  if (start == std::string::npos) return;
  start += 3;
  const std::size_t pathAt = std::min(text.find_first_of("/?#", start), text.size());
  std::size_t at = text.substr(0, pathAt).rfind('@');
  const std::size_t colon = text.find(':', start);
  if (colon == std::string::npos) return;
  if (at == std::string::npos || at < start) {
    const std::size_t digitsEnd = text.find_first_not_of("0123456789", colon + 1);
    const bool port = digitsEnd == std::string::npos || (digitsEnd > colon + 1 && text[digitsEnd] == '/');
    at = port ? std::string::npos : text.find('@', start);
  }
  if (at != std::string::npos && colon + 1 < at) found.emplace_back(colon + 1, at - colon - 1);
}

// password=… of a connection string, also 'quoted', or of a URL's query.
void addFields(const std::string& text, std::vector<Range>& found) {
  for (std::size_t at = 0; (at = text.find("password", at)) != std::string::npos;) {
    at = text.find_first_not_of(' ', at + std::strlen("password"));
    if (at == std::string::npos || text[at] != '=') continue;
    at = text.find_first_not_of(' ', at + 1);
    if (at == std::string::npos) return;
    const bool quoted = text[at] == '\'';
    std::size_t end = at + (quoted ? 1 : 0);
    while (end < text.size() && (quoted ? text[end] != '\'' : !std::strchr(" \t&", text[end]))) end += text[end] == '\\' ? 2 : 1;
    end = std::min(end, text.size());
    const std::size_t begin = at + (quoted ? 1 : 0);
    if (end > begin) found.emplace_back(begin, end - begin);
    at = end;
  }
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> passwordsIn(const std::string& argument) {
  std::vector<Range> found;
  addUserPart(argument, found);
  addFields(argument, found);
  return found;
}

TakenArguments takeArguments(int argc, char** argv) {
  TakenArguments taken;
  for (int i = 0; i < argc; ++i) {
    const std::string argument = argv[i];
    for (const auto& [at, size] : passwordsIn(argument)) {
      taken.secrets.push_back(argument.substr(at, size));
      std::memset(argv[i] + at, '*', size);
    }
    taken.list.push_back(argument);
  }
  return taken;
}

}  // namespace cachedeck::sample
