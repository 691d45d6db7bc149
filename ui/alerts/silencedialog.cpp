// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/silencedialog.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "ui/alerts/alertstext.h"
#include "ui/alerts/matcherlines.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace cachedeck {

namespace {

constexpr int longestComment = 1000;
constexpr qsizetype mostNamed = 5;

}  // namespace

SilenceDialog::SilenceDialog(const Clock& clock, const QString& matchers, const QString& author, const QList<ManagedAlert>& alerts, QWidget* parent) : QDialog(parent), m_clock(clock), m_alerts(alerts) {
  setWindowTitle(tr("New silence"));
  setMinimumWidth(520);
  m_matchers = new QPlainTextEdit(matchers);
  m_matchers->setAccessibleName(tr("Conditions"));
  m_matchers->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 12px; padding: 6px 8px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  m_matchers->setTabChangesFocus(true);
  m_matchers->setFixedHeight(120);
  m_duration = new QComboBox;
  m_duration->setEditable(true);
  m_duration->setAccessibleName(tr("For how long"));
  for (const char* const span : {"30m", "1h", "2h", "4h", "8h", "1d", "3d", "7d"}) m_duration->addItem(QLatin1String(span));
  m_duration->setCurrentText(QStringLiteral("2h"));
  m_author = new QLineEdit(author);
  m_comment = new QLineEdit;
  m_comment->setMaxLength(longestComment);
  m_comment->setPlaceholderText(tr("Why, and who may ask about it"));
  m_hits = wrapLabel(TextRole::Label, "secondary");
  m_problem = wrapLabel(TextRole::Label, "warning");
  m_create = new QPushButton(tr("Create…"));
  m_create->setProperty("kind", QStringLiteral("primary"));
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setAutoDefault(false);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(4 * Theme::grid);
  form->setVerticalSpacing(2 * Theme::grid);
  form->addRow(tr("Alerts with"), m_matchers);
  form->addRow(QString(), m_hits);
  form->addRow(tr("For"), m_duration);
  form->addRow(tr("Author"), m_author);
  form->addRow(tr("Comment"), m_comment);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(m_problem, 1);
  buttons->addWidget(cancel);
  buttons->addWidget(m_create);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(3 * Theme::grid);
  column->addLayout(form);
  column->addLayout(buttons);
  connect(m_matchers, &QPlainTextEdit::textChanged, this, &SilenceDialog::update);
  connect(m_duration, &QComboBox::editTextChanged, this, &SilenceDialog::update);
  for (QLineEdit* const edit : {m_author, m_comment}) connect(edit, &QLineEdit::textChanged, this, &SilenceDialog::update);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_create, &QPushButton::clicked, this, [this] {
    if (const Result<Silence> made = silence(); made) Q_EMIT wanted(*made, hitsOf(*made));
  });
  m_comment->setFocus();
  update();
}

QString SilenceDialog::problem() const { return m_problem->text(); }

Result<Silence> SilenceDialog::silence() const {
  const Result<QList<Matcher>> matchers = matchersOf(m_matchers->toPlainText());
  if (!matchers) return matchers.error();
  const Result<qint64> length = parseSpan(m_duration->currentText());
  if (!length) return length.error();
  if (*length <= 0) return fail(Error::Kind::Usage, tr("It has to last some time."));
  if (m_author->text().trimmed().isEmpty()) return fail(Error::Kind::Usage, tr("Say who you are."));
  if (m_comment->text().trimmed().isEmpty()) return fail(Error::Kind::Usage, tr("Say why in the comment."));
  const qint64 now = m_clock.now().wallMs;
  return Silence{{}, *matchers, now, now + *length, m_author->text().trimmed(), m_comment->text().trimmed(), {}};
}

QStringList SilenceDialog::hitsOf(const Silence& silence) const {
  QStringList names;
  for (const ManagedAlert& alert : m_alerts)
    if (matches(silence.matchers, alert.labels)) names << QStringLiteral("%1 (%2)").arg(printable(alert.labels.value(QStringLiteral("alertname")), 80), instanceText(alert.labels));
  return names;
}

void SilenceDialog::update() {
  const Result<Silence> made = silence();
  m_create->setEnabled(made.ok());
  m_problem->setText(made ? QString() : made.error().message);
  const Result<QList<Matcher>> matchers = matchersOf(m_matchers->toPlainText());
  if (!matchers) return m_hits->setText({});
  const QStringList names = hitsOf({{}, *matchers, 0, 0, {}, {}, {}});
  if (names.isEmpty()) return m_hits->setText(tr("No alert that is there now, but such as come."));
  const QString first = QStringList(names.mid(0, mostNamed)).join(QStringLiteral(", "));
  m_hits->setText(names.size() > mostNamed ? tr("Now: %1 and %2 more").arg(first, countText(names.size() - mostNamed)) : tr("Now: %1").arg(first));
}

}  // namespace cachedeck
