// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/sourcesection.h"

#include "ui/connections/fieldeditor.h"
#include "ui/connections/testrow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLineEdit>
#include <QUrl>

namespace cachedeck {

namespace {

constexpr int narrowestColumn = 250, mostColumns = 3;

}  // namespace

SourceSection::SourceSection(const SourceInfo& info, QWidget* parent) : Card(parent), m_info(info) {
  build();
  connect(m_switch, &QCheckBox::toggled, this, [this] {
    fold();
    Q_EMIT edited();
  });
  connectUrl();
  connect(this, &SourceSection::edited, this, [this] {
    if (!m_test->isRunning()) m_test->clear();
  });
  for (FieldEditor* const editor : std::as_const(m_fields)) {
    connect(editor, &FieldEditor::edited, this, &SourceSection::edited);
    connect(editor, &FieldEditor::finished, this, [this, editor] { onFieldFinished(editor); });
  }
  fold();
}

void SourceSection::connectUrl() {
  connect(m_url, &QLineEdit::textEdited, this, &SourceSection::onUrlEdited);
  connect(m_url, &QLineEdit::textChanged, this, [this] { m_urlBefore = m_url->text(); });
  connect(m_url, &QLineEdit::returnPressed, this, [this] { applyUrl(m_url->text()); });
  connect(m_url, &QLineEdit::editingFinished, this, [this] {
    // A look at another window, to copy something from there, does not end the typing here.
    if (window()->focusWidget() != m_url && hasUnappliedUrl()) applyUrl(m_url->text());
  });
}

void SourceSection::onUrlEdited(const QString& text) {
  m_urlProblem->hide();
  // A paste of a whole URL fills the form at once. Half of a typed one is a good URL as well, of another server.
  const bool isPaste = m_urlBefore.isEmpty() ? text.size() > 1
                                             : qAbs(text.size() - m_urlBefore.size()) > 1 && text == QGuiApplication::clipboard()->text();
  if (isPaste && text.contains(QLatin1String("://")) && m_info.fromUrl(text.trimmed()).ok()) applyUrl(text);
  else Q_EMIT edited();
}

bool SourceSection::hasUnappliedUrl() const { return isSwitchedOn() && !m_url->text().trimmed().isEmpty(); }

void SourceSection::build() {
  m_switch = new QCheckBox(QString::fromUtf8(m_info.title));
  m_switch->setFont(Theme::instance().font(TextRole::CardTitle));
  m_switch->setToolTip(tr("Whether this profile has one"));
  m_url = new QLineEdit;
  m_url->setPlaceholderText(tr("Paste a URL to fill the fields below"));
  m_url->setAccessibleName(tr("URL of %1").arg(QLatin1String(m_info.title)));
  m_urlProblem = plainLabel({}, TextRole::Secondary, "critical");
  m_urlProblem->setWordWrap(true);
  m_urlProblem->hide();
  m_test = new TestRow;
  for (const FieldInfo& field : m_info.fields) {
    FieldEditor* const editor = makeFieldEditor(field);
    m_fields += editor;
    if (auto* secret = qobject_cast<SecretField*>(editor)) m_secrets += secret;
  }
  m_body = new QWidget;
  auto* body = new QVBoxLayout(m_body);
  body->setContentsMargins(0, Theme::grid, 0, 0);
  body->setSpacing(Theme::cardGap);
  body->addWidget(m_url);
  body->addWidget(m_urlProblem);
  m_grid = new QGridLayout;
  m_grid->setHorizontalSpacing(Theme::pageMargin);
  m_grid->setVerticalSpacing(Theme::cardGap);
  body->addLayout(m_grid);
  body->addWidget(m_test);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardGap, Theme::cardPadding, Theme::cardGap);
  column->setSpacing(Theme::grid);
  column->addWidget(m_switch, 0, Qt::AlignLeft);
  column->addWidget(m_body);
  arrange();
}

