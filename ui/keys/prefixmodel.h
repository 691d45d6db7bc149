// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscan.h"

#include <QAbstractItemModel>

namespace cachedeck {

/// The namespace tree. Levels are asked for when they are opened, and kept in step while a scan goes on: rows stay where they are until it is over, then the
/// largest stand first.
class PrefixModel : public QAbstractItemModel {
  Q_OBJECT
 public:
  enum Column { Name };
  enum Role { PrefixRole = Qt::UserRole, KeysRole, BytesRole, ShareRole, KindRole };
  /// All: the first row, every key. Direct and Rest are figures that cannot be picked.
  enum Kind { All, Prefix, Direct, Rest };

  explicit PrefixModel(QObject* parent = nullptr);
  ~PrefixModel() override;
  void clear();
  void show(const TreeShot& shot);
  void show(const PrefixLevel& level, bool sorted);
  qint64 keys() const { return m_keys; }
  /// The row of a prefix that is listed; invalid for one that is not.
  QModelIndex indexOf(const QByteArray& prefix) const;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  bool hasChildren(const QModelIndex& parent = {}) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 Q_SIGNALS:
  void levelWanted(const QByteArray& prefix);

 private:
  struct Node;
  Node* nodeOf(const QModelIndex& index) const;
  QModelIndex indexOf(const Node* node) const;
  void update(Node* node, const PrefixLevel& level, bool sorted);
  void remove(Node* node, const std::vector<bool>& gone);
  void sort(Node* node);
  QString label(const Node& node) const;

  std::unique_ptr<Node> m_root;
  QHash<QByteArray, Node*> m_byPrefix;
  qint64 m_keys = 0, m_bytes = -1;
};

}  // namespace cachedeck
