// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secrets.h"

#include <QCoreApplication>
#include <QTimer>

namespace cachedeck::test {

/// No keyring: what a test needs comes with its URLs.
class NoKeyring : public SecretStore {
 public:
  void read(const SecretKey&, ReadDone done) override { later([done] { done(none()); }); }
  void write(const SecretKey&, const Secret&, Done done) override { later([done] { done(none()); }); }
  void remove(const SecretKey&, Done done) override { later([done] { done(none()); }); }

 private:
  static Error none() { return fail(Error::Kind::NotFound, QStringLiteral("There is no keyring.")); }
  static void later(std::function<void()> call) { QTimer::singleShot(0, qApp, std::move(call)); }
};

inline std::unique_ptr<Secrets> noSecrets() { return std::make_unique<Secrets>(std::make_unique<NoKeyring>(), QProcessEnvironment()); }

}  // namespace cachedeck::test
