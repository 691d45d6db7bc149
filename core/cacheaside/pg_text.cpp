// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheaside/pg_text.h"

#include <algorithm>

namespace cachedeck::cacheaside {

namespace {

/// Length of the bidirectional control in UTF-8 that `text` begins with, or 0.
std::size_t bidiControl(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return 0;
  const auto second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  const bool is = (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE))) ||
                  (second == 0x81 && third >= 0xA6 && third <= 0xA9);
  return is ? 3 : 0;
}

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string spanText(std::chrono::steady_clock::duration span) {
  // What is left of 5 s a moment later still reads "5 s".
  const auto exact = std::chrono::round<std::chrono::milliseconds>(std::max(span, span.zero())).count();
  const auto step = exact >= 950 ? 100 : exact >= 100 ? 10 : 1;
  const auto ms = (exact + step / 2) / step * step;
  if (ms < 1000) return std::to_string(ms) + " ms";
  const auto tenth = ms % 1000 / 100;
  return std::to_string(ms / 1000) + (tenth ? "." + std::to_string(tenth) : "") + " s";
}

std::string printable(std::string_view text, std::size_t longest) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out.size() >= longest) {
      while (!out.empty() && isContinuation(text[i])) {  // not in the middle of a character
        out.pop_back();
        --i;
      }
      return out + "…";
    }
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) {
      out += byte == '\t' || byte == '\n' ? ' ' : '?';
    } else if (const auto length = bidiControl(text.substr(i)); length > 0) {
      out += '?';
      i += length - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string firstLine(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  text = text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.remove_suffix(1);
  return printable(text);
}

}  // namespace cachedeck::cacheaside
