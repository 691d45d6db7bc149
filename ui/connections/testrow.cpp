// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/testrow.h"

#include "core/base/redactor.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QIcon>
#include <QPushButton>

namespace cachedeck {

namespace {

constexpr qsizetype longestText = 2000;

QString lines(const QString& text) {
  QStringList shown;
  for (const QString& line : redact(text).left(longestText).split(QLatin1Char('\n'))) shown += printable(line, longestText);
  return shown.join(QLatin1Char('\n'));
}

QString outcomeText(const TestOutcome& outcome) {
  QStringList parts{printable(QString(outcome.identity.product + QLatin1Char(' ') + outcome.identity.version).trimmed())};
  for (const QString& part : {outcome.identity.role, outcome.identity.endpoint})
    if (!part.isEmpty()) parts += printable(part);
  if (outcome.roundTripSeconds > 0) parts += formatValue(outcome.roundTripSeconds, Unit::Seconds);
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

TestRow::TestRow(QWidget* parent) : QWidget(parent) {
  m_button = new QPushButton;
  m_icon = new QLabel;
  m_icon->setFixedSize(16, 22);  // stands level with the button's text, as the first line does
  m_icon->setAlignment(Qt::AlignBottom);
  m_text = plainLabel({}, TextRole::Label);
  m_text->setObjectName(QStringLiteral("answer"));
  m_detail = plainLabel({}, TextRole::Secondary, "secondary");
  m_notes = plainLabel({}, TextRole::Secondary, "warning");
  auto* column = new QVBoxLayout;
  column->setSpacing(2);
  for (QLabel* const label : {m_text, m_detail, m_notes}) {
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(label);
  }
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_button, 0, Qt::AlignTop);
  row->addSpacing(Theme::grid);
  row->addWidget(m_icon, 0, Qt::AlignTop);
  row->addLayout(column, 1);
  column->insertSpacing(0, 6);
  connect(m_button, &QPushButton::clicked, this, [this] {
    if (m_running) Q_EMIT cancelRequested();
    else Q_EMIT testRequested();
  });
  clear();
}

void TestRow::say(const QString& icon, const QColor& colour, const char* tone, const QString& text, const QString& detail,
                  const QString& notes) {
  m_button->setText(m_running ? tr("Cancel") : tr("Test connection"));
  m_icon->setPixmap(icon.isEmpty() ? QPixmap() : Theme::instance().icon(icon, colour).pixmap(QSize(16, 16), devicePixelRatioF()));
  setTone(m_text, tone);
  const std::pair<QLabel*, const QString&> texts[] = {{m_text, text}, {m_detail, detail}, {m_notes, notes}};
  for (const auto& [label, words] : texts) {
    label->setText(words);
    label->setVisible(!words.isEmpty());
  }
  m_button->setAccessibleDescription(text);
}

void TestRow::clear() {
  m_running = false;
  say({}, {}, "", {}, {}, {});
}

void TestRow::showRunning() {
  m_running = true;
  say(QStringLiteral("refresh"), Theme::instance().palette().info, "secondary", tr("Connecting …"), {}, {});
}

void TestRow::showResult(const Result<TestOutcome>& result) {
  m_running = false;
  const Palette& p = Theme::instance().palette();
  if (result.ok())
    say(QStringLiteral("check"), p.good, "good", outcomeText(*result), {}, lines(result->notes.join(QLatin1Char('\n'))));
  else if (result.error().isCancelled())
    say({}, {}, "secondary", result.error().message, {}, {});
  else
    say(QStringLiteral("failed"), p.critical, "critical", lines(result.error().message), lines(result.error().detail), {});
}

QString TestRow::shown() const {
  QStringList texts;
  for (const QLabel* const label : {m_text, m_detail, m_notes})
    if (!label->isHidden()) texts += label->text();
  return texts.join(QLatin1Char('\n'));
}

}  // namespace cachedeck
