// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/rulecheckpanel.h"

#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr qsizetype longestPath = 400;

QString droppedFile(const QMimeData& data) { return data.urls().size() == 1 ? data.urls().front().toLocalFile() : QString(); }

}  // namespace

RuleCheckPanel::RuleCheckPanel(QWidget* parent) : QWidget(parent) {
  setAcceptDrops(true);
  QLabel* const about = wrapLabel(TextRole::Label, "secondary");
  about->setText(tr("promtool reads a file on this machine and says what is wrong with it; no server is asked. A file of tests (tests:) is run against the rules that it names, so that each alert is seen to fire "
                    "and to stay silent; a file of rules (groups:) or Prometheus's configuration is checked."));
  m_choose = new QPushButton(tr("Choose a file…"));
  m_choose->setProperty("kind", QStringLiteral("primary"));
  m_again = new QPushButton(tr("Check again"));
  for (QPushButton* const button : {m_choose, m_again}) button->setAutoDefault(false);
  m_command = wrapLabel(TextRole::Label, "quiet");
  m_result = wrapLabel(TextRole::LabelStrong);
  m_output = new QPlainTextEdit;
  m_output->setReadOnly(true);
  m_output->setTabChangesFocus(true);
  m_output->setAccessibleName(tr("What promtool said"));
  m_output->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 12px; padding: 6px 8px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  auto* controls = new QHBoxLayout;
  controls->setSpacing(2 * Theme::grid);
  controls->addWidget(m_choose);
  controls->addWidget(m_again);
  controls->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 12, 16, 14);
  column->setSpacing(3 * Theme::grid);
  column->addWidget(about);
  column->addLayout(controls);
  column->addWidget(m_command);
  column->addWidget(m_result);
  column->addWidget(m_output, 1);
  column->addStretch(0);
  for (QWidget* const one : std::initializer_list<QWidget*>{m_again, m_command, m_result, m_output}) one->hide();
  connect(m_choose, &QPushButton::clicked, this, &RuleCheckPanel::askForFile);
  connect(m_again, &QPushButton::clicked, this, [this] { check(m_file); });
}

void RuleCheckPanel::askForFile() {
  auto* dialog = new QFileDialog(this, tr("Check rules"), QFileInfo(m_file).path(), tr("YAML (*.yml *.yaml);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &RuleCheckPanel::check);
  dialog->open();
}

void RuleCheckPanel::check(const QString& file) {
  m_file = file;
  for (QPushButton* const button : {m_choose, m_again}) button->setEnabled(false);
  m_command->setText(printable(file, longestPath));
  m_command->show();
  setTone(m_result, "secondary");
  m_result->setText(tr("promtool is at work…"));
  m_result->show();
  m_output->hide();
  m_worker.post(
      this, [file](std::stop_token stop) { return checkRuleFile(file, std::move(stop)); }, [this](const Result<RuleCheck>& check) { show(check); });
}

void RuleCheckPanel::show(const Result<RuleCheck>& check) {
  for (QPushButton* const button : {m_choose, m_again}) button->setEnabled(true);
  m_again->show();
  const bool passed = check && check->passed;
  setTone(m_result, passed ? "good" : "critical");
  if (!check) {
    m_result->setText(printable(check.error().message, 600));
  } else {
    m_command->setText(printable(QStringLiteral("promtool %1").arg(check->arguments.join(QLatin1Char(' '))), longestPath));
    m_result->setText(passed ? tr("promtool found nothing wrong.") : tr("promtool found something wrong."));
    m_output->setPlainText(check->lines.join(QLatin1Char('\n')));
    m_output->setVisible(!check->lines.isEmpty());
  }
  Q_EMIT checked(passed);
}

void RuleCheckPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (!droppedFile(*event->mimeData()).isEmpty() && m_choose->isEnabled()) event->acceptProposedAction();
}

void RuleCheckPanel::dropEvent(QDropEvent* event) {
  if (const QString file = droppedFile(*event->mimeData()); !file.isEmpty() && m_choose->isEnabled()) check(file);
}

}  // namespace cachedeck
