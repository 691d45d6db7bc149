// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/celltable.h"

#include "core/base/text.h"
#include "ui/theme/colour.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QIcon>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace cachedeck {

namespace {

constexpr int rowTall = 28, headingTall = 30, wordGap = 20, narrowestCut = 110;
constexpr qsizetype longAlways = 12;  // longer texts may be cut: their tooltip has them whole

QColor colourOf(RowList::Tone tone) {
  const Palette& p = Theme::instance().palette();
  switch (tone) {
    case RowList::Tone::Plain: return p.text1;
    case RowList::Tone::Quiet: return p.text2;
    case RowList::Tone::Good: return readable(p.good, p.card);
    case RowList::Tone::Warning: return readable(p.warning, p.card);
    case RowList::Tone::Critical: return readable(p.critical, p.card);
  }
  return p.text1;
}

/// Cells of which the words stand off the edge.
class Cells : public QStyledItemDelegate {
 public:
  explicit Cells(const CellTable* table, QObject* parent) : QStyledItemDelegate(parent), m_table(table) {}

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->rect.adjust(m_table->indentOf(index.column()), 0, 0, 0);
  }

 private:
  const CellTable* m_table;
};

/// Headings over such cells.
class Headings : public QHeaderView {
 public:
  explicit Headings(const CellTable* table, QWidget* parent) : QHeaderView(Qt::Horizontal, parent), m_table(table) {}

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int section) const override {
    const int indent = std::min(m_table->indentOf(section), rect.width());
    const Palette& p = Theme::instance().palette();
    painter->fillRect(rect.left(), rect.top(), indent, rect.height(), p.card);
    painter->fillRect(rect.left(), rect.bottom(), indent, 1, p.border);  // the style's line goes on
    QHeaderView::paintSection(painter, rect.adjusted(indent, 0, 0, 0), section);
  }

 private:
  const CellTable* m_table;
};

}  // namespace

void CellTableModel::setTable(const QStringList& headings, const QList<Row>& rows, const QSet<int>& words) {
  beginResetModel();
  m_headings = headings;
  m_rows = rows;
  m_words = words;
  for (const Row& row : rows)
    for (qsizetype column = 0; column < std::min(row.size(), headings.size()); ++column)
      if (!row[column].icon.isEmpty()) m_words.insert(static_cast<int>(column));
  endResetModel();
}

int CellTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int CellTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_headings.size()); }

QVariant CellTableModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = m_rows[index.row()];
  if (index.column() >= row.size()) return {};
  const Cell& cell = row[index.column()];
  switch (role) {
    case Qt::DisplayRole: return cell.text;
    case Qt::ForegroundRole: return colourOf(cell.tone);
    case Qt::DecorationRole: return cell.icon.isEmpty() ? QVariant() : QVariant(Theme::instance().icon(cell.icon, colourOf(cell.tone)));
    case Qt::TextAlignmentRole: return QVariant(alignment(index.column()));
    case Qt::ToolTipRole: return plainTip(cell.tip.isEmpty() && cell.text.size() > longAlways ? cell.text : cell.tip);
    default: return {};
  }
}

QVariant CellTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= m_headings.size()) return {};
  if (role == Qt::DisplayRole) return m_headings[section];
  if (role == Qt::TextAlignmentRole) return QVariant(alignment(section));
  return {};
}

Qt::Alignment CellTableModel::alignment(int column) const { return (isOfWords(column) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter; }

QString CellTableModel::toText() const {
  QStringList lines{m_headings.join(QLatin1Char('\t'))};
  for (const Row& row : m_rows) {
    QStringList cells;
    for (const Cell& cell : row) cells << cell.text;
    lines << cells.join(QLatin1Char('\t'));
  }
  return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void dressTable(QTableView& table, const QString& name) {
  table.setAccessibleName(name);
  table.setSelectionMode(QAbstractItemView::NoSelection);
  table.setEditTriggers(QAbstractItemView::NoEditTriggers);
  table.setShowGrid(false);
  table.setFrameShape(QFrame::NoFrame);
  table.setWordWrap(false);
  table.setTabKeyNavigation(false);
  table.setStyleSheet(QStringLiteral("QTableView { border: none; } QTableView::item { padding: 0 6px; border: none; }"));
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(rowTall);
  table.horizontalHeader()->setFixedHeight(headingTall);
  table.horizontalHeader()->setHighlightSections(false);
  table.horizontalHeader()->setSectionsClickable(false);
  QObject::connect(&Theme::instance(), &Theme::changed, table.viewport(), qOverload<>(&QWidget::update));
}

bool copyCells(const QKeyEvent& event, const CellTableModel& cells) {
  if (!event.matches(QKeySequence::Copy)) return false;
  QGuiApplication::clipboard()->setText(cells.toText());
  return true;
}

CellTable::CellTable(const QString& name, QWidget* parent) : QTableView(parent), m_cells(new CellTableModel(this)) {
  setHorizontalHeader(new Headings(this, this));
  setItemDelegate(new Cells(this, this));
  setModel(m_cells);
  dressTable(*this, name);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setIconSize({14, 14});
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void CellTable::setTable(const QStringList& headings, const QList<CellTableModel::Row>& rows, const QSet<int>& words) {
  m_cells->setTable(headings, rows, words);
  updateGeometry();
  fit();
}

// What is left of the width goes to all columns alike, so that a row can be read across; one that is too narrow scrolls.
/// Takes what is too much from the widest columns of words, which end in an ellipsis then: the last columns would be out of sight. Returns how much it was.
int CellTable::shorten(std::vector<int>& widths, int excess) const {
  int taken = 0;
  while (taken < excess) {
    int widest = -1;
    for (int column = 0; column < static_cast<int>(widths.size()); ++column)
      if (m_cells->isOfWords(column) && (widest < 0 || widths[static_cast<std::size_t>(column)] > widths[static_cast<std::size_t>(widest)])) widest = column;
    if (widest < 0 || widths[static_cast<std::size_t>(widest)] <= narrowestCut) break;
    --widths[static_cast<std::size_t>(widest)];
    ++taken;
  }
  return taken;
}

void CellTable::fit() {
  const int columns = m_cells->columnCount();
  if (columns == 0) return;
  m_indents = QList<int>(columns, 0);
  std::vector<int> widths;
  int sum = 0;
  for (int column = 0; column < columns; ++column) {
    const bool behindFigures = m_cells->isOfWords(column) && column > 0 && !m_cells->isOfWords(column - 1);
    widths.push_back(std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)) + 12 + (behindFigures ? wordGap : 0));
    if (behindFigures) m_indents[column] = wordGap;
    sum += widths.back();
  }
  sum -= shorten(widths, sum - viewport()->width());
  const int each = std::max(0, (viewport()->width() - sum) / columns);
  for (int column = 0; column < columns; ++column) {
    if (m_indents[column] > 0) m_indents[column] += each / 2;
    horizontalHeader()->resizeSection(column, widths[static_cast<std::size_t>(column)] + each);
  }
}

void CellTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fit();
}

QSize CellTable::sizeHint() const { return {480, headingTall + rowTall * m_cells->rowCount() + 4}; }

void CellTable::keyPressEvent(QKeyEvent* event) {
  if (!copyCells(*event, *m_cells)) QTableView::keyPressEvent(event);
}

void CellTable::wheelEvent(QWheelEvent* event) { event->ignore(); }  // the page scrolls

}  // namespace cachedeck
