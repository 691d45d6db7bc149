// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstdint>
#include <string>
#include <vector>

namespace cachedeck {

/// One reply of a Redis server (RESP2). The tree lies flat in two buffers, so that a page of a million elements costs
/// 24 bytes an element and is freed by two calls, however it is nested.
class Reply {
 public:
  enum class Type : std::uint8_t { Nil, Status, Error, Integer, Text, Array };

 private:
  struct Node {
    qint64 value = 0;        // Integer: the number; with bytes: where they begin in m_text
    std::uint32_t size = 0;  // bytes, or elements
    std::uint32_t span = 1;  // nodes of this subtree, itself included
    Type type = Type::Nil;
  };

 public:
  /// One element: a view that is valid while its Reply lives and does not change.
  class Item {
   public:
    Item(const Reply& reply, size_t node) : m_reply(&reply), m_node(node) {}
    Type type() const { return node().type; }
    bool isNil() const { return type() == Type::Nil; }
    bool isError() const { return type() == Type::Error; }
    bool isArray() const { return type() == Type::Array; }
    /// The value of an Integer, 0 for anything else.
    qint64 integer() const { return type() == Type::Integer ? node().value : 0; }
    /// The bytes of a Status, an Error or a Text; empty for anything else.
    QByteArrayView text() const;
    /// Elements of an Array, 0 for anything else.
    qsizetype size() const { return isArray() ? static_cast<qsizetype>(node().size) : 0; }

    class Iterator {
     public:
      Iterator(const Reply& reply, size_t node) : m_reply(&reply), m_node(node) {}
      Item operator*() const { return {*m_reply, m_node}; }
      Iterator& operator++() {
        m_node += m_reply->m_nodes[m_node].span;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return m_node != other.m_node; }

     private:
      const Reply* m_reply;
      size_t m_node;
    };
    Iterator begin() const { return {*m_reply, m_node + 1}; }
    Iterator end() const { return {*m_reply, isArray() ? m_node + node().span : m_node + 1}; }

   private:
    const Node& node() const { return m_reply->m_nodes[m_node]; }
    const Reply* m_reply;
    size_t m_node;
  };

  /// The whole reply. A default-constructed Reply is Nil.
  Item root() const { return {*this, 0}; }
  Type type() const { return root().type(); }
  bool isError() const { return root().isError(); }
  qint64 integer() const { return root().integer(); }
  QByteArrayView text() const { return root().text(); }

  Reply() : m_nodes(1) {}

 private:
  friend class ReplyReader;
  std::vector<Node> m_nodes;  // in the order of arrival: an Array stands before its elements
  std::string m_text;
};

inline QByteArrayView Reply::Item::text() const {
  const Node& item = node();
  const bool hasText = item.type == Type::Status || item.type == Type::Error || item.type == Type::Text;
  return hasText ? QByteArrayView(m_reply->m_text.data() + item.value, static_cast<qsizetype>(item.size)) : QByteArrayView();
}

}  // namespace cachedeck
