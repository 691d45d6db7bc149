// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/factlist.h"
#include "ui/alerts/historystrip.h"
#include "ui/alerts/ruleview.h"
#include "ui/keys/wraplabel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/celltable.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/pill.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace cachedeck {

AlertRuleView::AlertRuleView(QWidget* parent) : QWidget(parent) {
  m_nothing = new Notice(Notice::Form::Full);
  m_body = build();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_nothing);
  column->addWidget(m_body);
  setNothing();
}

QWidget* AlertRuleView::buildHead() {
  m_title = wrapLabel(TextRole::CardTitle);
  m_state = new Pill;
  m_silence = new QPushButton(tr("Silence…"));
  m_silence->setAutoDefault(false);
  auto* head = new QWidget;
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_title, 1);
  row->addWidget(m_state);
  row->addWidget(m_silence);
  connect(m_silence, &QPushButton::clicked, this, [this] { Q_EMIT silenceWanted(m_matching); });
  return head;
}

QWidget* AlertRuleView::build() {
  m_facts = wrapLabel(TextRole::Label, "secondary");
  m_problem = wrapLabel(TextRole::Label, "critical");
  m_expression = new QPlainTextEdit;
  m_expression->setReadOnly(true);
  m_expression->setAccessibleName(tr("Expression"));
  m_expression->setTabChangesFocus(true);
  m_expression->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 12px; padding: 6px 8px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  m_past = wrapLabel(TextRole::Label, "secondary");
  m_strip = new HistoryStrip;
  m_values = new CellTable(tr("Values"));
  m_noValues = wrapLabel(TextRole::Label, "secondary");
  m_managed = new CellTable(tr("Alerts in Alertmanager"));
  m_noManaged = wrapLabel(TextRole::Label, "secondary");
  m_labels = new FactList;
  m_annotations = new FactList;
  m_labelsTitle = plainLabel(tr("Labels"), TextRole::CardTitle);
  m_annotationsTitle = plainLabel(tr("Annotations"), TextRole::CardTitle);
  m_runbookTitle = plainLabel(tr("Runbook"), TextRole::CardTitle);
  m_runbook = wrapLabel(TextRole::Label);
  m_runbook->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_open = new QPushButton(tr("Open"));
  m_copy = new QPushButton(tr("Copy"));
  for (QPushButton* const one : {m_open, m_copy}) {
    one->setProperty("kind", QStringLiteral("quiet"));
    one->setAutoDefault(false);
  }
  connect(m_open, &QPushButton::clicked, this, &AlertRuleView::openRunbook);
  connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_runbook->text()); });
  connect(m_strip, &HistoryStrip::showAt, this, &AlertRuleView::showAt);
  auto* book = new QHBoxLayout;
  book->addWidget(m_runbook, 1);
  book->addWidget(m_open);
  book->addWidget(m_copy);

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(16, 10, 16, 14);
  column->setSpacing(2 * Theme::grid);
  const auto section = [&](QWidget* title, std::initializer_list<QWidget*> below) {
    column->addSpacing(Theme::grid);
    column->addWidget(title);
    for (QWidget* const one : below) column->addWidget(one);
  };
  column->addWidget(buildHead());
  column->addWidget(m_facts);
  column->addWidget(m_problem);
  column->addWidget(m_expression);
  section(plainLabel(tr("Last 24 hours"), TextRole::CardTitle), {m_past, m_strip});
  section(plainLabel(tr("Measured now"), TextRole::CardTitle), {m_noValues, m_values});
  section(plainLabel(tr("In Alertmanager"), TextRole::CardTitle), {m_noManaged, m_managed});
  section(m_annotationsTitle, {m_annotations});
  section(m_labelsTitle, {m_labels});
  section(m_runbookTitle, {});
  column->addLayout(book);
  column->addStretch(1);
  auto* area = new QScrollArea;
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setStyleSheet(QStringLiteral("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"));
  area->setWidget(content);
  return area;
}

void AlertRuleView::openRunbook() {
  if (m_link.isEmpty() || QDesktopServices::openUrl(m_link)) return;
  const QString address = m_link.toDisplayString(QUrl::PreferLocalFile);
  QGuiApplication::clipboard()->setText(address);
  Q_EMIT notOpened(tr("Nothing here opens %1. It was copied.").arg(address));
}

}  // namespace cachedeck
