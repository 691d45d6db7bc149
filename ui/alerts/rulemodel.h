// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"
#include "ui/widgets/rowpainter.h"

namespace cachedeck {

/// What rows of rules say besides what RowRole names.
enum AlertRuleRole {
  ReachRole = PinnedRole + 1,  ///< double: 1 at the threshold; NaN: not known
  ReachColourRole,             ///< QColor beyond it
  ThresholdRole,               ///< QString: "> 85"
};

/// The rules: firing ones first, then those with a problem, then pending ones; among equals as the server sorts them, so that rows do not dance with their values.
class AlertRuleModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  void setRules(QList<RuleReading> rules, qint64 nowMs);
  const QList<RuleReading>& rules() const { return m_rules; }
  const RuleReading* find(const QString& id) const;
  /// -1: there is none.
  int rowOf(const QString& id) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QString stateLine(const RuleReading& reading) const;
  QList<RuleReading> m_rules;
  QStringList m_ids;
  qint64 m_nowMs = 0;
};

}  // namespace cachedeck
