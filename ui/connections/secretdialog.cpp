// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/secretdialog.h"

#include "core/base/text.h"
#include "ui/connections/fieldeditor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>

namespace cachedeck {

SecretDialog::SecretDialog(const Profile& profile, const QString& sourceTitle, const MissingSecret& missing, QWidget* parent)
    : QDialog(parent), m_key(missing.key) {
  setWindowTitle(tr("Password needed"));
  setAttribute(Qt::WA_DeleteOnClose);
  const QString label = fieldText(missing.label.toUtf8().constData());
  auto* title = plainLabel(tr("%1 of %2 in profile “%3”").arg(label, printable(sourceTitle), printable(profile.name)), TextRole::CardTitle);
  auto* reason = plainLabel(missing.error.message, TextRole::Label, "secondary");
  for (QLabel* const text : {title, reason}) {
    text->setWordWrap(true);
    text->setMinimumWidth(360);
  }
  m_edit = new QLineEdit;
  m_edit->setEchoMode(QLineEdit::Password);
  m_edit->setAccessibleName(label);
  m_keep = new QCheckBox(tr("Keep it in the keyring when it is right"));
  m_keep->setVisible(profile.secretPlace == SecretPlace::Keyring);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  QPushButton* const use = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
  use->setProperty("kind", QStringLiteral("primary"));
  use->setEnabled(false);  // never a try with an empty password
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 16);
  column->setSpacing(Theme::cardGap);
  for (QWidget* const widget : std::initializer_list<QWidget*>{title, reason, m_edit, m_keep, buttons}) column->addWidget(widget);
  connect(m_edit, &QLineEdit::textChanged, use, [use](const QString& text) { use->setEnabled(!text.isEmpty()); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    const Secret secret = Secret::fromString(m_edit->text());
    m_edit->clear();
    Q_EMIT given(m_key, secret, m_keep->isVisible() && m_keep->isChecked());
    accept();
  });
}

}  // namespace cachedeck
