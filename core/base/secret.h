// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>
#include <QString>

#include <memory>
#include <vector>

namespace cachedeck {

/// A password or token: memory is wiped at the end of its life, it prints as ***, and the Redactor knows it.
class Secret {
 public:
  Secret() = default;
  /// Takes the bytes and wipes the argument's own buffer where it is not shared.
  explicit Secret(QByteArray&& bytes);
  static Secret fromString(const QString& text);

  bool isEmpty() const { return !m_store || m_store->bytes.empty(); }
  /// The clear bytes, valid while this object lives; followed by a NUL that is not counted.
  const char* data() const;
  qsizetype size() const;
  /// A copy in clear text, for an interface that takes nothing else (QtKeychain, HTTP headers). Keep it short-lived.
  QByteArray reveal() const { return QByteArray(data(), size()); }

 private:
  struct Store {
    std::vector<char> bytes;
    ~Store();
  };
  std::shared_ptr<const Store> m_store;  // copies share one wiped buffer
};

QDebug operator<<(QDebug debug, const Secret& secret);

/// Overwrites memory in a way the optimiser keeps.
void wipe(void* data, size_t size);
void wipe(QByteArray& bytes);

}  // namespace cachedeck
