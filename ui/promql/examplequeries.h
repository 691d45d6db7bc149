// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;

namespace cachedeck {

/// Queries to begin with: those that the server has the metrics for. Hidden while there are none.
class ExampleQueries : public QWidget {
  Q_OBJECT
 public:
  explicit ExampleQueries(QWidget* parent = nullptr);
  /// The names of the server's metrics.
  void setNames(const QStringList& names);
  /// The queries on show.
  const QStringList& queries() const { return m_queries; }

 Q_SIGNALS:
  void chosen(const QString& query);

 private:
  void build();

  QStringList m_queries;
  QGridLayout* m_grid;
};

}  // namespace cachedeck
