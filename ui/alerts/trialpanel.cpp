// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/trialpanel.h"

#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QIcon>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QRegularExpressionValidator>

#include <algorithm>
#include <utility>

namespace cachedeck {

namespace {

struct StepLook {
  QString icon, word;
  QColor colour;
};

StepLook lookOf(TrialStep::State state) {
  const Palette& p = Theme::instance().palette();
  switch (state) {
    case TrialStep::State::Done: return {QStringLiteral("check"), TrialPanel::tr("done"), p.good};
    case TrialStep::State::UnderWay: return {QStringLiteral("clock"), TrialPanel::tr("under way"), p.info};
    case TrialStep::State::Unclear: return {QStringLiteral("warning"), TrialPanel::tr("unclear"), p.warning};
    case TrialStep::State::Stopped: return {QStringLiteral("failed"), TrialPanel::tr("stopped"), p.critical};
  }
  return {};
}

}  // namespace

TrialPanel::TrialPanel(QWidget* parent) : QWidget(parent) {
  QLabel* const about = wrapLabel(TextRole::Label, "secondary");
  about->setText(tr("Sends an alert that is marked as a test, follows it to the receiver's notification and takes it back. Whoever its route names is notified."));
  m_severity = new QComboBox;
  m_severity->setEditable(true);
  m_severity->setAccessibleName(tr("Severity of the test alert"));
  m_severity->addItems({QStringLiteral("warning"), QStringLiteral("critical"), QStringLiteral("info")});
  m_severity->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[A-Za-z0-9_-]{1,40}")), m_severity));
  m_severity->setMinimumWidth(140);
  m_send = new QPushButton(tr("Send a test alert"));
  m_send->setProperty("kind", QStringLiteral("primary"));
  m_cancel = new QPushButton(tr("Cancel"));
  m_why = wrapLabel(TextRole::Label, "warning");
  m_result = wrapLabel(TextRole::LabelStrong);
  for (QPushButton* const button : {m_send, m_cancel}) button->setAutoDefault(false);
  auto* controls = new QHBoxLayout;
  controls->setSpacing(2 * Theme::grid);
  controls->addWidget(plainLabel(tr("Severity"), TextRole::Label, "secondary"));
  controls->addWidget(m_severity);
  controls->addWidget(m_send);
  controls->addWidget(m_cancel);
  controls->addStretch(1);
  m_rows = new QGridLayout;
  m_rows->setHorizontalSpacing(2 * Theme::grid);
  m_rows->setVerticalSpacing(2 * Theme::grid);
  m_rows->setColumnStretch(2, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(3 * Theme::grid);
  column->addWidget(about);
  column->addLayout(controls);
  column->addWidget(m_why);
  column->addLayout(m_rows);
  column->addWidget(m_result);
  column->addStretch(1);
  connect(m_send, &QPushButton::clicked, this, [this] { Q_EMIT wanted(m_severity->currentText()); });
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    if (std::exchange(m_ending, true)) return;
    update();
    Q_EMIT cancelWanted();
  });
  connect(m_severity, &QComboBox::editTextChanged, this, &TrialPanel::update);
  connect(&Theme::instance(), &Theme::changed, this, &TrialPanel::rebuild);
  clear();
}

QString TrialPanel::result() const { return m_result->text(); }

void TrialPanel::setHindrance(const QString& reason) {
  m_hindrance = reason;
  update();
}

void TrialPanel::begin() {
  clear();
  m_busy = true;
  update();
}

void TrialPanel::addStep(const TrialStep& step) {
  if (!m_steps.isEmpty() && m_steps.back().state == TrialStep::State::UnderWay) m_steps.removeLast();  // what comes says how it ended
  m_steps << step;
  rebuild();
}

void TrialPanel::end(bool delivered, const QString& sentence) {
  m_busy = m_ending = false;
  if (!m_steps.isEmpty() && m_steps.back().state == TrialStep::State::UnderWay) m_steps.removeLast();
  rebuild();
  const bool unclear = std::any_of(m_steps.begin(), m_steps.end(), [](const TrialStep& step) { return step.state == TrialStep::State::Unclear; });
  setTone(m_result, delivered ? "good" : unclear ? "warning" : "critical");
  m_result->setText(delivered ? tr("Alerts of this severity arrive.") : unclear ? tr("Whether the test alert arrived cannot be told from here: look where its receiver tells of alerts.") : sentence.isEmpty() ? tr("The test alert did not arrive.") : printable(sentence, 600));
  update();
}

void TrialPanel::clear() {
  m_busy = m_ending = false;
  m_steps.clear();
  m_result->setText({});
  rebuild();
  update();
}

void TrialPanel::rebuild() {
  while (QLayoutItem* const item = m_rows->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  for (int row = 0; row < static_cast<int>(m_steps.size()); ++row) {
    const StepLook look = lookOf(m_steps[row].state);
    auto* icon = new QLabel;
    icon->setPixmap(Theme::instance().icon(look.icon, look.colour).pixmap(QSize(16, 16), devicePixelRatioF()));
    QLabel* const text = wrapLabel(TextRole::Label);
    text->setText(printable(m_steps[row].text, 600));
    m_rows->addWidget(icon, row, 0, Qt::AlignTop);
    m_rows->addWidget(plainLabel(look.word, TextRole::Label, "quiet"), row, 1, Qt::AlignTop);
    m_rows->addWidget(text, row, 2);
  }
}

// A part that is disabled or hidden gives the focus to whatever comes next in the window: it is handed on before.
void TrialPanel::update() {
  const QWidget* const focus = window()->focusWidget();
  const bool sendable = m_hindrance.isEmpty() && m_severity->lineEdit()->hasAcceptableInput();
  if (m_busy) {
    m_cancel->setVisible(true);
    if (focus == m_send || focus == m_severity || focus == m_severity->lineEdit()) m_cancel->setFocus();
  } else {
    m_severity->setEnabled(true);
    m_send->setEnabled(sendable);
    if (focus == m_cancel) (sendable ? static_cast<QWidget*>(m_send) : m_severity)->setFocus();
  }
  m_send->setEnabled(!m_busy && sendable);
  m_severity->setEnabled(!m_busy);
  m_cancel->setText(m_ending ? tr("Being cancelled…") : tr("Cancel"));
  m_cancel->setVisible(m_busy);
  m_why->setText(m_hindrance);
  m_why->setVisible(!m_hindrance.isEmpty());
  m_result->setVisible(!m_result->text().isEmpty());
}

}  // namespace cachedeck
