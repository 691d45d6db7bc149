// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/pace.h"

#include "core/base/rest.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

using namespace std::chrono_literals;

constexpr int smallest = 10;
constexpr int step = 25;

}  // namespace

Pace::Pace(int page, double budgetMs, double keysPerSecond, std::function<double()> recentMs)
    : m_largest(page), m_budgetMs(budgetMs), m_keysPerSecond(keysPerSecond), m_recentMs(std::move(recentMs)), m_page(budgetMs > 0 ? std::min(page, 100) : page) {}

void Pace::after(qsizetype keys, const std::stop_token& stop) {
  const auto now = std::chrono::steady_clock::now();
  if (m_budgetMs > 0) {
    // Three quarters of the budget are the line: what is over it has happened already.
    const double recent = m_recentMs();
    if (recent > 0.75 * m_budgetMs) {
      m_page = std::max(smallest, m_page / 2);
      restFor(std::min<std::chrono::microseconds>(50ms, std::chrono::microseconds(static_cast<qint64>(2000 * recent))), stop);
    } else {
      m_page = std::min(m_largest, m_page + step);
    }
  }
  if (m_keysPerSecond > 0) {
    m_allowance = std::min(m_keysPerSecond / 10, m_allowance + m_keysPerSecond * std::chrono::duration<double>(now - m_last).count()) - static_cast<double>(keys);
    if (m_allowance < 0) restFor(std::chrono::microseconds(static_cast<qint64>(-1e6 * m_allowance / m_keysPerSecond)), stop);
    m_page = std::min(m_page, std::max(smallest, static_cast<int>(m_keysPerSecond / 10)));
  }
  m_last = now;
}

}  // namespace cachedeck::keys
