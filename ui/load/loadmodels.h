// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runs/run_summary.h"
#include "ui/load/scenarioshelf.h"
#include "ui/widgets/rowpainter.h"

#include <QAbstractListModel>

namespace cachedeck {

/// The scenarios, the bundled first.
class ScenarioModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  void setEntries(const QList<ScenarioEntry>& entries);
  const QList<ScenarioEntry>& entries() const { return m_entries; }
  /// -1: there is none.
  int rowOf(const QString& id) const;
  /// Of what a run was made of: a bundled scenario by its name, a script by its file's.
  int rowOfRun(const QString& name, bool script) const;
  static QString idOf(const ScenarioEntry& entry) { return entry.file.isEmpty() ? entry.name : entry.file; }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<ScenarioEntry> m_entries;
};

/// The runs of the store, newest first. New lists are merged in, so that what is selected stays so.
class RunModel : public QAbstractListModel {
  Q_OBJECT
 public:
  using QAbstractListModel::QAbstractListModel;
  void setRuns(const QList<runs::RunSummary>& runs, qint64 nowMs);
  const QList<runs::RunSummary>& list() const { return m_runs; }
  const runs::RunSummary* find(const QString& id) const;
  int rowOf(const QString& id) const;
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<runs::RunSummary> m_runs;
  qint64 m_nowMs = 0;
};

}  // namespace cachedeck
