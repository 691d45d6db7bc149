// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/runpanel.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/keys/commandline.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QProgressBar>
#include <QPushButton>

namespace cachedeck {

using namespace keys;

namespace {

QString tookText(double seconds) { return seconds < 10 ? formatValue(seconds, Unit::Seconds) : formatDuration(seconds); }

}  // namespace

RunPanel::RunPanel(QWidget* parent) : Card(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Operation"));
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  m_subtitle = new ElidedLabel(TextRole::Label, 2);
  m_bar = new QProgressBar;
  m_bar->setTextVisible(false);
  m_bar->setFixedHeight(8);
  m_bar->setMaximum(1000);
  m_bar->setAccessibleName(tr("Progress of the operation"));
  m_counts = new FigureGrid(6);
  m_pace = new FigureGrid(6);
  m_waits = wrapLabel(TextRole::Label, "warning");
  m_result = wrapLabel(TextRole::CardTitle);
  m_hint = wrapLabel(TextRole::Label, "secondary");
  m_hint->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_cancel = new QPushButton(tr("Cancel"));
  m_continue = new QPushButton(tr("Continue"));
  m_continue->hide();
  m_command = new CommandLine(CommandLine::Form::Line);
  m_command->hide();
  m_undo = new QPushButton(tr("Undo"));
  m_resume = new QPushButton(tr("Resume"));
  m_close = new QPushButton(tr("Back to the keys"));
  m_close->setProperty("kind", QStringLiteral("primary"));
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(2 * Theme::grid);
  buttons->addStretch(1);
  for (QPushButton* const button : {m_cancel, m_continue, m_resume, m_undo, m_close}) {
    button->setAutoDefault(false);
    buttons->addWidget(button);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(Theme::grid);
  column->addWidget(m_title);
  column->addWidget(m_subtitle);
  column->addSpacing(3 * Theme::grid);
  column->addWidget(m_bar);
  column->addSpacing(4 * Theme::grid);
  column->addWidget(m_counts);
  column->addSpacing(4 * Theme::grid);
  column->addWidget(m_pace);
  column->addSpacing(4 * Theme::grid);
  for (QLabel* const label : {m_waits, m_result, m_hint}) column->addWidget(label);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(m_command);
  column->addStretch(1);
  column->addLayout(buttons);
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    m_cancel->setEnabled(false);
    m_waits->setText(tr("Stops when the page that is under way is over…"));
    Q_EMIT cancelWanted();
  });
  connect(m_continue, &QPushButton::clicked, this, &RunPanel::continueWanted);
  connect(m_undo, &QPushButton::clicked, this, [this] { Q_EMIT undoWanted(m_id); });
  connect(m_resume, &QPushButton::clicked, this, [this] { Q_EMIT resumeWanted(m_id); });
  connect(m_close, &QPushButton::clicked, this, &RunPanel::closed);
}

QString RunPanel::result() const { return m_result->text(); }

void RunPanel::begin(const QString& title, const QString& subtitle, bool undo, bool deletes) {
  m_running = true;
  m_undoing = undo;
  m_deletes = deletes;
  m_title->setText(title);
  if (!subtitle.isEmpty()) m_subtitle->setText(subtitle);
  m_result->clear();
  m_hint->clear();
  m_waits->clear();
  m_bar->setValue(0);
  m_cancel->setVisible(true);
  m_cancel->setEnabled(true);
  m_undo->hide();
  m_resume->hide();
  m_close->hide();
  m_command->setCommand({});
  setHeld({});
  setProgress({}, 0, 0, 0, {});
}

void RunPanel::showCounts(const RunCounts& counts) {
  if (m_undoing)
    m_counts->setFigures({{tr("Images"), countText(counts.planned)}, {tr("Put back"), countText(counts.done)}, {tr("Made anew, left"), countText(counts.kept)},
                          {tr("Expired since"), countText(counts.gone)}, {tr("Refused"), countText(counts.refused)}});
  else
    m_counts->setFigures({{tr("Planned"), countText(counts.planned)}, {m_deletes ? tr("Deleted") : tr("Changed"), countText(counts.done)}, {tr("Already gone"), countText(counts.gone)},
                          {tr("Written by others"), countText(counts.changed)}, {tr("Refused"), countText(counts.refused)}, {tr("Left as they are"), countText(counts.kept)}});
}

