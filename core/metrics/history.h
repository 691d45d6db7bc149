// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/metric.h"
#include "core/metrics/series.h"

#include <QLatin1String>
#include <QObject>

#include <cmath>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cachedeck {

/// A stretch of one series as a chart draws it: the extremes and the mean of the samples in it.
struct Bucket {
  qint64 fromMs = 0;  ///< wall time of the first sample, milliseconds since the epoch
  qint64 toMs = 0;    ///< wall time of the last sample
  float min = NAN;
  float max = NAN;
  float mean = NAN;
  /// Nothing was measured here: a line breaks.
  bool isGap() const { return std::isnan(min); }
};

/// Figures of a stretch of time; the mean is one over time, whatever the steps of its samples were.
struct Summary {
  double min = NAN, max = NAN, mean = NAN;
  qint64 count = 0;  ///< samples (slots of 10 s or 1 min where only those are left), gaps left out
};

/// The samples of every metric, kept in rings with a min/max pyramid, so that drawing costs the same for an hour and
/// for a day. Lives on the window's thread. Three tiers: as sampled × 1 h, 10 s × 24 h, 1 min × 14 d.
class History : public QObject {
  Q_OBJECT
 public:
  explicit History(QObject* parent = nullptr);
  ~History() override;

  using Values = std::vector<std::pair<QLatin1String, double>>;
  /// Adds one row to a group of series that share their times (one group a source). A row that comes later than
  /// `maxStepMs` after the one before, or with `restarted`, is preceded by a gap. Times must not go back; a row that
  /// does is dropped.
  void append(QLatin1String group, qint64 wallMs, const Values& values, bool restarted = false, qint64 maxStepMs = 2500);
  /// Puts rows before the first live one (from Prometheus); rows at or after it are ignored. Rows ascend in time.
  void backfill(QLatin1String group, const std::vector<std::pair<qint64, Values>>& rows, qint64 maxStepMs);

  /// Forgets everything.
  void clear();

  /// The rows between two wall times, as fine as they are kept; a gap is a row without values. What is older than the raw rows comes as means of 10 s or 1 min.
  std::vector<SeriesGroup> tables(qint64 fromMs, qint64 toMs) const;

  /// Everything that another History holds, made on any thread.
  class Past;
  /// As many raw rows as the tables have. Rows whose times do not ascend are left out.
  static std::shared_ptr<Past> past(const std::vector<SeriesGroup>& tables);
  /// Shows that in place of what was known.
  void adopt(const std::shared_ptr<Past>& past);

  /// The series between two wall times in at most about `buckets` stretches, oldest first; empty when nothing is known.
  /// Buckets are aligned to absolute sample numbers, so that a moving window does not shimmer.
  std::vector<Bucket> window(QLatin1String metric, qint64 fromMs, qint64 toMs, int buckets) const;
  Summary summary(QLatin1String metric, qint64 fromMs, qint64 toMs) const;
  /// The newest value, NaN when there is none or it is a gap.
  double last(QLatin1String metric) const;
  /// The value at or just before a time (within the tier's step), NaN in a gap; for the cursor.
  double at(QLatin1String metric, qint64 wallMs) const;
  qint64 firstMs(QLatin1String metric) const;  ///< 0 when empty
  qint64 lastMs(QLatin1String metric) const;   ///< 0 when empty
  /// The oldest time of any series, 0 when empty.
  qint64 firstMs() const;
  size_t bytes() const;

 Q_SIGNALS:
  /// After each append; pages mark themselves dirty and repaint with the next frame.
  void appended();

 private:
  struct Group;
  struct Place {
    Group* group = nullptr;
    size_t column = 0;
  };
  using Groups = std::vector<std::unique_ptr<Group>>;
  using Places = std::unordered_map<std::string, Place>;
  Group& groupOf(QLatin1String name);
  const Place* place(QLatin1String metric) const;

  Groups m_groups;
  Places m_places;
};

}  // namespace cachedeck
