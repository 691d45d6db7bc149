// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/profilewriter.h"
#include "core/profiles/secrets.h"

#include <QPointer>
#include <QWidget>

#include <functional>

class QLabel;
class QMessageBox;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class ProfileForm;
class ProfileList;

/// The profiles and the form of the chosen one: new, edit, duplicate, delete, test, connect.
class ConnectionsPage : public QWidget {
  Q_OBJECT
 public:
  ConnectionsPage(ProfileWriter& profiles, Secrets& secrets, const Clock& clock,
                  std::span<const SourceInfo> registry = sourceRegistry(), QWidget* parent = nullptr);
  /// Opens an empty form; asks first where another one holds changes.
  void newProfile();
  void editProfile(const QUuid& id);
  /// Marks the profile on show; null for none.
  void setConnected(const QUuid& id);
  /// Reads the store's profiles again.
  void refresh();
  /// Saves the form, and goes on with `then` once it is on disk. When something is wrong, the form shows it.
  void save(const std::function<void()>& then = {});
  bool isSaving() const { return m_saving; }
  ProfileForm* form() const { return m_form; }
  /// The sentence above the buttons.
  QString message() const;

 Q_SIGNALS:
  /// The profile is saved and its secrets are known or in the keyring.
  void connectRequested(const QUuid& id);
  /// The list changed: the window's switcher has to be filled anew.
  void profilesChanged();
  /// Something a person should know that needs no answer.
  void noticed(const QString& text);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* buildLeft();
  QWidget* buildRight();
  void open(const Profile& profile, bool isNew);
  void openStored(const QUuid& id);
  /// Goes on at once, or after the operator decided about unsaved changes.
  void leaveForm(const std::function<void()>& goOn);
  /// The list marks the form's profile; none for a new one.
  void markForm();
  void connectCurrent();
  void duplicate();
  void removeCurrent();
  void removeNow(const Profile& profile);
  /// Posts a change; the buttons wait until it is done.
  void write(const ProfileWriter::Change& change, const ProfileWriter::Done& done);
  void notSaved(const Profile& posted, const Error& error);
  void updateButtons();
  void say(const QString& text, const char* tone);

  ProfileWriter& m_profiles;
  const ProfileStore& m_store;
  Secrets& m_secrets;
  std::span<const SourceInfo> m_registry;
  ProfileList* m_list;
  QStackedWidget* m_right;
  ProfileForm* m_form;
  QLabel* m_message;
  QPushButton *m_connect, *m_save, *m_test, *m_duplicate, *m_delete;
  std::function<void()> m_next;  ///< after a save that is under way
  QPointer<QMessageBox> m_question;  ///< about unsaved changes, while it is asked
  QUuid m_connected;
  bool m_probed = false, m_saving = false;
};

}  // namespace cachedeck