void SourceSection::arrange() {
  const int room = width() - 2 * Theme::cardPadding;
  const int columns = qBound(1, room / narrowestColumn, mostColumns);
  if (columns == m_columns) return;
  m_columns = columns;
  for (int i = 0; i < m_fields.size(); ++i) m_grid->addWidget(m_fields[i], i / columns, i % columns);
  for (int i = 0; i < mostColumns; ++i) m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void SourceSection::resizeEvent(QResizeEvent*) { arrange(); }

void SourceSection::fold() { m_body->setVisible(m_switch->isChecked()); }

void SourceSection::load(const ProfileSource& source, const std::function<QString(const QString&)>& storedWhere) {
  const QSignalBlocker silent(this);
  m_loaded = source;
  m_switch->setChecked(source.enabled);
  fold();
  m_url->clear();
  m_urlProblem->hide();
  for (FieldEditor* const editor : std::as_const(m_fields)) {
    const QSignalBlocker quiet(editor);
    editor->setValue(source.fields.value(editor->key()));
  }
  for (SecretField* const secret : std::as_const(m_secrets)) secret->setStored(storedWhere(secret->key()));
  m_test->clear();
  m_pristine = value().fields;
}

ProfileSource SourceSection::value() const {
  ProfileSource source = m_loaded;
  source.enabled = m_switch->isChecked();
  source.secretFields.clear();
  for (const FieldEditor* const editor : m_fields) {
    const QString value = editor->value();
    if (value.isEmpty()) source.fields.remove(editor->key());
    else source.fields.insert(editor->key(), value);
  }
  for (const SecretField* const secret : m_secrets)
    if (secret->hasSecret()) source.secretFields += secret->key();
  // Another address is another server: what answered before says nothing about it.
  if (source.fields != m_pristine) source.lastServerId.clear();
  return source;
}

bool SourceSection::isSwitchedOn() const { return m_switch->isChecked(); }

QString SourceSection::applyUrl(const QString& url) {
  auto settings = m_info.fromUrl(url.trimmed());
  const QString problem = settings ? QString() : settings.error().message;
  m_urlProblem->setText(problem);
  m_urlProblem->setVisible(!problem.isEmpty());
  if (!settings) return problem;
  const QString formerly = endpointText(m_info, value().fields);
  m_switch->setChecked(true);
  for (FieldEditor* const editor : std::as_const(m_fields)) editor->setValue(settings->fields.value(editor->key()));
  const bool keep = !settings->secrets.isEmpty() && endpointText(m_info, value().fields) == formerly;
  for (SecretField* const secret : std::as_const(m_secrets)) {
    if (!keep) secret->forget();
    if (settings->secrets.contains(secret->key())) secret->setSecret(settings->secrets.value(secret->key()));
  }
  m_url->clear();  // it may hold a password, which now stands in its own field
  Q_EMIT edited();
  return {};
}

void SourceSection::onFieldFinished(FieldEditor* editor) {
  // A URL that was typed into a plain field with a password in it: the password must not stay in clear text.
  if (editor->info().kind == FieldInfo::Kind::Text && !QUrl(editor->value()).password().isEmpty()) applyUrl(editor->value());
}

QMap<QString, Secret> SourceSection::typedSecrets() const {
  QMap<QString, Secret> typed;
  for (const SecretField* const secret : m_secrets)
    if (const Secret value = secret->typed(); !value.isEmpty()) typed.insert(secret->key(), value);
  return typed;
}

QStringList SourceSection::forgottenSecrets() const {
  QStringList keys;
  for (const SecretField* const secret : m_secrets)
    if (secret->isForgotten()) keys += secret->key();
  return keys;
}

QWidget* SourceSection::firstProblem() {
  QWidget* first = nullptr;
  if (!isSwitchedOn()) return first;
  if (hasUnappliedUrl() && !applyUrl(m_url->text()).isEmpty()) first = m_url;
  for (FieldEditor* const editor : std::as_const(m_fields))
    if (!editor->problem().isEmpty() && !first) first = editor;
  return first;
}

FieldEditor* SourceSection::field(const QString& key) const {
  for (FieldEditor* const editor : m_fields)
    if (editor->key() == key) return editor;
  return nullptr;
}

}  // namespace cachedeck
