// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/source_options.h"

#include "core/profiles/profilestore.h"
#include "core/profiles/fromurls.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

namespace cachedeck {

namespace {

// An account without a password in its URL is asked for one. PostgreSQL is left out: libpq looks into ~/.pgpass.
void expectPasswords(TransientProfile& made) {
  const QString password = QStringLiteral("password");
  made.profile.secretPlace = SecretPlace::Session;
  for (auto source = made.profile.sources.begin(); source != made.profile.sources.end(); ++source) {
    const bool given = made.secrets.contains(SecretKey{made.profile.id, source.key(), password});
    if (source.key() != QLatin1String("postgres") && !source->fields.value(QStringLiteral("user")).isEmpty() && !given)
      source->secretFields = {password};
  }
}

std::string notEmpty(const std::string& text) { return text.empty() ? "is empty" : ""; }

}  // namespace

void SourceOptions::addTo(CLI::App& command) {
  auto* profile = command.add_option("--profile", m_profile, "Use the saved profile of this name")->type_name("NAME")->check(notEmpty);
  for (const SourceInfo& source : sourceRegistry()) {
    std::string& url = m_urls[source.id];
    command.add_option(std::string("--") + source.id, url, std::string(source.title) + " to use")->type_name("URL")->check(notEmpty)->excludes(profile);
  }
}

bool SourceOptions::isGiven() const { return !m_profile.empty() || isByUrl(); }

bool SourceOptions::isByUrl() const {
  return std::any_of(m_urls.begin(), m_urls.end(), [](const auto& entry) { return !entry.second.empty(); });
}

void SourceOptions::use(const QMap<QString, QString>& urls) {
  m_profile.clear();
  m_urls.clear();
  for (auto url = urls.begin(); url != urls.end(); ++url) m_urls[url.key().toStdString()] = url.value().toStdString();
}

Result<Profile> SourceOptions::profile(Secrets& secrets) const {
  QMap<QString, QString> urls;
  for (const auto& [source, url] : m_urls)
    if (!url.empty()) urls.insert(QString::fromStdString(source), QString::fromStdString(url));
  if (!urls.isEmpty()) {
    auto made = profileFromUrls(QLatin1String(urlsName), urls);
    if (!made) return made.error();
    made->handOver(secrets);
    if (isatty(STDIN_FILENO)) expectPasswords(*made);
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

}  // namespace cachedeck