void RunPanel::setProgress(const RunCounts& counts, double keysPerSecond, double probeMs, int page, const QString& waitsFor) {
  if (!m_running) return;
  showCounts(counts);
  m_bar->setValue(counts.planned > 0 ? static_cast<int>(1000 * counts.handled() / counts.planned) : 0);
  QList<FigureGrid::Figure> pace{{tr("Keys/s"), shortCount(static_cast<qint64>(keysPerSecond))}};
  if (!m_undoing) pace += {{tr("Others wait"), tr("%1 ms").arg(probeMs, 0, 'f', 1)}, {tr("Keys a page"), countText(page)}};
  m_pace->setFigures(pace);
  if (m_cancel->isEnabled() && !m_held) m_waits->setText(waitsFor.isEmpty() ? QString() : tr("Waits: %1").arg(printable(waitsFor, 500)));
}

void RunPanel::end(const QString& text, const char* tone, const QString& hint) {
  m_running = m_held = false;
  m_continue->hide();
  m_waits->clear();
  setTone(m_result, tone);
  m_result->setText(text);
  m_hint->setText(hint);
  m_cancel->hide();
  m_close->show();
  m_close->setFocus();
}

void RunPanel::show(const RunReport& report) {
  m_id = report.id;
  m_deletes = m_deletes && !m_undoing;
  showCounts(report.counts);
  m_bar->setValue(report.counts.planned > 0 ? static_cast<int>(1000 * report.counts.handled() / report.counts.planned) : 1000);
  m_pace->setFigures({{tr("Keys/s"), shortCount(static_cast<qint64>(report.keysPerSecond()))}, {tr("Took"), tookText(report.seconds)}, {tr("Others waited, p99"), tr("%1 ms").arg(report.probeP99Ms, 0, 'f', 1)},
                      {tr("Longest"), tr("%1 ms").arg(report.probeMaxMs, 0, 'f', 1)}, {tr("Kept for undo"), bytesText(report.imageBytes)}});
  const bool done = report.outcome == QLatin1String("done");
  const QString text = done && report.counts.refused == 0 ? tr("Done.") : done ? tr("Done, but some were refused.") : report.outcome == QLatin1String("cancelled") ? tr("Cancelled: the rest is as it was.") : tr("It stopped before the end.");
  QStringList hints;
  if (!report.reason.isEmpty()) hints << printable(report.reason, 1000);
  if (!report.note.isEmpty()) hints << printable(report.note, 1000);
  hints << tr("The journal has it as %1.").arg(report.id);
  if (!done) hints << tr("It can go on where it stopped, or be undone.");
  m_undo->setVisible(report.imageBytes > 0 && report.counts.done > 0);
  m_resume->setVisible(!done);
  end(text, done && report.counts.refused == 0 ? "good" : "warning", hints.join(QLatin1Char('\n')));
}

void RunPanel::show(const UndoReport& report) {
  m_undoing = true;
  m_id = report.id;
  RunCounts counts;
  counts.planned = report.images;
  counts.done = report.restored;
  counts.kept = report.kept;
  counts.gone = report.expired;
  counts.refused = report.refused;
  showCounts(counts);
  m_bar->setValue(1000);
  m_pace->setFigures({{tr("Took"), tookText(report.seconds)}});
  const bool done = report.outcome == QLatin1String("done");
  QStringList hints;
  if (!report.reason.isEmpty()) hints << printable(report.reason, 1000);
  if (!report.note.isEmpty()) hints << printable(report.note, 1000);
  hints << tr("The journal has it as %1.").arg(report.id);
  m_undo->setVisible(!done);
  m_resume->hide();
  end(done ? tr("%1 keys are again as they were.").arg(countText(report.restored)) : tr("The undo stopped before the end. Doing it again goes on."), done ? "good" : "warning", hints.join(QLatin1Char('\n')));
}

void RunPanel::showFailure(const Error& error) {
  m_undo->hide();
  m_resume->hide();
  end(error.message, "critical", error.detail.left(1000));
}

void RunPanel::setHeld(const QString& reason) {
  m_held = !reason.isEmpty();
  m_continue->setVisible(m_held);
  if (!m_cancel->isEnabled()) return;
  setTone(m_waits, "warning");
  m_waits->setText(m_held ? tr("Held back: %1 It goes on by itself when that is over, or when you say so.").arg(reason) : QString());
}

// Of what is offered first.
void RunPanel::setCommands(const QString& undo, const QString& resume) { m_command->setCommand(!m_resume->isHidden() ? resume : !m_undo->isHidden() ? undo : QString()); }

void RunPanel::showProblem(const QString& problem) {
  setTone(m_waits, "critical");
  m_waits->setText(problem);
}

}  // namespace cachedeck
