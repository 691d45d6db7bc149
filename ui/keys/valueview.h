// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/inspect.h"

#include <QAbstractTableModel>
#include <QString>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTreeView;

namespace cachedeck {

/// Rows of a hash, list, set, sorted set or stream, as far as they were read.
class ValueModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  void begin(const QByteArray& type);
  void append(const QList<keys::ValueRow>& rows);
  const keys::ValueRow& row(int row) const { return m_rows[row]; }
  /// What the first column holds; empty for a set, which has none.
  QString headName() const;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QByteArray m_type;
  QList<keys::ValueRow> m_rows;
};

class JsonModel;

/// A value, page by page: rows of a collection and the bytes of one of them, or of a string, in the way that was chosen.
class ValueView : public QWidget {
  Q_OBJECT
 public:
  explicit ValueView(QWidget* parent = nullptr);
  void begin(const QByteArray& type, qint64 length, const keys::ValuePage& page);
  void append(const keys::ValuePage& page);
  void showProblem(const QString& problem);
  void clear();
  /// The whole value of a string, when all of it was read and it is text; nothing otherwise.
  std::optional<QByteArray> editable() const;
  /// Text that is typed in place of the value; the view is a field meanwhile.
  void setEditing(bool editing);
  bool isEditing() const { return m_editing; }
  QByteArray typed() const;
  QString shown() const;
  /// The folded tree of a JSON value; hidden while something else is on show.
  QTreeView* json() const { return m_json; }

 Q_SIGNALS:
  void moreWanted(const QByteArray& position);
  /// What editable() says may have changed.
  void changed();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QWidget* buildSwitch();
  QWidget* buildText();
  QWidget* buildJson();
  void choose(int view);
  void decode();
  void fit();
  void say();
  const QByteArray& bytes() const;

  ValueModel* m_model;
  QTableView* m_table;
  QStackedWidget* m_shown;
  QPlainTextEdit* m_text;
  QTreeView* m_json;
  JsonModel* m_jsonModel;
  QLabel* m_state;
  QWidget* m_switch;
  QButtonGroup* m_ways;
  QPushButton* m_more;
  QByteArray m_type, m_string, m_cell, m_next;
  QString m_dump;  // what may be a hex dump; empty while text is on show
  qint64 m_length = -1, m_cellSize = 0;
  int m_perLine = 0;  // bytes
  int m_way = -1;  // -1: the best one
  bool m_editing = false;
};

}  // namespace cachedeck
