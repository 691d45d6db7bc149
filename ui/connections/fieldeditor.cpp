// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/fieldeditor.h"

#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QStyle>

namespace cachedeck {

QString fieldText(const char* text) {
  // The two contexts of the sources' field tables.
  const QString translated = QCoreApplication::translate("Field", text);
  return translated == QString::fromUtf8(text) ? QCoreApplication::translate("Source", text) : translated;
}

FieldEditor::FieldEditor(const FieldInfo& info, QWidget* parent) : QWidget(parent), m_info(info) {
  m_column = new QVBoxLayout(this);
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(Theme::grid);
  m_label = plainLabel(fieldText(info.label), TextRole::Label, "secondary");
  m_problem = plainLabel({}, TextRole::Secondary, "critical");
  m_problem->setWordWrap(true);
  m_problem->setObjectName(QStringLiteral("problem"));
  m_problem->hide();
  m_column->addWidget(m_label);
  m_column->addWidget(m_problem);
  m_column->addStretch(1);
  connect(this, &FieldEditor::finished, this, &FieldEditor::problem);
}

void FieldEditor::place(QWidget* editor, QWidget* named) {
  m_named = named;
  m_column->insertWidget(1, editor);
  m_label->setBuddy(named);
  named->setAccessibleName(m_label->text());
  named->setAccessibleDescription(fieldText(m_info.help));
  named->setToolTip(fieldText(m_info.help));
}

void FieldEditor::setProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
  if (!m_named || m_named->property("invalid").toBool() == !problem.isEmpty()) return;
  m_named->setProperty("invalid", !problem.isEmpty());
  m_named->style()->unpolish(m_named);
  m_named->style()->polish(m_named);
}

QString FieldEditor::problem() {
  const QString found = check();
  setProblem(found);
  return found;
}

FieldEditor* makeFieldEditor(const FieldInfo& info) {
  switch (info.kind) {
    case FieldInfo::Kind::Text:
    case FieldInfo::Kind::Number:
    case FieldInfo::Kind::File: return new LineField(info);
    case FieldInfo::Kind::Secret: return new SecretField(info);
    case FieldInfo::Kind::Switch: return new SwitchField(info);
    case FieldInfo::Kind::Choice: return new ChoiceField(info);
  }
  return new LineField(info);
}

}  // namespace cachedeck
