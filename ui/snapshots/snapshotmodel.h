// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/bundle.h"

#include <QAbstractListModel>

namespace cachedeck {

/// A file of the folder, as far as its manifest says; or why it cannot be read.
struct SnapshotEntry {
  QString file;
  qint64 bytes = 0;
  snapshot::Manifest manifest;
  QString problem;  ///< empty: none
  bool operator==(const SnapshotEntry&) const = default;
};

/// The snapshots of the folder, newest first. Rows have the roles of RowRole.
class SnapshotModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  /// What stays keeps its row's selection.
  void setEntries(QList<SnapshotEntry> entries, qint64 nowMs);
  const QList<SnapshotEntry>& entries() const { return m_entries; }
  const SnapshotEntry* find(const QString& file) const;
  int rowOf(const QString& file) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<SnapshotEntry> m_entries;
  qint64 m_nowMs = 0;
};

/// "29 Nov 06:12 – 07:12 (1 h)": a stretch of time for people, in local time.
QString stretchText(qint64 fromMs, qint64 toMs);

}  // namespace cachedeck
