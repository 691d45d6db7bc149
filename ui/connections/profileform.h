// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secrets.h"
#include "ui/connections/connectiontest.h"

#include <QWidget>

#include <optional>
#include <set>

class QScrollArea;

namespace cachedeck {

class ProfileFields;
class ProfileHead;
class SourceSection;

/// The form of one profile, made from the registry. Tests connections; saving is its owner's.
class ProfileForm : public QWidget {
  Q_OBJECT
 public:
  ProfileForm(Secrets& secrets, const Clock& clock, std::span<const SourceInfo> registry, QWidget* parent = nullptr);
  void load(const Profile& profile, bool isNew);
  /// What was posted to be saved is: `stored` is how. What was typed since then stays, and is a change.
  void saved(const Profile& posted, const std::map<SecretKey, Secret>& typed, const Profile& stored);
  /// The stored profile that the form began with; none for a new one.
  std::optional<Profile> seen() const { return m_isNew ? std::nullopt : std::optional(m_seen); }
  /// The profile as the form has it, without secrets.
  Profile profile() const;
  std::map<SecretKey, Secret> typedSecrets() const;
  QList<SecretKey> forgottenSecrets() const;
  bool isNew() const { return m_isNew; }
  /// Whether there is something to lose.
  bool isChanged() const;
  /// Shows every problem beside its field; an empty answer means that the form can be saved.
  QString problem();
  void showNameProblem(const QString& problem);
  void test(const QString& sourceId);
  void testAll();
  bool isTesting() const;
  SourceSection* section(const QString& sourceId) const;
  /// The profile's own fields.
  ProfileFields* ownFields() const { return m_own; }
  /// Asks the keyring whether it answers and says so in the form.
  void probeKeyring();
  /// Whether a password that was saved in this session lies in the keyring, for its field to say.
  void setInKeyring(const SecretKey& key, bool isThere);

 Q_SIGNALS:
  void edited();
  void testsChanged();

 private:
  struct Entry {
    SourceSection* section;
    ConnectionTest* test;
    int number = 0;  ///< of the last test asked for; answers to earlier ones are dropped
  };
  void onEdited();
  QString storedWhere(const Profile& profile, const QString& sourceId, const QString& field) const;
  void runTest(const Entry& entry, const ResolvedSettings& resolved);
  void cancelTest(const QString& sourceId);
  Entry* entry(const QString& sourceId);

  Secrets& m_secrets;
  std::span<const SourceInfo> m_registry;
  ProfileHead* m_head;
  ProfileFields* m_own;
  QScrollArea* m_scroll;
  QList<Entry> m_entries;
  Profile m_seen, m_loaded;
  std::set<SecretKey> m_notInKeyring;  ///< saved in this session, and the keyring did not take them (yet)
  bool m_isNew = false;
  int m_testNumber = 0;
};

}  // namespace cachedeck
