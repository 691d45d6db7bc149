// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QSet>
#include <QString>

#include <optional>

namespace cachedeck {

/// The fields of an INFO reply. Numbers are read in the C locale; what is missing, odd, negative or not finite is
/// absent, never zero.
class RedisInfo {
 public:
  /// Any bytes. Lines that are not "name:value" are skipped; of a name that comes twice the last value counts. At most
  /// 65,536 fields are kept.
  static RedisInfo parse(QByteArrayView text);

  bool isEmpty() const { return m_fields.isEmpty(); }
  bool has(const char* name) const { return m_fields.contains(QByteArray::fromRawData(name, qsizetype(qstrlen(name)))); }
  bool hasSection(const char* name) const { return m_sections.contains(QByteArray(name)); }
  /// Empty when missing.
  QByteArray text(const char* name) const { return m_fields.value(QByteArray::fromRawData(name, qsizetype(qstrlen(name)))); }
  /// A number from 0 on.
  std::optional<double> number(const char* name) const;

  struct Keyspace {
    double keys = 0;
    double expires = 0;  ///< keys that carry a TTL
  };
  /// Sums over all databases; absent without a keyspace section.
  std::optional<Keyspace> keyspace() const { return m_keyspace; }

  struct CommandTotals {
    double calls = 0;
    double usec = 0;  ///< server time, microseconds
  };
  /// Sums over all commands; absent without commandstats.
  std::optional<CommandTotals> commands() const { return m_commands; }

  /// "43 % done, about 12 s left" while the server loads its data, else empty.
  QString loadingProgress() const;

 private:
  void addLine(QByteArrayView line);
  void addKeyspace(QByteArrayView value);
  void addCommand(QByteArrayView value);

  QHash<QByteArray, QByteArray> m_fields;
  QSet<QByteArray> m_sections;
  std::optional<Keyspace> m_keyspace;
  std::optional<CommandTotals> m_commands;
};

}  // namespace cachedeck
