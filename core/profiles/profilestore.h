// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/privatefile.h"
#include "core/profiles/profiledocument.h"

#include <functional>
#include <optional>

namespace cachedeck {

/// The profiles of this user, in profiles.json with the last good one beside it (.bak). A file that cannot be read is
/// kept aside and the last good one used: nothing is reset in silence. Several instances may change it; each change
/// starts from what lies on disk.
class ProfileStore {
 public:
  explicit ProfileStore(QString folder = configDirectory(), std::span<const SourceInfo> registry = sourceRegistry());

  /// Reads the file, or again. An Error means that profiles cannot be used at all (another user's folder, unreadable).
  Result<void> load();
  /// What a person should be told about the last load(), one sentence each.
  const QStringList& notices() const { return m_document.notices; }

  const QList<Profile>& profiles() const { return m_document.profiles; }
  const Profile* find(const QUuid& id) const { return m_document.find(id); }
  /// The profile of a name, ignoring case, or nullptr.
  const Profile* findByName(const QString& name) const;
  /// The profile that was connected last, or nullptr when there is none.
  const Profile* lastUsed() const { return m_document.find(m_document.lastUsed); }

  /// Adds or replaces the profile of this id. `seen`: as the person began to change it; without it, as this store knows it. Usage: the name is empty, too long or taken. Busy: what a person sees
  /// of it was changed meanwhile, or it was removed; profiles() then shows what there is. What the console writes by itself stays as it lies on disk: who answered, own charts, and the switch
  /// Record where the person left it as it was.
  Result<void> save(const Profile& profile, const std::optional<Profile>& seen = {});
  /// Changes one thing of the profile as it lies on disk, and nothing else of it. NotFound: it is gone.
  Result<void> change(const QUuid& id, const std::function<void(Profile&)>& edit);
  Result<void> remove(const QUuid& id);
  Result<void> setLastUsed(const QUuid& id);
  /// Remembers which server answered.
  Result<void> setServerId(const QUuid& id, const QString& source, const QString& serverId);

  QString file() const { return m_folder + QStringLiteral("/profiles.json"); }

 private:
  using Edit = std::function<Result<void>(ProfileDocument&)>;
  Result<void> commit(const Edit& edit);
  Result<ProfileDocument> parse(const QString& path, QByteArray* bytes) const;
  ProfileDocument recover(const Error& reason) const;

  QString m_folder;
  std::span<const SourceInfo> m_registry;
  ProfileDocument m_document;
};

/// Whether a person sees the same profile in both: without what the console writes by itself while one is open, and what no form shows.
bool looksSame(const Profile& one, const Profile& other);

}  // namespace cachedeck
