// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/barlist.h"
#include "ui/keys/commandline.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/planpanel.h"
#include "ui/keys/ruleform.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QBoxLayout>
#include <QFontDatabase>
#include <QLineEdit>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace cachedeck {

namespace {

constexpr int decisionWidth = 400;

QLabel* fixedText() {
  QLabel* const label = plainLabel({}, TextRole::Label, "secondary");
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  font.setPixelSize(11);
  label->setFont(font);
  label->setStyleSheet(QStringLiteral("QLabel { font-family: \"%1\"; font-size: 11px; }").arg(font.family()));
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  return label;
}

/// A thin line between the plan and its confirmation.
class Line : public QWidget {
 public:
  Line() { setFixedHeight(1); }

 protected:
  void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), Theme::instance().palette().border); }
};

QScrollArea* scrolled(QWidget* content) {
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  content->setProperty("scrollContent", true);
  area->setWidget(content);
  return area;
}

}  // namespace

PlanPanel::PlanPanel(MeanQuery meanQueryMs, QWidget* parent) : Card(parent), m_meanQueryMs(std::move(meanQueryMs)) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Plan"));
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  m_subtitle = new ElidedLabel(TextRole::Label, 2);
  m_notice = new Notice(Notice::Form::Full);
  m_stack = new QStackedWidget;
  m_stack->addWidget(buildWaiting());
  m_stack->addWidget(m_notice);
  m_stack->addWidget(buildPlan());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(Theme::grid);
  column->addWidget(m_title);
  column->addWidget(m_subtitle);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(m_stack, 1);
  column->addSpacing(Theme::grid);
  column->addWidget(new Line);
  column->addSpacing(Theme::grid);
  column->addWidget(buildFooter());
  connect(m_notice, &Notice::buttonClicked, this, &PlanPanel::planAgain);
}

QWidget* PlanPanel::buildWaiting() {
  auto* page = new QWidget;
  m_waiting = plainLabel({}, TextRole::Label, "secondary");
  m_waiting->setAlignment(Qt::AlignHCenter);
  m_bar = new QProgressBar;
  m_bar->setTextVisible(false);
  m_bar->setFixedHeight(6);
  m_bar->setMaximumWidth(420);
  m_bar->setAccessibleName(tr("Progress of the plan"));
  QLabel* const title = plainLabel(tr("Counting exactly what this would touch…"), TextRole::CardTitle);
  title->setAlignment(Qt::AlignHCenter);
  auto* column = new QVBoxLayout(page);
  column->addStretch(2);
  column->addWidget(title);
  column->addSpacing(2 * Theme::grid);
  auto* middle = new QHBoxLayout;
  middle->addStretch(1);
  middle->addWidget(m_bar, 4);
  middle->addStretch(1);
  column->addLayout(middle);
  column->addSpacing(2 * Theme::grid);
  column->addWidget(m_waiting);
  column->addStretch(3);
  return page;
}

QWidget* PlanPanel::buildPlan() {
  auto* page = new QWidget;
  auto* row = new QHBoxLayout(page);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6 * Theme::grid);
  QScrollArea* const decision = scrolled(buildDecision());
  decision->setFixedWidth(decisionWidth);
  row->addWidget(decision);
  row->addWidget(scrolled(buildFindings()), 1);
  return page;
}

QWidget* PlanPanel::buildDecision() {
  auto* body = new QWidget;
  m_rule = new RuleForm;
  m_undo = wrapLabel(TextRole::Label, "secondary");
  m_refill = wrapLabel(TextRole::Label, "secondary");
  m_changes = wrapLabel(TextRole::Label, "secondary");
  m_command = new CommandLine(CommandLine::Form::Tall);
  connect(m_command, &CommandLine::copyWanted, this, [this] { Q_EMIT listWanted(m_scope); });
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 2 * Theme::grid, 0);
  column->setSpacing(Theme::grid);
  const auto section = [&](const QString& title, QWidget* widget) {
    column->addWidget(plainLabel(title, TextRole::LabelStrong));
    column->addWidget(widget);
    column->addSpacing(2 * Theme::grid + 2);
  };
  section(tr("What is done"), m_rule);
  section(tr("What it changes"), m_changes);
  section(tr("What undo keeps"), m_undo);
  section(tr("Load of refilling"), m_refill);
  section(tr("The same as a command"), m_command);
  column->addStretch(1);
  return body;
}

QWidget* PlanPanel::buildFindings() {
  auto* body = new QWidget;
  m_figures = new FigureGrid(5);
  m_ttls = new BarList(0);
  m_types = new BarList(2);
  m_prefixes = new BarList(3);
  m_samples = fixedText();
  m_samples->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_samples->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 2 * Theme::grid, 0);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(m_figures);
  const auto section = [](QBoxLayout* into, const QString& title, QWidget* widget) {
    into->addSpacing(2 * Theme::grid);
    into->addWidget(plainLabel(title, TextRole::LabelStrong));
    widget->setAccessibleName(title);
    into->addWidget(widget);
  };
  section(column, tr("Time to live, before (grey) and after"), m_ttls);
  auto* below = new QHBoxLayout;
  below->setSpacing(6 * Theme::grid);
  auto* left = new QVBoxLayout;
  auto* right = new QVBoxLayout;
  left->setSpacing(2 * Theme::grid);
  right->setSpacing(2 * Theme::grid);
  section(left, tr("Prefixes with the most keys"), m_prefixes);
  section(left, tr("Types"), m_types);
  left->addStretch(1);
  section(right, tr("For example"), m_samples);
  right->addStretch(1);
  below->addLayout(left, 1);
  below->addLayout(right, 1);
  column->addLayout(below);
  column->addStretch(1);
  return body;
}

QWidget* PlanPanel::buildFooter() {
  m_footer = new QWidget;
  m_ask = plainLabel({}, TextRole::Label);
  m_typed = new QLineEdit;
  m_typed->setMinimumWidth(200);
  m_go = new QPushButton;
  m_go->setProperty("kind", QStringLiteral("danger"));
  m_cancel = new QPushButton(tr("Cancel"));
  m_message = wrapLabel(TextRole::Label, "critical");
  m_go->setAutoDefault(false);
  m_cancel->setAutoDefault(false);
  auto* row = new QHBoxLayout(m_footer);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_message, 1);
  row->addWidget(m_ask);
  row->addWidget(m_typed);
  row->addWidget(m_cancel);
  row->addWidget(m_go);
  connect(m_cancel, &QPushButton::clicked, this, &PlanPanel::cancelled);
  connect(m_typed, &QLineEdit::textChanged, this, [this] { m_problem.clear(); update(); });
  connect(m_rule, &RuleForm::changed, this, [this] { m_problem.clear(); update(); });
  connect(m_go, &QPushButton::clicked, this, &PlanPanel::decide);
  return m_footer;
}

}  // namespace cachedeck
