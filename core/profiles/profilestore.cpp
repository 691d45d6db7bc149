// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profilestore.h"

#include "core/base/text.h"
#include "core/profiles/profile_fields.h"

namespace cachedeck {

namespace {

QString backup(const QString& file) { return file + QStringLiteral(".bak"); }

Error changedMeanwhile(const QString& name) {
  return fail(Error::Kind::Busy, QStringLiteral("Another Cachedeck changed the profile “%1” meanwhile. It was read again: "
                                                "look at it and repeat your change.")
                                     .arg(printable(name)));
}

const QString record = QLatin1String(recordField);

Profile asSeen(Profile profile) {
  for (ProfileSource& source : profile.sources) {
    source.lastServerId.clear();
    source.extra = {};
  }
  profile.fields.remove(record);
  profile.ownPanels = {};
  profile.extra = {};
  return profile;
}

// The form's copy of these may be older, and nobody looked at them there.
void keepUnseen(Profile& edited, const Profile& onDisk, const Profile* seen) {
  for (auto source = edited.sources.begin(); source != edited.sources.end(); ++source) {
    const ProfileSource before = onDisk.sources.value(source.key());
    source->lastServerId = before.fields == source->fields ? before.lastServerId : QString();  // holds for the same address only
    source->extra = before.extra;
  }
  edited.ownPanels = onDisk.ownPanels;
  edited.extra = onDisk.extra;
  if (!seen || seen->fields.value(record) != edited.fields.value(record)) return;
  edited.fields.remove(record);
  if (const auto switched = onDisk.fields.constFind(record); switched != onDisk.fields.constEnd()) edited.fields[record] = *switched;
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

bool looksSame(const Profile& one, const Profile& other) { return asSeen(one) == asSeen(other); }

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

Result<void> ProfileStore::commit(const Edit& edit) {
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
    if (auto edited = edit(document); !edited) {
      if (edited.error().kind == Error::Kind::Busy) m_document = document;
      return edited;
    }
    const QByteArray after = serialiseProfiles(document);
    if (!onDisk || after != before) {
      if (onDisk)
        if (auto kept = writePrivateFile(backup(file()), before); !kept) return kept;
      if (auto written = writePrivateFile(file(), after); !written) return written;
    }
    document.notices = m_document.notices;
    m_document = document;
    return {};
  });
}

Result<void> ProfileStore::save(const Profile& profile, const std::optional<Profile>& seen) {
  Profile clean = withoutSecrets(profile, m_registry);
  clean.name = clean.name.trimmed();
  if (clean.id.isNull()) return fail(Error::Kind::Usage, QStringLiteral("A profile needs an identity."));
  return commit([&](ProfileDocument& document) -> Result<void> {
    Profile* const onDisk = document.find(clean.id);
    const Profile* const known = seen ? &*seen : m_document.find(clean.id);
    if (known && (!onDisk || !looksSame(*onDisk, *known))) return changedMeanwhile(known->name);
    if (auto checked = checkName(document, clean); !checked) return checked;
    if (onDisk) {
      keepUnseen(clean, *onDisk, known);
      *onDisk = clean;
    } else {
      document.profiles += clean;
    }
    return {};
  });
}

Result<void> ProfileStore::change(const QUuid& id, const std::function<void(Profile&)>& edit) {
  return commit([&](ProfileDocument& document) -> Result<void> {
    Profile* const profile = document.find(id);
    if (!profile) return fail(Error::Kind::NotFound, QStringLiteral("The profile is not in %1 any more.").arg(file()));
    edit(*profile);
    *profile = withoutSecrets(*profile, m_registry);
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
  return commit([&](ProfileDocument& document) -> Result<void> {
    document.lastUsed = id;
    return {};
  });
}

Result<void> ProfileStore::setServerId(const QUuid& id, const QString& source, const QString& serverId) {
  return change(id, [&](Profile& profile) {
    if (profile.sources.contains(source)) profile.sources[source].lastServerId = serverId;
  });
}

}  // namespace cachedeck
