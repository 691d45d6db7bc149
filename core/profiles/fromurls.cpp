// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/fromurls.h"

namespace cachedeck {

void TransientProfile::handOver(Secrets& session) const {
  for (const auto& [key, secret] : secrets) session.keepForSession(key, secret);
}

Result<TransientProfile> profileFromUrls(const QString& name, const QMap<QString, QString>& urls,
                                         std::span<const SourceInfo> registry) {
  TransientProfile made;
  made.profile.id = QUuid::createUuid();
  made.profile.name = name;
  made.profile.secretPlace = SecretPlace::Session;
  for (auto url = urls.begin(); url != urls.end(); ++url) {
    const auto info = std::find_if(registry.begin(), registry.end(),
                                   [&](const SourceInfo& row) { return url.key() == QLatin1String(row.id); });
    if (info == registry.end())
      return fail(Error::Kind::Usage, QStringLiteral("There is no source “%1”.").arg(url.key()));
    auto settings = info->fromUrl(*url);
    if (!settings) {
      Error error = settings.error();
      error.message.prepend(QStringLiteral("%1: ").arg(QLatin1String(info->title)));
      return error;
    }
    ProfileSource source;
    source.fields = settings->fields;
    for (auto secret = settings->secrets.begin(); secret != settings->secrets.end(); ++secret) {
      if (secret->isEmpty()) continue;
      source.secretFields += secret.key();
      made.secrets[{made.profile.id, url.key(), secret.key()}] = *secret;
    }
    made.profile.sources.insert(url.key(), source);
  }
  made.profile.environment = suggestedEnvironment(made.profile);
  return made;
}

}  // namespace cachedeck
