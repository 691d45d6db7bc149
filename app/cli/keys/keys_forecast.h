// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/run.h"

namespace cachedeck {

/// How long a query of the database behind the cache takes, where that is known.
struct MeanQuery {
  std::optional<double> seconds;
  QString unknown;  ///< why it is not known; empty when no database is named
};

/// What an action would do to a plan's keys: TTLs before and after, the load of refilling, the images for undo.
class KeysForecast {
 public:
  KeysForecast(const keys::Plan& plan, const keys::Action& action, const keys::RunOptions& options, const MeanQuery& query);

  QStringList lines() const;
  QJsonObject toJson() const;

 private:
  bool takesAway() const { return refilled() > 0; }
  /// Keys that go because of this, in time to be asked for again together.
  qint64 refilled() const;
  /// Keys that end, a second; none where they go at once.
  std::optional<double> keysPerSecond() const;
  bool fits() const { return m_imageBytes <= m_options.undoCap; }
  void addAtOnce(QStringList& lines) const;
  bool endsSoftly() const { return m_action.kind == keys::ActionKind::SoftExpire; }
  void addTtls(QStringList& lines) const;
  void addRefill(QStringList& lines) const;
  void addUndo(QStringList& lines) const;

  const keys::Action m_action;
  const keys::RunOptions m_options;
  const MeanQuery m_query;
  const qint64 m_keys;
  const keys::TtlHistogram m_before;
  keys::TtlHistogram m_after;
  qint64 m_changes = 0, m_atOnce = 0, m_imageBytes = 0, m_oversize = 0;
};

}  // namespace cachedeck
