// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/doctor/findingcard.h"

#include "core/base/text.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/pill.h"

#include <QGridLayout>

namespace cachedeck {

using doctor::Severity;

namespace {

constexpr qsizetype longest = 2000;

QLabel* selectable(const QString& text, TextRole role, const char* tone, const QString& name) {
  QLabel* const label = wrapLabel(role, tone);
  label->setText(printable(text, longest));
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  label->setAccessibleName(name);
  return label;
}

}  // namespace

SeverityLook severityLook(Severity severity) {
  const Palette& p = Theme::instance().palette();
  switch (severity) {
    case Severity::Critical: return {QStringLiteral("failed"), FindingCard::tr("critical"), p.critical};
    case Severity::Warning: return {QStringLiteral("warning"), FindingCard::tr("warning"), p.warning};
    case Severity::Info: break;
  }
  return {QStringLiteral("info"), FindingCard::tr("info"), p.info};
}

FindingCard::FindingCard(const doctor::Finding& finding, QWidget* parent) : Card(parent) {
  setAccessibleName(printable(finding.finding, longest));
  if (finding.severity != Severity::Info) setEdge(finding.severity == Severity::Critical ? Level::Critical : Level::Warning);
  auto* pill = new Pill;
  const auto colour = [pill, severity = finding.severity] {
    const SeverityLook look = severityLook(severity);
    pill->say(look.icon, look.word, look.colour);
  };
  connect(&Theme::instance(), &Theme::changed, pill, colour);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(Theme::cardPadding, 13, Theme::cardPadding, 14);
  grid->setHorizontalSpacing(3 * Theme::grid);
  grid->setVerticalSpacing(6);
  grid->setColumnStretch(1, 1);
  grid->addWidget(selectable(finding.finding, TextRole::CardTitle, "", tr("Finding")), 0, 0, 1, 2);
  grid->addWidget(pill, 0, 2, Qt::AlignTop);
  int row = 1;
  const std::pair<QString, QString> parts[] = {{tr("Seen"), finding.evidence}, {tr("To do"), finding.remedy}};
  for (const auto& [word, text] : parts) {
    if (text.isEmpty()) continue;
    QLabel* const name = plainLabel(word, TextRole::Label, "quiet");
    name->setMinimumWidth(44);
    grid->addWidget(name, row, 0, Qt::AlignTop);
    grid->addWidget(selectable(text, TextRole::Label, row == 1 && !finding.evidence.isEmpty() ? "secondary" : "", word), row, 1, 1, 2);
    ++row;
  }
  colour();
}

}  // namespace cachedeck
