// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/secretkeeper.h"

#include <QCoreApplication>

namespace cachedeck {

namespace {

using Trouble = std::function<void(const QString&)>;
using InKeyring = std::function<void(const SecretKey&, bool)>;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(SecretKeeper)
};

QList<SecretKey> keysOf(const Profile& profile) {
  QList<SecretKey> keys;
  for (auto source = profile.sources.begin(); source != profile.sources.end(); ++source)
    for (const QString& field : source->secretFields) keys.append({profile.id, source.key(), field});
  return keys;
}

SecretStore::Done telling(const QString& sentence, const Trouble& trouble) {
  return [sentence, trouble](const Result<void>& result) {
    if (!result) trouble(sentence + QLatin1Char(' ') + result.error().message);
  };
}

void storeAll(Secrets& secrets, const std::map<SecretKey, Secret>& values, QObject* context, const Trouble& trouble,
              const InKeyring& inKeyring) {
  for (const auto& [key, secret] : values) {
    inKeyring(key, false);
    const auto tell = telling(Words::tr("A password of %1 was not stored.").arg(key.source), trouble);
    secrets.store(key, secret, context, [place = key, tell, inKeyring](const Result<void>& result) {
      if (result) inKeyring(place, true);
      tell(result);
    });
  }
}

// What a person typed in this session so far goes into the keyring, as the profile now asks.
void moveToKeyring(Secrets& secrets, const Profile& profile, QObject* context, const Trouble& trouble,
                   const InKeyring& inKeyring) {
  std::map<SecretKey, Secret> known;
  for (const SecretKey& key : keysOf(profile))
    if (const Secret secret = secrets.ofSession(key); !secret.isEmpty()) known[key] = secret;
  storeAll(secrets, known, context, trouble, inKeyring);
}

// Read first, so that the session knows what the keyring then forgets.
void moveToSession(Secrets& secrets, const Profile& before, QObject* context, const Trouble& trouble) {
  secrets.resolve(before, context, [&secrets, before, context, trouble](const ResolvedSettings&) {
    for (const SecretKey& key : keysOf(before))
      secrets.removeFromKeyring(key, context, telling(Words::tr("A password of %1 is still in the keyring.").arg(key.source), trouble));
  });
}

}  // namespace

void keepSecrets(Secrets& secrets, const SecretChange& change, QObject* context, const Trouble& trouble,
                 const InKeyring& inKeyring) {
  const bool toKeyring = change.after.secretPlace == SecretPlace::Keyring;
  const bool deleted = change.after.sources.isEmpty();
  const QString stays = Words::tr("A password of %1 is still in the keyring.");
  for (const SecretKey& key : deleted ? keysOf(change.before) : change.forgotten)
    secrets.remove(key, context, telling(stays.arg(key.source), trouble));
  if (deleted) return;
  if (toKeyring) storeAll(secrets, change.typed, context, trouble, inKeyring);
  else
    for (const auto& [key, secret] : change.typed) secrets.keepForSession(key, secret);
  if (change.before.sources.isEmpty() || change.before.secretPlace == change.after.secretPlace) return;
  if (toKeyring) moveToKeyring(secrets, change.after, context, trouble, inKeyring);
  else moveToSession(secrets, change.before, context, trouble);
}

}  // namespace cachedeck
