// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/figuregrid.h"
#include "ui/keys/wraplabel.h"
#include "ui/load/enginechoice.h"
#include "ui/load/loadtext.h"
#include "ui/load/profilechart.h"
#include "ui/load/setuppanel.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/rowlist.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>

namespace cachedeck {

namespace {

constexpr double scales[] = {1, 0.5, 0.25, 0.1};

Card* card(const QString& title, QVBoxLayout*& column) {
  auto* made = new Card;
  column = new QVBoxLayout(made);
  column->setContentsMargins(Theme::cardPadding, Theme::cardPadding - 2, Theme::cardPadding, Theme::cardPadding);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(plainLabel(title, TextRole::CardTitle));
  return made;
}

}  // namespace

SetupPanel::SetupPanel(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("What the run will do"));
  auto* body = new QWidget;
  body->setProperty("scrollContent", true);
  auto* right = new QHBoxLayout;
  right->setSpacing(Theme::cardGap);
  auto* left = new QVBoxLayout;
  left->setSpacing(Theme::cardGap);
  left->addWidget(buildCourse(), 1);
  left->addWidget(buildForm());
  right->addLayout(left, 3);
  right->addWidget(buildDetails(), 2);
  auto* inner = new QVBoxLayout(body);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->addLayout(right);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(body);
  m_below = scroll;
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addWidget(buildHead());
  column->addWidget(scroll, 1);
  m_broken = new Card;
  m_mistakes = new Notice(Notice::Form::Full);
  auto* middle = new QVBoxLayout(m_broken);
  middle->addWidget(m_mistakes);
  column->addWidget(m_broken, 1);
  refresh();
}

QWidget* SetupPanel::buildHead() {
  auto* head = new QWidget;
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  m_kind = new Pill;
  m_description = wrapLabel(TextRole::Label, "secondary");
  m_message = wrapLabel(TextRole::Label, "secondary");
  m_message->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_start = new QPushButton(tr("Start"));
  m_start->setProperty("kind", QStringLiteral("primary"));
  m_start->setAutoDefault(false);
  m_start->setMinimumWidth(96);
  auto* titles = new QHBoxLayout;
  titles->setSpacing(2 * Theme::grid);
  titles->addWidget(m_title);
  titles->addWidget(m_kind);
  titles->addStretch(1);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addLayout(titles);
  words->addWidget(m_description);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(2, 0, 0, 0);
  row->setSpacing(3 * Theme::grid);
  row->addLayout(words, 2);
  row->addWidget(m_message, 1);
  row->addWidget(m_start, 0, Qt::AlignVCenter);
  connect(m_start, &QPushButton::clicked, this, [this] {
    if (missing().isEmpty()) Q_EMIT startWanted(request());
  });
  return head;
}

QWidget* SetupPanel::buildCourse() {
  QVBoxLayout* column = nullptr;
  Card* const made = card(tr("What it will do"), column);
  m_chart = new ProfileChart;
  m_figures = new FigureGrid(4);
  m_scriptNote = new Notice(Notice::Form::Full);
  m_scriptNote->setText({QStringLiteral("load"), Theme::instance().palette().text3, tr("As the script says"),
                         tr("Cachedeck does not read it: what k6 tells of the run is shown while it goes on. The script finds the URL below as __ENV.CACHEDECK_LOAD_URL."), {}, {}});
  column->addWidget(m_chart, 1);
  column->addWidget(m_scriptNote, 1);
  column->addWidget(m_figures);
  return made;
}

