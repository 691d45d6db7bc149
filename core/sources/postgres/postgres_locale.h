// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <clocale>

namespace cachedeck {

/// While it lives, libpq and the C library speak English on this thread: their texts are matched against patterns, and
/// libpq's carry no codes. The rest of the program keeps its language.
class EnglishMessages {
 public:
  EnglishMessages() : m_before(uselocale(english())) {}
  ~EnglishMessages() { uselocale(m_before); }
  EnglishMessages(const EnglishMessages&) = delete;
  EnglishMessages& operator=(const EnglishMessages&) = delete;

 private:
  static locale_t english() {
    static const locale_t locale = newlocale(LC_MESSAGES_MASK, "C", duplocale(LC_GLOBAL_LOCALE));
    return locale;
  }
  locale_t m_before;
};

}  // namespace cachedeck
