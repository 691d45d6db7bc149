// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profile.h"
#include "core/profiles/secretstore.h"

#include <QObject>
#include <QPointer>
#include <QProcessEnvironment>

#include <functional>
#include <map>
#include <memory>

namespace cachedeck {

/// A password that a profile needs and that was not found: ask for it. Its source must not be tried without.
struct MissingSecret {
  SecretKey key;
  QString label;  ///< the field's name ("Password")
  Error error;    ///< why, for the prompt
};

/// What the sources of a profile start with.
struct ResolvedSettings {
  QMap<QString, SourceSettings> sources;  ///< by source id; only enabled ones whose secrets are all known
  QList<MissingSecret> missing;
};

/// "CACHEDECK_REDIS_PASSWORD": the variable that gives a source's secret field.
QString secretVariable(const QString& source, const QString& field);
/// All of them.
QStringList secretVariables(std::span<const SourceInfo> registry);

/// The secrets of this process, on the thread of its owner. A secret comes from the first place that has it:
///  1. what was typed in this session (prompt, form, URL on the command line),
///  2. the environment variable CACHEDECK_<SOURCE>_<FIELD>,
///  3. the keyring, where the profile says that it lies there,
///  4. PostgreSQL only, by libpq itself: PGPASSWORD, then ~/.pgpass or the service file.
class Secrets : public QObject {
  Q_OBJECT
 public:
  using Resolved = std::function<void(ResolvedSettings)>;
  Secrets(std::unique_ptr<SecretStore> keyring, const QProcessEnvironment& environment,
          std::span<const SourceInfo> registry = sourceRegistry(), QObject* parent = nullptr);
  /// The desktop's keyring and this process's environment. The variables are then overwritten and removed, so that neither
  /// children nor /proc/PID/environ have them: call it in main, before other threads run.
  static std::unique_ptr<Secrets> ofThisProcess();

  void keepForSession(const SecretKey& key, const Secret& secret);
  void forgetForSession(const SecretKey& key);
  bool isKnownForSession(const SecretKey& key) const { return m_session.contains(key); }

  /// Settings of all enabled sources; `done` comes later, once, unless `context` or this object died.
  void resolve(const Profile& profile, QObject* context, Resolved done);
  /// The same for a command without a window: blocks, at most as long as the keyring's deadline.
  ResolvedSettings resolveNow(const Profile& profile);

  /// Puts a secret into the keyring; it is good for this session at once.
  void store(const SecretKey& key, const Secret& secret, QObject* context, SecretStore::Done done);
  /// What this session knows of a key; empty when it does not.
  Secret ofSession(const SecretKey& key) const;
  /// Takes it out of the keyring; this session still knows it.
  void removeFromKeyring(const SecretKey& key, QObject* context, SecretStore::Done done);
  /// Takes it out of the keyring and the session.
  void remove(const SecretKey& key, QObject* context, SecretStore::Done done);
  /// Success when a keyring answers. A locked one may answer as well.
  void probe(QObject* context, SecretStore::Done done);

 private:
  struct Resolution;
  void resolveField(const std::shared_ptr<Resolution>& resolution, const SecretKey& key, const FieldInfo& field);
  static void finish(const std::shared_ptr<Resolution>& resolution);

  std::unique_ptr<SecretStore> m_keyring;
  std::span<const SourceInfo> m_registry;
  std::map<QString, Secret> m_environment;  ///< by name of the variable
  std::map<SecretKey, Secret> m_session;
};

}  // namespace cachedeck
