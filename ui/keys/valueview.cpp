// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/valueview.h"

#include "core/base/amounts.h"
#include "core/keys/decode_hex.h"
#include "core/metrics/format.h"
#include "ui/keys/jsonmodel.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeView>

namespace cachedeck {

using namespace keys;

namespace {

constexpr int textSide = 7;  // padding and border of the text
constexpr qsizetype longestShown = 1 << 20;  // bytes of a string that are shown at once; more would stall the text's layout

QFont fixedFont() {
  QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  font.setPixelSize(12);
  return font;
}

}  // namespace

ValueView::ValueView(QWidget* parent) : QWidget(parent), m_model(new ValueModel(this)) {
  m_table = new QTableView;
  m_table->setModel(m_model);
  m_table->setAccessibleName(tr("Elements of the value"));
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setShowGrid(false);
  m_table->setWordWrap(false);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(26);
  m_table->horizontalHeader()->setStretchLastSection(true);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_shown = new QStackedWidget;
  m_shown->addWidget(buildText());
  m_shown->addWidget(buildJson());
  m_shown->setMinimumHeight(90);
  m_state = wrapLabel(TextRole::Secondary, "secondary");
  m_more = new QPushButton(tr("More"));
  m_more->setAccessibleDescription(tr("Reads the next piece of the value"));
  auto* foot = new QHBoxLayout;
  foot->addWidget(m_state, 1);
  foot->addWidget(m_more);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2 * Theme::grid);
  column->addWidget(m_table, 3);
  column->addWidget(buildSwitch());
  column->addWidget(m_shown, 2);
  column->addLayout(foot);
  connect(m_more, &QPushButton::clicked, this, [this] {
    m_more->setEnabled(false);  // one piece at a time
    Q_EMIT moreWanted(m_next);
  });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (!index.isValid()) return;
    m_cell = m_model->row(index.row()).value;
    m_cellSize = m_model->row(index.row()).fullSize;
    decode();
  });
  clear();
}

QWidget* ValueView::buildText() {
  m_text = new QPlainTextEdit;
  m_text->setReadOnly(true);
  m_text->setFont(fixedFont());
  m_text->setStyleSheet(QStringLiteral("QPlainTextEdit { font-family: \"%1\"; font-size: 12px; padding: 5px 6px; } QPlainTextEdit:focus { padding: 4px 5px; }").arg(fixedFont().family()));
  m_text->setAccessibleName(tr("Value"));
  m_text->setTabChangesFocus(true);
  m_text->installEventFilter(this);
  return m_text;
}

QWidget* ValueView::buildJson() {
  m_jsonModel = new JsonModel(this);
  m_json = new QTreeView;
  m_json->setModel(m_jsonModel);
  m_json->setAccessibleName(tr("Value as a tree"));
  m_json->setUniformRowHeights(true);
  m_json->setStyleSheet(QStringLiteral("QTreeView { padding: 1px; } QTreeView::item { min-height: 22px; padding: 0 3px; } QHeaderView, QHeaderView::section { background: transparent; } QHeaderView::section { padding: 5px 6px; }"));
  m_json->setIndentation(14);
  m_json->setAllColumnsShowFocus(true);
  m_json->setTextElideMode(Qt::ElideRight);
  m_json->header()->setStretchLastSection(true);
  m_json->header()->setHighlightSections(false);
  m_json->header()->resizeSection(JsonModel::Name, 130);
  return m_json;
}

QWidget* ValueView::buildSwitch() {
  m_switch = new QWidget;
  auto* row = new QHBoxLayout(m_switch);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  m_ways = new QButtonGroup(this);
  const std::pair<int, QString> ways[] = {{100, tr("Best")}, {static_cast<int>(Shown::Text), tr("Text")}, {static_cast<int>(Shown::Json), tr("JSON")},
                                          {static_cast<int>(Shown::Hex), tr("Hex")}, {static_cast<int>(Shown::Unpacked), tr("Unpacked")}};
  for (const auto& [id, text] : ways) {
    auto* button = new QPushButton(text);
    button->setCheckable(true);
    button->setAccessibleName(tr("Show as %1").arg(text));
    button->setStyleSheet(QStringLiteral("QPushButton { padding: 1px 7px; border-radius: 6px; } QPushButton:focus { padding: 0 6px; }"));
    m_ways->addButton(button, id);
    row->addWidget(button);
  }
  row->addStretch(1);
  m_ways->button(100)->setChecked(true);
  connect(m_ways, &QButtonGroup::idClicked, this, &ValueView::choose);
  return m_switch;
}

void ValueView::choose(int view) {
  m_way = view == 100 ? -1 : view;
  decode();
}

