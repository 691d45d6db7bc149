// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/profiles/profile.h"
#include "core/profiles/secrets.h"

#include <QMap>
#include <QString>

#include <string>

namespace CLI {
class App;
}

namespace cachedeck {

/// --profile NAME, or --redis URL --postgres URL --prometheus URL --alertmanager URL --pushgateway URL: the options by
/// which every command says which servers it is about.
class SourceOptions {
 public:
  void addTo(CLI::App& command);
  bool isGiven() const;
  /// Servers are named by their URLs, not by a profile.
  bool isByUrl() const;
  /// Instead of what was given: these URLs, by source id.
  void use(const QMap<QString, QString>& urls);

  /// The profile of that name, the one made from the URLs, or the one used last. Usage error when none is named.
  Result<Profile> profile(Secrets& secrets) const;

 private:
  std::string m_profile;
  std::map<std::string, std::string> m_urls;  // by source id
};

}  // namespace cachedeck
