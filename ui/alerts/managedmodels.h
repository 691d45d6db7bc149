// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/alertreadings.h"
#include "ui/widgets/rowpainter.h"

namespace cachedeck {

/// The alerts that Alertmanager has; active ones first. Rows have the roles of RowRole.
class ManagedAlertModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  void setReading(const ManagerReading& reading);
  const ManagedAlert* find(const QString& fingerprint) const;
  int rowOf(const QString& fingerprint) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QString stateLine(const ManagedAlert& alert) const;
  QList<ManagedAlert> m_alerts;
  QList<Silence> m_silences;
  qint64 m_nowMs = 0;
};

/// The silences: active, not begun, expired.
class SilenceModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  void setReading(const ManagerReading& reading);
  const Silence* find(const QString& id) const;
  int rowOf(const QString& id) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<Silence> m_silences;
  qint64 m_nowMs = 0;
};

}  // namespace cachedeck
