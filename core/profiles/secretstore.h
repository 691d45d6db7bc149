// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secret.h"

#include <QString>
#include <QUuid>

#include <functional>
#include <tuple>

namespace cachedeck {

/// Names one secret: a field of one source of one profile.
struct SecretKey {
  QUuid profile;
  QString source;
  QString field;

  /// "<uuid>/<source>/<field>", the entry's name in the keyring.
  QString entry() const {
    return profile.toString(QUuid::WithoutBraces) + QLatin1Char('/') + source + QLatin1Char('/') + field;
  }
  bool operator<(const SecretKey& other) const {
    return std::tie(profile, source, field) < std::tie(other.profile, other.source, other.field);
  }
};

/// A place that keeps secrets over restarts. Callbacks come once each, on the calling thread, after the call returned.
class SecretStore {
 public:
  using ReadDone = std::function<void(Result<Secret>)>;
  using Done = std::function<void(Result<void>)>;
  virtual ~SecretStore() = default;

  /// NotFound when there is no such entry; any other kind when the place does not answer.
  virtual void read(const SecretKey& key, ReadDone done) = 0;
  /// Usage error for an empty secret, which would overwrite a good one.
  virtual void write(const SecretKey& key, const Secret& secret, Done done) = 0;
  virtual void remove(const SecretKey& key, Done done) = 0;
};

}  // namespace cachedeck
