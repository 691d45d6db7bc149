// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/profilefields.h"

#include "core/profiles/profile_fields.h"
#include "ui/connections/fieldeditor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

namespace cachedeck {

namespace {
constexpr int narrowestColumn = 250, mostColumns = 3;
}  // namespace

ProfileFields::ProfileFields(QWidget* parent) : Card(parent), m_grid(new QGridLayout) {
  m_grid->setHorizontalSpacing(Theme::pageMargin);
  m_grid->setVerticalSpacing(Theme::cardGap);
  for (const FieldInfo& info : profileFields()) {
    FieldEditor* const editor = makeFieldEditor(info);
    m_fields += editor;
    connect(editor, &FieldEditor::edited, this, &ProfileFields::edited);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardGap, Theme::cardPadding, Theme::cardGap);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(plainLabel(tr("Load runs and recording"), TextRole::CardTitle));
  column->addLayout(m_grid);
  arrange();
}

void ProfileFields::arrange() {
  const int columns = qBound(1, (width() - 2 * Theme::cardPadding) / narrowestColumn, mostColumns);
  if (columns == m_columns) return;
  m_columns = columns;
  for (int i = 0; i < m_fields.size(); ++i) m_grid->addWidget(m_fields[i], i / columns, i % columns);
  for (int i = 0; i < mostColumns; ++i) m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void ProfileFields::resizeEvent(QResizeEvent*) { arrange(); }

void ProfileFields::load(const Profile& profile) {
  const QSignalBlocker silent(this);
  for (FieldEditor* const editor : std::as_const(m_fields)) editor->setValue(profile.fields.value(editor->key()));
}

void ProfileFields::store(Profile& profile) const {
  for (const FieldEditor* const editor : m_fields) {
    const QString value = editor->value();
    if (value.isEmpty()) profile.fields.remove(editor->key());
    else profile.fields.insert(editor->key(), value);
  }
}

QWidget* ProfileFields::firstProblem() {
  QWidget* first = nullptr;
  for (FieldEditor* const editor : std::as_const(m_fields))
    if (!editor->problem().isEmpty() && !first) first = editor;
  return first;
}

FieldEditor* ProfileFields::field(const QString& key) const {
  for (FieldEditor* const editor : m_fields)
    if (editor->key() == key) return editor;
  return nullptr;
}

}  // namespace cachedeck
