// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilestore.h"

#include "core/base/text.h"

namespace cachedeck {

namespace {

QString backup(const QString& file) { return file + QStringLiteral(".bak"); }

Error changedMeanwhile(const QString& name) {
  return fail(Error::Kind::Busy, QStringLiteral("Another Cachedeck changed the profile “%1” meanwhile. It was read again: "
                                                "look at it and repeat your change.")
                                     .arg(printable(name)));
}

// Whether a person would see the same profile: which server answered is noted by every instance as it connects.
bool sameToAPerson(Profile a, Profile b) {
  for (Profile* profile : {&a, &b})
    for (ProfileSource& source : profile->sources) source.lastServerId.clear();
  return a == b;
}

Result<void> checkName(const ProfileDocument& document, const Profile& profile) {
  const QString name = profile.name.trimmed();
  if (name.isEmpty()) return fail(Error::Kind::Usage, QStringLiteral("A profile needs a name."));
  if (name.size() > longestProfileName)
    return fail(Error::Kind::Usage,
                QStringLiteral("The name of a profile has at most %1 characters.").arg(longestProfileName));
  for (const Profile& other : document.profiles)
    if (other.id != profile.id && other.name.compare(name, Qt::CaseInsensitive) == 0)
      return fail(Error::Kind::Usage, QStringLiteral("There is a profile “%1” already.").arg(printable(name)));
  return {};
}

}  // namespace

ProfileStore::ProfileStore(QString folder, std::span<const SourceInfo> registry)
    : m_folder(std::move(folder)), m_registry(registry) {}

const Profile* ProfileStore::findByName(const QString& name) const {
  for (const Profile& profile : m_document.profiles)
    if (profile.name.compare(name.trimmed(), Qt::CaseInsensitive) == 0) return &profile;
  return nullptr;
}

Result<ProfileDocument> ProfileStore::parse(const QString& path, QByteArray* bytes) const {
  auto read = readPrivateFile(path, largestProfileFile);
  if (!read) return read.error();
  if (bytes) *bytes = *read;
  return parseProfiles(*read, m_registry);
}

Result<void> ProfileStore::load() {
  if (auto made = makePrivateFolder(m_folder); !made) return made;
  auto document = parse(file(), nullptr);
  if (document) {
    m_document = *document;
    return {};
  }
  if (document.error().kind == Error::Kind::Permission) return document.error();
  m_document = recover(document.error());
  return {};
}

ProfileDocument ProfileStore::recover(const Error& reason) const {
  const bool missing = reason.kind == Error::Kind::NotFound;
  auto last = parse(backup(file()), nullptr);
  if (missing && !last && last.error().kind == Error::Kind::NotFound) return {};  // the first start
  QString notice = missing ? QStringLiteral("The profile file %1 is gone.").arg(file())
                           : QStringLiteral("The profile file %1 could not be used. %2").arg(file(), reason.message);
  if (!missing) {
    const auto aside = keepAside(file());
    notice += aside ? QStringLiteral(" It was kept as %1.").arg(*aside) : QLatin1Char(' ') + aside.error().message;
  }
  ProfileDocument document;
  if (last) document = *last;
  notice += last ? QStringLiteral(" The profiles of the last good copy are shown.")
                 : QStringLiteral(" There is no good copy beside it, so no profiles are shown.");
  document.notices.prepend(notice);
  return document;
}

Result<void> ProfileStore::commit(const Change& change) {
  if (auto made = makePrivateFolder(m_folder); !made) return made;
  return underLock(file(), [&]() -> Result<void> {
    QByteArray before;
    auto onDisk = parse(file(), &before);
    if (!onDisk && onDisk.error().kind == Error::Kind::Usage)
      return fail(Error::Kind::Usage, QStringLiteral("%1 was written by a newer version of Cachedeck and is left alone. "
                                                     "Update Cachedeck, or move that file away.")
                                          .arg(file()));
    if (!onDisk && onDisk.error().kind != Error::Kind::NotFound) {
      if (auto aside = keepAside(file()); !aside) return aside.error();
    }
    ProfileDocument document = onDisk ? *onDisk : m_document;
    if (auto changed = change(document); !changed) {
      if (changed.error().kind == Error::Kind::Busy) m_document = document;
      return changed;
    }
    if (onDisk)
      if (auto kept = writePrivateFile(backup(file()), before); !kept) return kept;
    if (auto written = writePrivateFile(file(), serialiseProfiles(document)); !written) return written;
    document.notices = m_document.notices;
    m_document = document;
    return {};
  });
}

Result<void> ProfileStore::save(const Profile& profile) {
  Profile clean = withoutSecrets(profile, m_registry);
  clean.name = clean.name.trimmed();
  if (clean.id.isNull()) return fail(Error::Kind::Usage, QStringLiteral("A profile needs an identity."));
  return commit([&](ProfileDocument& document) -> Result<void> {
    Profile* const onDisk = document.find(clean.id);
    const Profile* const known = m_document.find(clean.id);
    if (known && (!onDisk || !sameToAPerson(*onDisk, *known))) return changedMeanwhile(known->name);
    if (auto checked = checkName(document, clean); !checked) return checked;
    if (onDisk) {
      // Who answered is written by the console meanwhile: the form's copy may be older, and holds for the same address only.
      for (auto source = clean.sources.begin(); source != clean.sources.end(); ++source) {
        const ProfileSource before = onDisk->sources.value(source.key());
        source->lastServerId = before.fields == source->fields ? before.lastServerId : QString();
      }
      *onDisk = clean;
    }
    else
      document.profiles += clean;
    return {};
  });
}

Result<void> ProfileStore::remove(const QUuid& id) {
  return commit([&](ProfileDocument& document) -> Result<void> {
    document.profiles.removeIf([&](const Profile& profile) { return profile.id == id; });
    if (document.lastUsed == id) document.lastUsed = {};
    return {};
  });
}

Result<void> ProfileStore::setLastUsed(const QUuid& id) {
  if (m_document.lastUsed == id) return {};
  return commit([&](ProfileDocument& document) -> Result<void> {
    document.lastUsed = id;
    return {};
  });
}

Result<void> ProfileStore::setServerId(const QUuid& id, const QString& source, const QString& serverId) {
  const Profile* const known = m_document.find(id);
  if (!known || !known->sources.contains(source) || known->sources.value(source).lastServerId == serverId) return {};
  return commit([&](ProfileDocument& document) -> Result<void> {
    Profile* const profile = document.find(id);
    if (profile && profile->sources.contains(source)) profile->sources[source].lastServerId = serverId;
    return {};
  });
}

}  // namespace cachedeck
