// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/argv_passwords.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace cachedeck {
namespace {

using Range = std::pair<std::size_t, std::size_t>;  // offset and length

// Between the colon after the user and the last @ before the path. A password may hold an unescaped slash; then the @ comes after it, while digits
// alone before the slash are a port.
void addUserPart(std::string_view text, std::vector<Range>& found) {
  std::size_t start = text.find("://");
  if (start == std::string_view::npos) return;
  start += 3;
  const std::size_t pathAt = std::min(text.find_first_of("/?#", start), text.size());
  std::size_t at = text.substr(0, pathAt).rfind('@');
  const std::size_t colon = text.find(':', start);
  if (colon == std::string_view::npos) return;
  if (at == std::string_view::npos || at < start) {
    const std::size_t digitsEnd = text.find_first_not_of("0123456789", colon + 1);
    const bool port = digitsEnd == std::string_view::npos || (digitsEnd > colon + 1 && text[digitsEnd] == '/');
    at = port ? std::string_view::npos : text.find('@', start);
  }
  if (at != std::string_view::npos && colon + 1 < at) found.emplace_back(colon + 1, at - colon - 1);
}

// password=… of a connection string, also 'quoted', or of a URL's query.
void addFields(std::string_view text, std::vector<Range>& found) {
  for (std::size_t at = 0; (at = text.find("password", at)) != std::string_view::npos;) {
    const bool inUrl = text.substr(0, at).find("://") != std::string_view::npos;
    const std::string_view ends = inUrl ? "&" : " \t\n\v\f\r";
    at = text.find_first_not_of(' ', at + std::strlen("password"));
    if (at == std::string_view::npos || text[at] != '=') continue;
    at = text.find_first_not_of(' ', at + 1);
    if (at == std::string_view::npos) return;
    const bool quoted = !inUrl && text[at] == '\'';
    std::size_t end = at + (quoted ? 1 : 0);
    while (end < text.size() && (quoted ? text[end] != '\'' : ends.find(text[end]) == std::string_view::npos)) end += text[end] == '\\' ? 2 : 1;
    end = std::min(end, text.size());
    const std::size_t begin = at + (quoted ? 1 : 0);
    if (end > begin) found.emplace_back(begin, end - begin);
    at = end;
  }
}

}  // namespace

std::vector<std::string> hidePasswords(char* argument) {
  const std::string text = argument;
  std::vector<Range> found;
  addUserPart(text, found);
  addFields(text, found);
  std::vector<std::string> passwords;
  for (const auto& [at, size] : found) {
    passwords.push_back(text.substr(at, size));
    std::memset(argument + at, '*', size);
  }
  return passwords;
}

}  // namespace cachedeck
