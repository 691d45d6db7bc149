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
    if (answer == QMessageBox::Discard || (answer == QMessageBox::Save && save())) return goOn();
    markForm();  // again: a press of the mouse selects its row after the question was opened
  });
  question->open();
}

void ConnectionsPage::markForm() { m_list->setCurrent(m_form->isNew() ? QUuid() : m_form->profile().id); }

bool ConnectionsPage::save() {
  if (const QString problem = m_form->problem(); !problem.isEmpty()) {
    say(problem, "critical");
    return false;
  }
  SecretChange change{{}, m_form->profile(), m_form->typedSecrets(), m_form->forgottenSecrets()};
  if (const Profile* const before = m_store.find(change.after.id)) change.before = *before;
  if (const auto saved = m_store.save(change.after); !saved) {
    say(saved.error().message, "critical");
    if (m_store.findByName(change.after.name)) m_form->showNameProblem(saved.error().message);
    return false;
  }
  keepSecrets(
      m_secrets, change, this, [this](const QString& trouble) { Q_EMIT noticed(trouble); },
      [this](const SecretKey& key, bool isThere) { m_form->setInKeyring(key, isThere); });
  open(*m_store.find(change.after.id), false);
  refresh();
  m_list->setCurrent(change.after.id);
  say(tr("Saved."), "secondary");
  Q_EMIT profilesChanged();
  return true;
}

void ConnectionsPage::connectCurrent() {
  if ((m_form->isNew() || m_form->isChanged()) && !save()) return;
  Q_EMIT connectRequested(m_form->profile().id);
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
  const Profile* const stored = m_store.find(profile.id);
  const SecretChange change{stored ? *stored : profile, {}, {}, {}};
  if (const auto removed = m_store.remove(profile.id); !removed) return say(removed.error().message, "critical");
  keepSecrets(m_secrets, change, this, [this](const QString& trouble) { Q_EMIT noticed(trouble); });
  m_right->setCurrentIndex(0);
  refresh();
  Q_EMIT profilesChanged();
}

}  // namespace cachedeck
