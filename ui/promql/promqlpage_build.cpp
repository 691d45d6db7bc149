// SPDX-License-Identifier: GPL-3.0-or-later
// How the page is put together.
#include "core/base/text.h"
#include "ui/charts/frameclock.h"
#include "ui/promql/examplequeries.h"
#include "ui/promql/promqlchart.h"
#include "ui/promql/promqlpage.h"
#include "ui/promql/querybox.h"
#include "ui/promql/resulttable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace cachedeck {

namespace {

constexpr int listWidth = 264, boxHeight = 84, examplesWidth = 860, lookMs = 5000, automatic = -1;

struct UnitChoice {
  const char* name;
  int unit;
};
constexpr UnitChoice unitChoices[] = {{QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Unit: by the query"), automatic},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Plain number"), static_cast<int>(Unit::None)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Count"), static_cast<int>(Unit::Count)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Per second"), static_cast<int>(Unit::PerSecond)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Percent"), static_cast<int>(Unit::Percent)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Bytes"), static_cast<int>(Unit::Bytes)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Bytes per second"), static_cast<int>(Unit::BytesPerSecond)},
                                      {QT_TRANSLATE_NOOP("cachedeck::PromqlPage", "Seconds"), static_cast<int>(Unit::Seconds)}};

}  // namespace

PromqlPage::PromqlPage(const Clock& clock, TimeView& view, FrameClock& frames, QWidget* parent)
    : QWidget(parent), m_clock(clock), m_view(view), m_frames(frames), m_controller(new PromqlController(clock, this)) {
  m_message = new Notice(Notice::Form::Compact);
  m_message->hide();
  auto* right = new QVBoxLayout;
  right->setSpacing(Theme::cardGap);
  right->addWidget(buildQuery());
  right->addWidget(m_message);
  right->addWidget(buildResult(), 1);
  auto* beside = new QHBoxLayout(this);
  beside->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  beside->setSpacing(Theme::cardGap);
  beside->addWidget(buildHistory());
  beside->addLayout(right, 1);
  m_again.setSingleShot(true);
  m_again.setInterval(250);
  m_look.setInterval(lookMs);
  m_look.start();
  setFocusProxy(m_box);
  connectParts();
  open(std::nullopt, {});
}

PromqlPage::~PromqlPage() = default;

QWidget* PromqlPage::buildHistory() {
  m_history = new QListWidget;
  m_history->setAccessibleName(tr("Queries of this session"));
  m_history->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_history->setTextElideMode(Qt::ElideRight);
  m_history->setUniformItemSizes(true);
  m_history->setFrameShape(QFrame::NoFrame);
  m_history->setStyleSheet(QStringLiteral("QListWidget { border: none; background: transparent; } QListWidget::item { padding: 6px 8px; border-radius: 6px; }"));
  QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  fixed.setPixelSize(12);
  m_history->setFont(fixed);
  m_none = new Notice(Notice::Form::Full);
  m_none->setText({QStringLiteral("clock"), Theme::instance().palette().text3, tr("No query yet"), tr("Those that you run are kept here until the window closes."), {}, {}});
  m_histories = new QStackedWidget;
  m_histories->addWidget(m_none);
  m_histories->addWidget(m_history);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(8, 4, 0, 4);
  head->addWidget(plainLabel(tr("Queries"), TextRole::CardTitle));
  auto* card = new Card;
  card->setFixedWidth(listWidth);
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(Theme::grid);
  column->addLayout(head);
  column->addWidget(m_histories, 1);
  return card;
}

QWidget* PromqlPage::buildQuery() {
  m_box = new QueryBox;
  m_box->setFixedHeight(boxHeight);
  m_run = new QPushButton;
  m_run->setProperty("kind", QStringLiteral("primary"));
  m_state = plainLabel({}, TextRole::Label, "secondary");
  m_state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_unit = new QComboBox;
  m_unit->setAccessibleName(tr("Unit"));
  for (const UnitChoice& one : unitChoices) m_unit->addItem(tr(one.name), one.unit);
  m_title = new QLineEdit;
  m_title->setAccessibleName(tr("Title on the Overview"));
  m_title->setPlaceholderText(tr("Title on the Overview"));
  m_title->setMaxLength(120);
  m_title->setFixedWidth(190);
  m_add = new QPushButton(tr("Add to Overview"));
  m_add->setToolTip(plainTip(tr("Keeps the query as a chart of this profile, asked every few seconds.")));
  for (QPushButton* const button : {m_run, m_add}) button->setAutoDefault(false);
  auto* row = new QHBoxLayout;
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_run);
  row->addSpacing(Theme::grid);
  row->addWidget(m_state, 1);
  row->addWidget(m_unit);
  row->addWidget(m_title);
  row->addWidget(m_add);
  auto* card = new Card;
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(16, 14, 16, 14);
  column->setSpacing(10);
  column->addWidget(m_box);
  column->addLayout(row);
  return card;
}

