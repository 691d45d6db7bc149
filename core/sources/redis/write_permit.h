// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace cachedeck {

namespace keys {
class Guard;
}

/// The right to change data on the servers of one profile. Only keys::Guard makes one, after the checks that the profile's environment asks for; without one a
/// RedisConnection sends reading commands only.
class WritePermit {
 public:
  const QString& profile() const { return m_profile; }
  const QString& reason() const { return m_reason; }
  /// True for the one operation that was confirmed; of a development profile for every one.
  bool covers(const QString& operation) const { return m_operation.isNull() || m_operation == operation; }
  /// True only for the one operation that was confirmed, whatever the profile.
  bool isFor(const QString& operation) const { return !operation.isEmpty() && m_operation == operation; }

 private:
  friend class keys::Guard;
  WritePermit(QString profile, QString reason, QString operation) : m_profile(std::move(profile)), m_reason(std::move(reason)), m_operation(std::move(operation)) {}
  QString m_profile, m_reason;
  QString m_operation;  // null: every one; empty: none, single keys only
};

}  // namespace cachedeck
