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

 private:
  friend class keys::Guard;
  WritePermit(QString profile, QString reason) : m_profile(std::move(profile)), m_reason(std::move(reason)) {}
  QString m_profile, m_reason;
};

}  // namespace cachedeck