QWidget* PromqlPage::buildResult() {
  m_nothing = new Notice(Notice::Form::Full);
  auto* empty = new Card;
  m_examples = new ExampleQueries;
  m_examples->setMaximumWidth(examplesWidth);
  auto* inside = new QVBoxLayout(empty);
  inside->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardPadding);
  inside->setSpacing(Theme::cardPadding);
  inside->addStretch(5);
  inside->addWidget(m_nothing);
  auto* centred = new QHBoxLayout;
  centred->addStretch(1);
  centred->addWidget(m_examples, 1000);
  centred->addStretch(1);
  inside->addLayout(centred);
  inside->addStretch(6);
  m_chart = new PromqlChart(m_frames);
  m_table = new ResultTable;
  auto* card = new Card;
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(10, 8, 10, 10);
  column->addWidget(m_table);
  card->setMinimumHeight(130);
  m_both = new QSplitter(Qt::Vertical);
  m_both->setHandleWidth(Theme::cardGap);
  m_both->setChildrenCollapsible(false);
  m_both->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
  m_both->addWidget(m_chart);
  m_both->addWidget(card);
  m_both->setStretchFactor(0, 1);
  m_both->setStretchFactor(1, 0);
  connect(m_both, &QSplitter::splitterMoved, this, [this] { m_isOwnSplit = true; });
  m_results = new QStackedWidget;
  m_results->addWidget(empty);
  m_results->addWidget(m_both);
  return m_results;
}

void PromqlPage::connectParts() {
  connect(m_run, &QPushButton::clicked, this, [this] {
    if (m_controller->isRunning()) m_controller->cancel();
    else run();
  });
  connect(m_box, &QueryBox::runRequested, this, &PromqlPage::run);
  connect(m_box, &QPlainTextEdit::textChanged, this, &PromqlPage::update);
  connect(m_controller, &PromqlController::named, this, &PromqlPage::showNames);
  connect(m_examples, &ExampleQueries::chosen, this, &PromqlPage::runExample);
  // Metrics come and go, most of all after a server was started.
  connect(&m_look, &QTimer::timeout, this, [this] {
    if (isVisible()) m_controller->readNames();
  });
  connect(m_box, &QueryBox::wordsWanted, m_controller, &PromqlController::askLabels);
  connect(m_controller, &PromqlController::labelled, m_box, &QueryBox::setWords);
  connect(m_controller, &PromqlController::answered, this, &PromqlPage::showAnswer);
  connect(m_controller, &PromqlController::runningChanged, this, [this](bool running) {
    m_state->setText(running ? tr("Asking…") : tr("Cancelled"));
    update();
  });
  connect(m_unit, &QComboBox::currentIndexChanged, this, &PromqlPage::showResult);
  connect(m_add, &QPushButton::clicked, this, &PromqlPage::add);
  connect(m_title, &QLineEdit::returnPressed, this, &PromqlPage::add);
  connect(m_history, &QListWidget::itemClicked, this, [this](const QListWidgetItem* item) { m_box->setPlainText(item->data(Qt::UserRole).toString()); });
  connect(m_history, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
    m_box->setPlainText(item->data(Qt::UserRole).toString());
    run();
  });
  connect(m_message, &Notice::buttonClicked, m_message, &QWidget::hide);
  connect(&m_view, &TimeView::changed, this, &PromqlPage::viewChanged);
  connect(&m_view, &TimeView::rangeChanged, this, &PromqlPage::viewChanged);
  connect(&m_again, &QTimer::timeout, this, [this] {
    if (m_answer && !m_controller->isRunning()) ask(m_answer->query);
  });
}

}  // namespace cachedeck
