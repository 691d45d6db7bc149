// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <variant>

namespace cachedeck {

/// A value or a failure of type E. Without Qt, so that libraries that must do without it have the same.
template <typename T, typename E>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : m_data(std::in_place_index<0>, std::move(value)) {}
  Expected(E error) : m_data(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return m_data.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(m_data); }
  const T& value() const& { return std::get<0>(m_data); }
  T&& value() && { return std::get<0>(std::move(m_data)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const E& error() const { return std::get<1>(m_data); }

 private:
  std::variant<T, E> m_data;
};

/// Success without a value, or a failure.
template <typename E>
class [[nodiscard]] Expected<void, E> {
 public:
  Expected() = default;
  Expected(E error) : m_data(std::move(error)) {}

  bool ok() const { return m_data.index() == 0; }
  explicit operator bool() const { return ok(); }
  const E& error() const { return std::get<1>(m_data); }

 private:
  std::variant<std::monostate, E> m_data;
};

}  // namespace cachedeck
