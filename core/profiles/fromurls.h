// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secrets.h"

namespace cachedeck {

/// A profile that is not stored, with the passwords that stood in its URLs.
struct TransientProfile {
  Profile profile;
  std::map<SecretKey, Secret> secrets;

  /// Makes the passwords known to `session`, so that resolve() finds them.
  void handOver(Secrets& session) const;
};

/// A profile made from URLs by source id ("redis" → "redis://…"), as --redis URL … and the sandbox give them. Local
/// addresses make a Development profile, all others Production. The Error of the first wrong URL names its source.
Result<TransientProfile> profileFromUrls(const QString& name, const QMap<QString, QString>& urls,
                                         std::span<const SourceInfo> registry = sourceRegistry());

}  // namespace cachedeck
