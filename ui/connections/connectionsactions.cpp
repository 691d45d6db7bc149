// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "ui/connections/connectionspage.h"
#include "ui/connections/profileform.h"
#include "ui/connections/profilelist.h"
#include "ui/connections/secretkeeper.h"

#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

namespace {

// The name with a number that no other profile has.
QString freeName(const ProfileStore& store, const QString& base) {
  QString name = base;
  for (int number = 2; store.findByName(name); ++number) {
    const QString suffix = QStringLiteral(" (%1)").arg(number);
    name = base.left(longestProfileName - suffix.size()) + suffix;
  }
  return name;
}

}  // namespace

void ConnectionsPage::leaveForm(const std::function<void()>& goOn) {
  if (m_saving) {  // what is being saved is no change any more, once it is
    m_next = goOn;
    return markForm();
  }
  if (m_right->currentIndex() == 0 || !m_form->isChanged()) return goOn();
  markForm();
  if (m_question) return m_question->activateWindow();
  auto* question = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"), {},
                                   QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
  m_question = question;
  question->setTextFormat(Qt::PlainText);
  question->setText(tr("The profile “%1” has changes that are not saved.").arg(printable(m_form->profile().name)));
  question->setAttribute(Qt::WA_DeleteOnClose);
  connect(question, &QMessageBox::finished, this, [this, goOn](int answer) {
    m_question.clear();
    if (answer == QMessageBox::Discard) return goOn();
    markForm();  // again: a press of the mouse selects its row after the question was opened
    if (answer == QMessageBox::Save) save(goOn);
  });
  question->open();
}

void ConnectionsPage::markForm() { m_list->setCurrent(m_form->isNew() ? QUuid() : m_form->profile().id); }

void ConnectionsPage::write(const ProfileWriter::Change& change, const ProfileWriter::Done& done) {
  m_saving = true;
  updateButtons();
  m_profiles.post(change, this, [this, done](const Result<void>& written) {
    m_saving = false;
    done(written);
    updateButtons();
    if (const auto next = std::exchange(m_next, {})) leaveForm(next);
  });
}

void ConnectionsPage::save(const std::function<void()>& then) {
  if (m_saving) return;
  if (const QString problem = m_form->problem(); !problem.isEmpty()) return say(problem, "critical");
  SecretChange change{{}, m_form->profile(), m_form->typedSecrets(), m_form->forgottenSecrets()};
  if (const Profile* const before = m_store.find(change.after.id)) change.before = *before;
  write([after = change.after, seen = m_form->seen()](ProfileStore& store) { return store.save(after, seen); },
        [this, change, then](const Result<void>& saved) {
          if (!saved) return notSaved(change.after, saved.error());
          keepSecrets(
              m_secrets, change, this, [this](const QString& trouble) { Q_EMIT noticed(trouble); },
              [this](const SecretKey& key, bool isThere) { m_form->setInKeyring(key, isThere); });
          const bool isShown = m_form->profile().id == change.after.id;
          if (isShown) m_form->saved(change.after, change.typed, *m_store.find(change.after.id));
          refresh();
          if (isShown) markForm();
          say(tr("Saved."), "secondary");
          Q_EMIT profilesChanged();
          if (then) then();
        });
}

// What somebody else made of it is shown, as the message says; what was typed on top of the old one is not written over it.
void ConnectionsPage::notSaved(const Profile& posted, const Error& error) {
  const bool isShown = m_form->profile().id == posted.id;
  if (const Profile* const namesake = m_store.findByName(posted.name); isShown && namesake && namesake->id != posted.id) m_form->showNameProblem(error.message);
  const Profile* const now = m_store.find(posted.id);
  const std::optional<Profile> seen = isShown ? m_form->seen() : std::nullopt;
  if (error.kind == Error::Kind::Busy && seen && (!now || !looksSame(*now, *seen))) {
    if (now) m_form->load(*now, false);
    else m_form->load(posted, true);
    refresh();
    markForm();
    Q_EMIT profilesChanged();
  }
  say(error.message, "critical");
}

void ConnectionsPage::connectCurrent() {
  if (m_saving) return;
  const auto connectNow = [this, id = m_form->profile().id] { Q_EMIT connectRequested(id); };
  if (m_form->isNew() || m_form->isChanged()) save(connectNow);
  else connectNow();
}

void ConnectionsPage::duplicate() {
  leaveForm([this] {
    Profile copy = m_form->profile();
    copy.id = QUuid::createUuid();
    copy.name = freeName(m_store, copy.name);
    // Passwords belong to a profile's identity: the copy asks for its own.
    for (ProfileSource& source : copy.sources) source.secretFields.clear();
    open(copy, true);
    say(tr("A copy, not saved yet. Passwords are not copied: enter them again."), "secondary");
  });
}

void ConnectionsPage::removeCurrent() {
  const Profile profile = m_form->profile();
  auto* question = new QMessageBox(QMessageBox::Question, tr("Delete profile"), {}, QMessageBox::Cancel, this);
  question->setTextFormat(Qt::PlainText);
  question->setText(tr("Delete the profile “%1” and its stored passwords?").arg(printable(profile.name)));
  QPushButton* const agree = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
  agree->setObjectName(QStringLiteral("delete"));
  question->setDefaultButton(QMessageBox::Cancel);
  question->setAttribute(Qt::WA_DeleteOnClose);
  connect(agree, &QPushButton::clicked, this, [this, profile] { removeNow(profile); });
  question->open();
}

void ConnectionsPage::removeNow(const Profile& profile) {
  if (m_saving) return;
  const Profile* const stored = m_store.find(profile.id);
  write([id = profile.id](ProfileStore& store) { return store.remove(id); },
        [this, change = SecretChange{stored ? *stored : profile, {}, {}, {}}](const Result<void>& removed) {
          if (!removed) return say(removed.error().message, "critical");
          keepSecrets(m_secrets, change, this, [this](const QString& trouble) { Q_EMIT noticed(trouble); });
          if (m_form->profile().id == change.before.id) m_right->setCurrentIndex(0);
          refresh();
          Q_EMIT profilesChanged();
        });
}

}  // namespace cachedeck
