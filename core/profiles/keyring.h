// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secretstore.h"

#include <QObject>

#include <chrono>

namespace QKeychain {
class Job;
}

namespace cachedeck {

/// The desktop's keyring (Secret Service, KWallet) through QtKeychain, under the service "cachedeck". Lives on a thread
/// with an event loop. Has deadlines of its own, since a D-Bus activation that fails takes 25 s.
class KeyringStore : public QObject, public SecretStore {
  Q_OBJECT
 public:
  static constexpr std::chrono::milliseconds readDeadline{3000};
  static constexpr std::chrono::milliseconds writeDeadline{30000};  ///< a person may have to unlock the keyring

  explicit KeyringStore(QObject* parent = nullptr);

  void read(const SecretKey& key, ReadDone done) override;
  void write(const SecretKey& key, const Secret& secret, Done done) override;
  void remove(const SecretKey& key, Done done) override;

 private:
  void run(QKeychain::Job* job, const QString& entry, std::chrono::milliseconds deadline, Done done);
};

}  // namespace cachedeck
