// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/secrets.h"

#include <QEventLoop>

namespace cachedeck {

namespace {

// Wraps a callback so that it is dropped when its context died.
template <typename Value>
std::function<void(Value)> guarded(QObject* context, std::function<void(Value)> done) {
  return [context = QPointer<QObject>(context), done = std::move(done)](Value value) {
    if (context) done(std::move(value));
  };
}

}  // namespace

struct Secrets::Resolution {
  Profile profile;
  ResolvedSettings result;
  Resolved done;
  int waiting = 1;  // the one of resolve() itself, so that early answers do not end it
};

QString secretVariable(const QString& source, const QString& field) {
  return QStringLiteral("CACHEDECK_%1_%2").arg(source, field).toUpper().replace(QLatin1Char('-'), QLatin1Char('_'));
}

QStringList secretVariables(std::span<const SourceInfo> registry) {
  QStringList names;
  for (const SourceInfo& info : registry)
    for (const FieldInfo& field : info.fields)
      if (field.kind == FieldInfo::Kind::Secret)
        names += secretVariable(QString::fromLatin1(info.id), QString::fromLatin1(field.key));
  return names;
}

Secrets::Secrets(std::unique_ptr<SecretStore> keyring, const QProcessEnvironment& environment,
                 std::span<const SourceInfo> registry, QObject* parent)
    : QObject(parent), m_keyring(std::move(keyring)), m_registry(registry) {
  for (const QString& name : secretVariables(registry))
    if (const Secret given = Secret::fromString(environment.value(name)); !given.isEmpty()) m_environment[name] = given;
}

void Secrets::keepForSession(const SecretKey& key, const Secret& secret) {
  if (!secret.isEmpty()) m_session[key] = secret;
}

void Secrets::forgetForSession(const SecretKey& key) { m_session.erase(key); }

void Secrets::resolve(const Profile& profile, QObject* context, Resolved done) {
  auto resolution = std::make_shared<Resolution>();
  resolution->profile = profile;
  resolution->done = guarded<ResolvedSettings>(context, std::move(done));
  for (const SourceInfo& info : m_registry) {
    const QString id = QString::fromLatin1(info.id);
    const auto source = profile.sources.constFind(id);
    if (source == profile.sources.constEnd() || !source->enabled) continue;
    resolution->result.sources[id].fields = source->fields;
    for (const FieldInfo& field : info.fields)
      if (field.kind == FieldInfo::Kind::Secret)
        resolveField(resolution, {profile.id, id, QString::fromLatin1(field.key)}, field);
  }
  QMetaObject::invokeMethod(this, [resolution] { finish(resolution); }, Qt::QueuedConnection);
}

void Secrets::resolveField(const std::shared_ptr<Resolution>& resolution, const SecretKey& key, const FieldInfo& field) {
  QMap<QString, Secret>& secrets = resolution->result.sources[key.source].secrets;
  if (const auto typed = m_session.find(key); typed != m_session.end()) {
    secrets.insert(key.field, typed->second);
    return;
  }
  if (const auto given = m_environment.find(secretVariable(key.source, key.field)); given != m_environment.end()) {
    secrets.insert(key.field, given->second);
    return;
  }
  if (!resolution->profile.sources.value(key.source).secretFields.contains(key.field)) return;
  const QString label = QString::fromUtf8(field.label);
  if (resolution->profile.secretPlace == SecretPlace::Session) {
    resolution->result.missing.append(
        {key, label,
         fail(Error::Kind::NotFound, QStringLiteral("This profile keeps its passwords for one session only."))});
    return;
  }
  ++resolution->waiting;
  m_keyring->read(key, guarded<Result<Secret>>(this, [this, resolution, key, label](Result<Secret> secret) {
    if (secret) {
      m_session.insert({key, *secret});  // reconnecting later must not depend on a keyring that locked meanwhile
      resolution->result.sources[key.source].secrets.insert(key.field, *secret);
    } else {
      resolution->result.missing.append({key, label, secret.error()});
    }
    finish(resolution);
  }));
}

void Secrets::finish(const std::shared_ptr<Resolution>& resolution) {
  if (--resolution->waiting > 0) return;
  // A server is never tried without a password that belongs to it: some lock the account, some let anyone in.
  for (const MissingSecret& missing : std::as_const(resolution->result.missing))
    resolution->result.sources.remove(missing.key.source);
  resolution->done(std::move(resolution->result));
}

ResolvedSettings Secrets::resolveNow(const Profile& profile) {
  ResolvedSettings settings;
  QEventLoop loop;
  resolve(profile, &loop, [&](ResolvedSettings resolved) {
    settings = std::move(resolved);
    loop.quit();
  });
  loop.exec();
  return settings;
}

void Secrets::store(const SecretKey& key, const Secret& secret, QObject* context, SecretStore::Done done) {
  keepForSession(key, secret);
  m_keyring->write(key, secret, guarded<Result<void>>(context, std::move(done)));
}

Secret Secrets::ofSession(const SecretKey& key) const {
  const auto found = m_session.find(key);
  return found == m_session.end() ? Secret() : found->second;
}

void Secrets::removeFromKeyring(const SecretKey& key, QObject* context, SecretStore::Done done) {
  m_keyring->remove(key, guarded<Result<void>>(context, std::move(done)));
}

void Secrets::remove(const SecretKey& key, QObject* context, SecretStore::Done done) {
  forgetForSession(key);
  removeFromKeyring(key, context, std::move(done));
}

void Secrets::probe(QObject* context, SecretStore::Done done) {
  const SecretKey nobody{QUuid::createUuid(), QStringLiteral("probe"), QStringLiteral("probe")};
  m_keyring->read(nobody, guarded<Result<Secret>>(context, [done = std::move(done)](Result<Secret> answer) {
    const bool answered = answer || answer.error().kind == Error::Kind::NotFound;
    done(answered ? Result<void>() : Result<void>(answer.error()));
  }));
}

}  // namespace cachedeck
