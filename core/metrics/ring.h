// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace cachedeck {

/// Aggregate of some samples. All bits zero = nothing measured, so that untouched memory needs no filling.
struct Cell {
  float min = 0;
  float max = 0;
  float sum = 0;
  quint32 count = 0;

  static Cell of(float value) { return std::isnan(value) ? Cell{} : Cell{value, value, value, 1}; }
  static Cell of(const Cell& cell) { return cell; }
  void add(const Cell& other) {
    if (other.count == 0) return;
    min = count ? std::min(min, other.min) : other.min;
    max = count ? std::max(max, other.max) : other.max;
    sum += other.sum;
    count += other.count;
  }
};

/// The times of the rows of a group, by absolute row number; the oldest fall out when the ring is full.
class TimeColumn {
 public:
  explicit TimeColumn(qint64 capacity) : m_times(static_cast<size_t>(capacity)) {}

  void push(qint64 ms) { m_times[static_cast<size_t>(m_end++ % capacity())] = ms; }
  qint64 capacity() const { return static_cast<qint64>(m_times.size()); }
  qint64 first() const { return std::max<qint64>(0, m_end - capacity()); }
  qint64 end() const { return m_end; }
  bool isEmpty() const { return m_end == 0; }
  qint64 at(qint64 row) const { return m_times[static_cast<size_t>(row % capacity())]; }
  /// The first row at or after a time; end() when there is none.
  qint64 lowerBound(qint64 ms) const;
  size_t bytes() const { return m_times.size() * sizeof(qint64); }

 private:
  std::vector<qint64> m_times;
  qint64 m_end = 0;
};

/// A ring of samples (float) or aggregates (Cell) with aggregates over 8, 64, 512 … rows, kept up on every push, so that
/// any stretch is summed up from a few dozen cells however long it is. Rows go by the TimeColumn's absolute numbers.
template <typename Base>
class RingSeries {
 public:
  static constexpr int fanOutBits = 3;

  /// `start` is the row number of the first push; rows before it count as not measured.
  RingSeries(qint64 capacity, qint64 start) : m_capacity(capacity), m_end(start), m_base(allocate<Base>(capacity)) {
    if constexpr (std::is_same_v<Base, float>) std::fill_n(m_base.get(), capacity, NAN);
    for (int bits = fanOutBits; (capacity >> bits) >= 4; bits += fanOutBits) {
      const qint64 size = (capacity >> bits) + 2;
      m_levels.push_back({size, allocate<Cell>(size)});
    }
  }

  void push(const Base& value) {
    const qint64 row = m_end++;
    m_base[static_cast<size_t>(row % m_capacity)] = value;
    const Cell cell = Cell::of(value);
    int bits = fanOutBits;
    for (Level& level : m_levels) {
      const qint64 index = row >> bits;
      Cell& target = level.cells[static_cast<size_t>(index % level.size)];
      if ((row & ((qint64{1} << bits) - 1)) == 0) target = Cell{};  // the slot held a bucket that fell out
      target.add(cell);
      bits += fanOutBits;
    }
  }

  Base at(qint64 row) const { return m_base[static_cast<size_t>(row % m_capacity)]; }
  qint64 end() const { return m_end; }

  /// Aggregate of the rows [from, to), which must lie within the ring.
  Cell over(qint64 from, qint64 to) const {
    Cell total;
    while (from < to) {
      int level = 0;
      while (level < static_cast<int>(m_levels.size())) {
        const qint64 span = qint64{1} << (fanOutBits * (level + 1));
        if ((from & (span - 1)) != 0 || from + span > to) break;
        ++level;
      }
      if (level == 0) {
        total.add(Cell::of(at(from)));
        ++from;
      } else {
        const Level& cells = m_levels[static_cast<size_t>(level - 1)];
        const int bits = fanOutBits * level;
        total.add(cells.cells[static_cast<size_t>((from >> bits) % cells.size)]);
        from += qint64{1} << bits;
      }
    }
    return total;
  }

  size_t bytes() const {
    size_t sum = static_cast<size_t>(m_capacity) * sizeof(Base);
    for (const Level& level : m_levels) sum += static_cast<size_t>(level.size) * sizeof(Cell);
    return sum;
  }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  template <typename T>
  using Array = std::unique_ptr<T[], Free>;
  // calloc: the pages of a long tier cost nothing before they are used.
  template <typename T>
  static Array<T> allocate(qint64 count) {
    void* memory = std::calloc(static_cast<size_t>(count), sizeof(T));
    if (!memory) throw std::bad_alloc();
    return Array<T>(static_cast<T*>(memory));
  }
  struct Level {
    qint64 size;
    Array<Cell> cells;
  };

  qint64 m_capacity;
  qint64 m_end;
  Array<Base> m_base;
  std::vector<Level> m_levels;
};

}  // namespace cachedeck
