// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/fieldeditor.h"

#include "core/profiles/profile_fields.h"
#include "core/sources/redis/redis_options.h"
#include "ui/window/tinted.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QUrl>

namespace cachedeck {

namespace {

constexpr int longestValue = 4096;

bool isServiceUrl(const QString& text) {
  const QUrl url(text, QUrl::StrictMode);
  return (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https")) && !url.host().isEmpty() && url.userInfo().isEmpty() && !url.hasQuery() && !url.hasFragment();
}

}  // namespace

LineField::LineField(const FieldInfo& info, QWidget* parent) : FieldEditor(info, parent) {
  m_edit = new QLineEdit;
  m_edit->setMaxLength(longestValue);
  m_edit->setPlaceholderText(QString::fromUtf8(info.placeholder));
  connect(m_edit, &QLineEdit::textEdited, this, [this] {
    setProblem({});
    Q_EMIT edited();
  });
  connect(m_edit, &QLineEdit::editingFinished, this, &FieldEditor::finished);
  if (info.kind == FieldInfo::Kind::File) {
    QAction* const browse = m_edit->addAction(QIcon(), QLineEdit::TrailingPosition);
    keepIcon(browse, QStringLiteral("folder"), &Palette::text2);
    browse->setText(tr("Choose a file"));
    browse->setToolTip(tr("Choose a file"));
    browse->setShortcut(QKeySequence(QStringLiteral("F4")));
    browse->setShortcutContext(Qt::WidgetShortcut);
    connect(browse, &QAction::triggered, this, &LineField::browse);
  }
  place(m_edit, m_edit);
}

void LineField::browse() {
  auto* dialog = new QFileDialog(this, fieldText(info().label), QFileInfo(m_edit->text()).absolutePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    setValue(file);
    Q_EMIT edited();
  });
  dialog->open();
}

QString LineField::value() const { return m_edit->text().trimmed(); }

void LineField::setValue(const QString& value) {
  m_edit->setText(value);
  setProblem({});
}

QString LineField::check() const {
  const QString text = value();
  if (text.isEmpty()) return {};
  if (info().kind == FieldInfo::Kind::File && !QFileInfo::exists(text)) return tr("There is no such file on this machine.");
  if (key() == QLatin1String(serviceUrlField) && !isServiceUrl(text)) return tr("Write http://host:port or https://host, without user and password.");
  if (info().kind != FieldInfo::Kind::Number) return {};
  bool isNumber = false;
  const int number = text.toInt(&isNumber);
  if (key() == QLatin1String("port"))
    return isNumber && number >= 1 && number <= 65535 ? QString() : tr("A port is a number from 1 to 65535.");
  return isNumber && number >= 0 ? QString() : tr("This has to be a whole number, 0 or more.");
}

SwitchField::SwitchField(const FieldInfo& info, QWidget* parent) : FieldEditor(info, parent) {
  m_box = new QCheckBox(tr("on"));
  m_box->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(m_box, &QCheckBox::toggled, this, &FieldEditor::edited);
  place(m_box, m_box);
}

QString SwitchField::value() const { return m_box->isChecked() ? QStringLiteral("true") : QString(); }

void SwitchField::setValue(const QString& value) { m_box->setChecked(isSwitchedOn(value)); }

ChoiceField::ChoiceField(const FieldInfo& info, QWidget* parent) : FieldEditor(info, parent) {
  m_box = new QComboBox;
  m_box->addItems(QString::fromUtf8(info.choices).split(QLatin1Char('|')));
  connect(m_box, &QComboBox::currentIndexChanged, this, &FieldEditor::edited);
  place(m_box, m_box);
}

QString ChoiceField::value() const { return m_box->currentIndex() == 0 ? QString() : m_box->currentText(); }

void ChoiceField::setValue(const QString& value) { m_box->setCurrentIndex(qMax(0, m_box->findText(value))); }

}  // namespace cachedeck