void ValueView::clear() {
  setEditing(false);
  m_type.clear();
  m_string.clear();
  m_cell.clear();
  m_dump.clear();
  m_next.clear();
  m_length = -1;
  m_model->begin({});
  m_text->clear();
  m_jsonModel->setJson({});
  m_shown->setCurrentIndex(0);
  m_table->hide();
  m_more->hide();
  m_state->clear();
}

void ValueView::begin(const QByteArray& type, qint64 length, const ValuePage& page) {
  clear();
  m_type = type;
  m_length = length;
  const bool isString = type == "string";
  m_table->setVisible(!isString);
  m_model->begin(type);
  if (m_model->columnCount() == 2) m_table->setColumnWidth(0, type == "stream" ? 150 : type == "hash" ? 140 : 80);
  append(page);
  if (!isString && m_model->rowCount() > 0) m_table->setCurrentIndex(m_model->index(0, 0));
}

void ValueView::append(const ValuePage& page) {
  m_string += page.text;
  m_model->append(page.rows);
  m_next = page.next;
  m_more->setVisible(!m_next.isEmpty());
  m_more->setEnabled(true);
  if (m_type == "string") decode();
  say();
  Q_EMIT changed();
}

void ValueView::showProblem(const QString& problem) {
  m_state->setText(problem);
  m_more->setEnabled(true);
}

const QByteArray& ValueView::bytes() const { return m_type == "string" ? m_string : m_cell; }

void ValueView::decode() {
  if (m_editing) return;
  const bool whole = m_type == "string" ? m_next.isEmpty() : m_cellSize <= m_cell.size();
  const QByteArray shown = bytes().left(longestShown);
  const bool all = whole && shown.size() == bytes().size();
  const Decoded decoded = m_way < 0 ? decodeBest(shown, all) : decodeAs(static_cast<Shown>(m_way), shown, all);
  const bool tree = all && decoded.format == QLatin1String("JSON");
  m_jsonModel->setJson(tree ? shown : QByteArray());
  m_shown->setCurrentIndex(m_jsonModel->isEmpty() ? 0 : 1);
  const bool isText = decoded.format == QLatin1String("text") || decoded.format == QLatin1String("JSON");
  m_dump = isText ? QString() : decoded.text;
  m_perLine = 0;
  if (isText) m_text->setPlainText(decoded.text);
  else fit();
  m_text->setAccessibleDescription(tr("shown as %1").arg(decoded.format));
  say();
}

// A dump whose lines wrap cannot be read.
void ValueView::fit() {
  const double room = m_text->width() - 2 * textSide - m_text->verticalScrollBar()->sizeHint().width() - 2 * m_text->document()->documentMargin();
  const int perLine = hexBytesPerLine(static_cast<int>(room / QFontMetricsF(m_text->font()).horizontalAdvance(QLatin1Char('0'))));
  if (perLine == m_perLine) return;
  m_perLine = perLine;
  m_text->setPlainText(hexInLinesOf(m_dump, perLine));
}

bool ValueView::eventFilter(QObject* object, QEvent* event) {
  if (object == m_text && event->type() == QEvent::Resize && !m_dump.isEmpty() && !m_editing) fit();
  return QWidget::eventFilter(object, event);
}

void ValueView::say() {
  if (m_type == "string") {
    const QString read = m_next.isEmpty() ? m_string.size() == 1 ? tr("1 byte") : tr("%1 bytes").arg(countText(m_string.size())) : tr("%1 of %2 bytes read").arg(countText(m_string.size()), countText(m_length));
    m_state->setText(m_string.size() > longestShown ? tr("%1, the first %2 shown").arg(read, bytesText(longestShown)) : read);
  } else {
    m_state->setText(m_next.isEmpty() ? m_model->rowCount() == 1 ? tr("1 element") : tr("%1 elements").arg(countText(m_model->rowCount())) : tr("%1 of %2 elements read").arg(countText(m_model->rowCount()), countText(m_length)));
  }
}

std::optional<QByteArray> ValueView::editable() const {
  if (m_type != "string" || !m_next.isEmpty() || m_string.size() > longestShown) return std::nullopt;
  if (QString::fromUtf8(m_string).toUtf8() != m_string || m_string.contains('\0') || m_string.contains('\r')) return std::nullopt;  // a text field could not give it back
  return m_string;
}

void ValueView::setEditing(bool editing) {
  if (editing == m_editing) return;
  m_editing = editing;
  m_text->setReadOnly(!editing);
  m_switch->setEnabled(!editing);
  if (editing) {
    m_shown->setCurrentIndex(0);
    m_text->setPlainText(QString::fromUtf8(m_string));
    m_text->setFocus();
  } else {
    decode();
  }
}

QByteArray ValueView::typed() const { return m_text->toPlainText().toUtf8(); }

QString ValueView::shown() const { return m_text->toPlainText(); }

}  // namespace cachedeck
