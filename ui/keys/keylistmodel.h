// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscontroller.h"

#include <QAbstractTableModel>

#include <array>

namespace cachedeck {

/// The keys of the list: names packed in blocks; type, expiry and size only where somebody looked.
class KeyListModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, Type, Ttl, Expires, Size, Columns };
  /// A second line of the cell.
  static constexpr int BelowRole = Qt::UserRole;
  explicit KeyListModel(const Clock& clock, QObject* parent = nullptr);

  void clear();
  void append(const QList<NameBlock>& blocks);
  /// Takes what was found out; rows that are not there any more are left out.
  void setFacts(const QList<RowFacts>& rows);
  /// Server's clock minus this one's.
  void setSkewMs(qint64 skew) { m_skewMs = skew; }
  /// The moment of expiry stands below the time left.
  void setExpiryBelow(bool below);
  /// The times left go on.
  void refreshTimes(int first, int last);
  /// Asks again when somebody looks.
  void forgetFacts();
  /// Names of rows in this range whose facts are not known and not asked for; they count as asked for from now on.
  QList<QByteArray> unknown(int first, int last);
  QByteArray name(int row) const;
  qsizetype size() const { return m_size; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  enum class Known : std::uint8_t { Asked, Yes, Gone };
  struct Facts {
    qint64 expiresAtMs = -1, bytes = -1;
    std::uint8_t type = 0;  // in m_types
    Known known = Known::Asked;
    bool hasTtl = false;
  };
  QVariant text(int row, int column) const;
  QString tip(int row) const;

  const Clock& m_clock;
  struct Block {
    NameBlock names;
    int firstRow = 0;
  };
  const KeyNames& unpacked(std::size_t block) const;

  std::vector<Block> m_blocks;
  int m_size = 0;
  mutable std::array<std::pair<std::size_t, KeyNames>, 2> m_unpacked;  // those looked at last, the newest first; the numbers count from 1
  QHash<int, Facts> m_facts;  // of rows that somebody looked at
  QList<QByteArray> m_types;
  QHash<QByteArray, int> m_rows;  // of names whose facts are under way
  qint64 m_skewMs = 0;
  bool m_expiryBelow = false;
};

}  // namespace cachedeck
