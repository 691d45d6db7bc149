// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/source_options.h"

#include "core/profiles/profilestore.h"
#include "core/profiles/prompt.h"
#include "core/profiles/fromurls.h"

#include <CLI/CLI.hpp>

namespace cachedeck {

void SourceOptions::addTo(CLI::App& command) {
  auto* profile = command.add_option("--profile", m_profile, "Use the saved profile of this name")->type_name("NAME");
  for (const SourceInfo& source : sourceRegistry()) {
    std::string& url = m_urls[source.id];
    command.add_option(std::string("--") + source.id, url, std::string(source.title) + " to use")->type_name("URL")->excludes(profile);
  }
}

bool SourceOptions::isGiven() const {
  return !m_profile.empty() || std::any_of(m_urls.begin(), m_urls.end(), [](const auto& entry) { return !entry.second.empty(); });
}

Result<Profile> SourceOptions::profile(Secrets& secrets) const {
  QMap<QString, QString> urls;
  for (const auto& [source, url] : m_urls)
    if (!url.empty()) urls.insert(QString::fromStdString(source), QString::fromStdString(url));
  if (!urls.isEmpty()) {
    auto made = profileFromUrls(QStringLiteral("command line"), urls);
    if (!made) return made.error();
    made->handOver(secrets);
    return made->profile;
  }

  ProfileStore store;
  if (const auto loaded = store.load(); !loaded) return loaded.error();
  if (!m_profile.empty()) {
    const QString name = QString::fromStdString(m_profile);
    if (const Profile* found = store.findByName(name)) return *found;
    return fail(Error::Kind::Usage, QStringLiteral("There is no profile “%1”. Open the console to make one, or name the servers with --redis URL and the like.").arg(name));
  }
  if (const Profile* last = store.lastUsed()) return *last;
  return fail(Error::Kind::Usage, QStringLiteral("No servers are named. Use --profile NAME, or --redis URL, --postgres URL, --prometheus URL."));
}

Result<QMap<QString, SourceSettings>> settingsOnTerminal(const Profile& profile, Secrets& secrets) {
  ResolvedSettings resolved = secrets.resolveNow(profile);
  if (resolved.missing.isEmpty()) return resolved.sources;
  for (const MissingSecret& missing : resolved.missing) {
    auto typed = promptSecret(QStringLiteral("%1 (%2): ").arg(missing.label, missing.key.source));
    if (!typed) return missing.error.message.isEmpty() ? typed.error() : missing.error;
    secrets.keepForSession(missing.key, *typed);
  }
  return secrets.resolveNow(profile).sources;
}

}  // namespace cachedeck
