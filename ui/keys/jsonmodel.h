// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <QByteArray>

#include <memory>
#include <vector>

namespace cachedeck {

/// A JSON value as a tree that is folded. Only the bytes are kept; the children of a node are looked for when it is opened, some hundred at a time. Plain text.
class JsonModel : public QAbstractItemModel {
  Q_OBJECT
 public:
  enum Column { Name, Value, Columns };
  explicit JsonModel(QObject* parent = nullptr);
  ~JsonModel() override;
  /// Sound JSON, an object or array; anything else leaves the model empty.
  void setJson(const QByteArray& json);
  bool isEmpty() const;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& child) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  bool hasChildren(const QModelIndex& parent = {}) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Node {
    Node* parent = nullptr;
    int row = 0;
    qsizetype name = -1, nameEnd = -1;  // of the quoted name; -1: an element of an array
    qsizetype begin = 0, end = 0;       // of the value
    qsizetype next = 0;                 // where the next child is looked for; 0: at the beginning
    bool whole = false;                 // all children are there
    std::vector<std::unique_ptr<Node>> children;
  };
  Node& nodeOf(const QModelIndex& index) const;
  bool isContainer(const Node& node) const;
  bool isFilled(const Node& node) const;
  qsizetype skipSpace(qsizetype at) const;
  qsizetype skipString(qsizetype at) const;
  qsizetype skipValue(qsizetype at) const;
  std::unique_ptr<Node> nextChild(Node& node) const;
  std::vector<std::unique_ptr<Node>> nextChildren(Node& node) const;
  QString literal(qsizetype begin, qsizetype end) const;
  QString summary(const Node& node) const;

  QByteArray m_json;
  std::unique_ptr<Node> m_root;
};

}  // namespace cachedeck
