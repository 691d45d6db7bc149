// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secrets.h"

#include <QObject>

#include <functional>

namespace cachedeck {

/// What happened to a profile, as far as its passwords are concerned.
struct SecretChange {
  Profile before;  ///< without sources when the profile is new
  Profile after;   ///< without sources when it was deleted
  std::map<SecretKey, Secret> typed;
  QList<SecretKey> forgotten;
};

/// Brings keyring and session in line with a saved or deleted profile. `trouble` is called with a sentence for every
/// password that could not be stored or removed; such a one is still good for this session. `inKeyring` hears false when
/// a password sets out for the keyring and true once it lies there.
void keepSecrets(Secrets& secrets, const SecretChange& change, QObject* context,
                 const std::function<void(const QString&)>& trouble,
                 const std::function<void(const SecretKey&, bool)>& inKeyring = [](const SecretKey&, bool) {});

}  // namespace cachedeck
