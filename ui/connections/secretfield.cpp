// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/fieldeditor.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace cachedeck {

namespace {

constexpr int longestSecret = 4096;

}  // namespace

SecretField::SecretField(const FieldInfo& info, QWidget* parent) : FieldEditor(info, parent) {
  m_edit = new QLineEdit;
  m_edit->setEchoMode(QLineEdit::Password);
  m_edit->setMaxLength(longestSecret);
  m_forget = new QToolButton;
  keepIcon(m_forget, QStringLiteral("trash"), &Palette::text2);
  m_forget->setToolTip(tr("Forget the stored password"));
  m_forget->setAccessibleName(tr("Forget the stored password"));
  auto* both = new QWidget;
  auto* row = new QHBoxLayout(both);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::grid);
  row->addWidget(m_edit, 1);
  row->addWidget(m_forget);
  connect(m_edit, &QLineEdit::textEdited, this, [this] {
    updateHint();
    Q_EMIT edited();
  });
  connect(m_forget, &QToolButton::clicked, this, [this] {
    forget();
    Q_EMIT edited();
  });
  place(both, m_edit);
  updateHint();
}

void SecretField::updateHint() {
  m_forget->setVisible(!m_storedWhere.isEmpty() && !m_forgotten);
  const QString stored = QStringLiteral("•••••••• ") + m_storedWhere;
  m_edit->setPlaceholderText(m_forgotten ? tr("forgotten when you save") : m_storedWhere.isEmpty() ? QString() : stored);
}

void SecretField::setStored(const QString& storedWhere) {
  m_storedWhere = storedWhere;
  m_forgotten = false;
  m_edit->clear();
  updateHint();
}

void SecretField::setSecret(const Secret& secret) {
  m_edit->setText(QString::fromUtf8(secret.data(), secret.size()));
  updateHint();
}

void SecretField::setStoredWhere(const QString& storedWhere) {
  m_storedWhere = storedWhere;
  updateHint();
}

void SecretField::forget() {
  m_edit->clear();
  m_forgotten = !m_storedWhere.isEmpty();  // and stays so when another is typed and deleted again
  updateHint();
}

bool SecretField::isForgotten() const { return m_forgotten && m_edit->text().isEmpty(); }

Secret SecretField::typed() const { return Secret::fromString(m_edit->text()); }

bool SecretField::hasSecret() const { return !m_edit->text().isEmpty() || (!m_storedWhere.isEmpty() && !m_forgotten); }

}  // namespace cachedeck
