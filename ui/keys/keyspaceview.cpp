// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyspaceview.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/keys/cliff_text.h"
#include "core/metrics/format.h"
#include "ui/keys/barlist.h"
#include "ui/keys/commandline.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/listedname.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QScrollArea>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype largestShown = 8, cliffsShown = 5;

}  // namespace

KeyspaceView::KeyspaceView(QWidget* parent) : Card(parent) {
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setAccessibleName(tr("Figures of the keyspace"));
  auto* content = new QWidget;
  content->setProperty("scrollContent", true);
  m_when = new ElidedLabel(TextRole::Secondary, 2);
  m_totals = new FigureGrid(3);
  m_ttls = new BarList(0);
  m_types = new BarList(2);
  m_largest = new BarList(3);
  m_command = new CommandLine(CommandLine::Form::Line);
  m_cliffs = wrapLabel(TextRole::Label, "warning");
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 2 * Theme::grid, 0);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(m_totals);
  const auto section = [&](const QString& title, QWidget* body) {
    column->addSpacing(2 * Theme::grid);
    column->addWidget(plainLabel(title, TextRole::LabelStrong, "secondary"));
    body->setAccessibleName(title);
    column->addWidget(body);
  };
  section(tr("Time to live"), m_ttls);
  section(tr("TTL cliffs"), m_cliffs);
  section(tr("Largest keys"), m_largest);
  section(tr("Types"), m_types);
  section(tr("The same as a command"), m_command);
  column->addStretch(1);
  area->setWidget(content);
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addWidget(plainLabel(tr("Keyspace"), TextRole::CardTitle));
  head->addWidget(m_when, 1);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(Theme::cardPadding, Theme::cardGap, Theme::grid, Theme::cardGap);
  outer->setSpacing(2 * Theme::grid);
  outer->addLayout(head);
  outer->addWidget(area, 1);
}

void KeyspaceView::show(const KeyspaceFigures& figures, qint64 nowMs, const QString& command) {
  m_command->setCommand(command);
  m_when->setText(figures.replica.isEmpty() ? tr("analysed at %1").arg(shortInstant(nowMs, nowMs)) : tr("replica %1, at %2").arg(figures.replica, shortInstant(nowMs, nowMs)));
  m_totals->setFigures({{tr("Keys"), countText(figures.keys)}, {tr("Memory"), bytesText(figures.bytes)}, {tr("Without TTL"), countText(figures.ttls.withoutTtl())}});
  QList<BarList::Row> ttls, types, largest;
  for (qsizetype i = 0; i < TtlHistogram::classes().size(); ++i) ttls.append({QString::fromUtf8(TtlHistogram::classes()[i].label), figures.ttls.counts()[i], -1, {}});
  for (auto type = figures.types.begin(); type != figures.types.end(); ++type) types.append({printable(type.key(), 40), type.value(), -1, {}});
  for (const LargeKey& key : figures.largest.first(std::min(largestShown, figures.largest.size()))) largest.append({listedName(key.name, 60), key.bytes, -1, bytesText(key.bytes)});
  QStringList cliffs;
  for (const TtlCliff& cliff : figures.cliffs.first(std::min(cliffsShown, figures.cliffs.size())))
    cliffs << cliffText(cliff, nowMs);
  m_ttls->setRows(ttls);
  m_types->setRows(types);
  m_largest->setRows(largest);
  setTone(m_cliffs, cliffs.isEmpty() ? "secondary" : "warning");
  m_cliffs->setText(cliffs.isEmpty() ? tr("None: keys end spread over time.") : cliffs.join(QLatin1Char('\n')));
}

}  // namespace cachedeck
