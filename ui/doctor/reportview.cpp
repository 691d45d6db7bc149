// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/doctor/reportview.h"

#include "core/base/text.h"
#include "ui/doctor/findingcard.h"
#include "ui/doctor/reportmarkdown.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace cachedeck {

using doctor::Severity;

namespace {

constexpr qsizetype longest = 3000;
constexpr int quietColumns = 4;

/// A card with its texts one below the other in so many columns, each with its shape.
Card* listCard(const QString& title, const QStringList& texts, const QString& icon, QColor Palette::*colour, int columns = 1) {
  auto* card = new Card;
  card->setAccessibleName(title);
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(Theme::cardPadding, 13, Theme::cardPadding, 14);
  column->setSpacing(6);
  column->addWidget(plainLabel(title, TextRole::CardTitle));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(4 * Theme::grid);
  grid->setVerticalSpacing(6);
  column->addLayout(grid);
  const int rows = (static_cast<int>(texts.size()) + columns - 1) / columns;
  for (int i = 0; i < columns; ++i) grid->setColumnStretch(i, 1);
  int number = 0;
  for (const QString& text : texts) {
    auto* shape = new QLabel;
    const auto draw = [shape, icon, colour] { shape->setPixmap(Theme::instance().icon(icon, Theme::instance().palette().*colour).pixmap(QSize(14, 14), shape->devicePixelRatioF())); };
    QObject::connect(&Theme::instance(), &Theme::changed, shape, draw);
    draw();
    QLabel* const words = wrapLabel(TextRole::Label, "secondary");
    words->setText(printable(text, longest));
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * Theme::grid);
    row->addWidget(shape, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    grid->addLayout(row, number % rows, number / rows);
    ++number;
  }
  return card;
}

QLabel* heading(const QString& text) {
  QLabel* const label = plainLabel(text, TextRole::LabelStrong, "secondary");
  label->setContentsMargins(2, 4, 0, 0);
  return label;
}

}  // namespace

ReportView::ReportView(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Report"));
}

void ReportView::setReport(const doctor::Report& report) {
  auto* content = new QWidget;
  content->setProperty("scrollContent", true);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2 * Theme::grid);
  int shown = 0;
  for (const Severity severity : {Severity::Critical, Severity::Warning, Severity::Info}) {
    const auto count = std::count_if(report.findings.begin(), report.findings.end(), [severity](const doctor::Finding& one) { return one.severity == severity; });
    if (count > 0) column->addWidget(heading(QStringLiteral("%1 · %2").arg(severityTitle(severity)).arg(count)));
    for (const doctor::Finding& one : report.findings)
      if (one.severity == severity && shown < mostShown) column->addWidget(new FindingCard(one)), ++shown;
  }
  if (report.findings.size() > mostShown) column->addWidget(heading(tr("%1 more are in the copied text.").arg(report.findings.size() - mostShown)));
  if (shown > 0) column->addSpacing(2 * Theme::grid);
  if (!report.looked.isEmpty()) column->addWidget(listCard(tr("Looked at"), report.looked, QStringLiteral("check"), &Palette::good));
  if (!report.missing.isEmpty()) column->addWidget(listCard(tr("Could not be looked at"), report.missing, QStringLiteral("info"), &Palette::warning));
  if (const QStringList quiet = quietChecks(report); !quiet.isEmpty())
    column->addWidget(listCard(tr("Checks that found nothing · %1").arg(quiet.size()), quiet, QStringLiteral("check"), &Palette::good, quietColumns));
  column->addStretch(1);
  setWidget(content);  // the one of before goes with it
}

}  // namespace cachedeck