QWidget* SetupPanel::buildForm() {
  QVBoxLayout* column = nullptr;
  Card* const made = m_formCard = card(tr("This run"), column);
  m_url = new QLineEdit;
  m_url->setPlaceholderText(QStringLiteral("http://host:8080"));
  m_url->setAccessibleName(tr("URL of the service"));
  m_host = new QLineEdit;
  m_host->setAccessibleName(tr("The host, typed again"));
  m_hostLabel = formLabel(tr("Host, again"), "warning");
  m_scaleRow = buildScales();
  m_engine = new EngineChoice;
  m_form = new QFormLayout;
  m_form->setHorizontalSpacing(4 * Theme::grid);
  m_form->setVerticalSpacing(2 * Theme::grid);
  m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  m_form->addRow(formLabel(tr("Service")), m_url);
  m_form->addRow(formLabel(tr("Time scale")), m_scaleRow);
  m_form->addRow(formLabel(tr("Engine")), m_engine);
  m_form->addRow(m_hostLabel, m_host);
  column->addLayout(m_form);
  m_command = new QPlainTextEdit;
  m_command->setReadOnly(true);
  m_command->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  m_command->setTabChangesFocus(true);
  m_command->setAccessibleName(tr("The same as a command"));
  m_command->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 11px; padding: 4px 6px; }").arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family()));
  m_command->setFixedHeight(52);
  m_secrets = wrapLabel(TextRole::Secondary, "secondary");
  column->addSpacing(Theme::grid);
  column->addLayout(buildCommandHead());
  column->addWidget(m_command);
  column->addWidget(m_secrets);
  connect(m_engine, &EngineChoice::changed, this, [this] {
    m_problem.clear();
    refresh();
  });
  for (QLineEdit* const edit : {m_url, m_host})
    connect(edit, &QLineEdit::textChanged, this, [this] {
      m_problem.clear();
      refresh();
    });
  return made;
}

// As high as its field, or the form would put it some pixels above the middle.
QLabel* SetupPanel::formLabel(const QString& text, const char* tone) {
  QLabel* const label = plainLabel(text, TextRole::Label, tone);
  label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  return label;
}

QWidget* SetupPanel::buildScales() {
  m_scales = new QButtonGroup(this);
  auto* made = new QWidget;
  auto* row = new QHBoxLayout(made);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::grid);
  for (const double factor : scales) {
    auto* button = new QPushButton(scaleText(factor));
    button->setCheckable(true);
    button->setChecked(factor == 1);
    button->setAutoDefault(false);
    button->setAccessibleName(tr("Time scale %1").arg(scaleText(factor)));
    m_scales->addButton(button);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, factor] { setTimeScale(factor); });
  }
  row->addSpacing(2 * Theme::grid);
  row->addWidget(plainLabel(tr("of its time; users and rates stay"), TextRole::Secondary, "secondary"), 1);
  return made;
}

QHBoxLayout* SetupPanel::buildCommandHead() {
  m_export = new QPushButton(tr("Export for k6"));
  auto* menu = new QMenu(m_export);
  const std::pair<QString, ExportForm> forms[] = {{tr("As a k6 script…"), ExportForm::K6Script}, {tr("As a TestRun of k6-operator…"), ExportForm::K6TestRun}};
  for (const auto& [text, form] : forms) m_exports += menu->addAction(text, this, [this, form = form] { Q_EMIT exportWanted(request(), form); });
  m_export->setMenu(menu);
  auto* copy = new QPushButton(tr("Copy"));
  copy->setAccessibleName(tr("Copy the command"));
  connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_command->toPlainText()); });
  auto* head = new QHBoxLayout;
  head->setSpacing(2 * Theme::grid);
  head->addWidget(plainLabel(tr("The same as a command"), TextRole::LabelStrong), 1);
  for (QPushButton* const button : {m_export, copy}) {
    button->setAutoDefault(false);
    head->addWidget(button);
  }
  return head;
}

QWidget* SetupPanel::buildDetails() {
  QVBoxLayout* column = nullptr;
  Card* const made = card(tr("In detail"), column);
  m_details = new RowList;
  m_details->setAccessibleName(tr("Thresholds, events and steps"));
  column->addWidget(m_details);
  column->addStretch(1);
  return made;
}

void SetupPanel::setTimeScale(double factor) {
  m_scale = factor;
  for (QAbstractButton* const button : m_scales->buttons())
    if (button->text() == scaleText(factor)) button->setChecked(true);
  refresh();
}

}  // namespace cachedeck
