// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/paneltable.h"

#include "core/base/instants.h"
#include "core/metrics/format.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

namespace cachedeck {

namespace {
constexpr qint64 rows = 120;
}

PanelTableModel::PanelTableModel(const PanelInfo& panel, const History& history, const TimeSpan& span, QObject* parent)
    : QAbstractTableModel(parent), m_unit(panel.unit) {
  const qint64 step = std::max<qint64>(1000, (span.toMs - span.fromMs) / rows / 1000 * 1000);
  for (qint64 at = span.toMs; at > span.fromMs && static_cast<qint64>(m_times.size()) < 2 * rows; at -= step) m_times.push_back(at);
  m_headings << tr("Time");
  for (const SeriesInfo& series : panel.series) {
    m_headings << seriesLabel(series);
    std::vector<double>& values = m_values.emplace_back();
    for (const qint64 at : m_times) values.push_back(history.summary(series.metric, at - step + 1, at).mean);
  }
}

int PanelTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_times.size()); }

int PanelTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_headings.size()); }

QVariant PanelTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  if (role == Qt::TextAlignmentRole) return index.column() == 0 ? QVariant() : QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const auto row = static_cast<size_t>(index.row());
  if (index.column() == 0) return instantText(m_times[row]);
  return formatValue(m_values[static_cast<size_t>(index.column() - 1)][row], m_unit);
}

QVariant PanelTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section >= m_headings.size()) return {};
  return m_headings[section];
}

QString PanelTableModel::toText() const {
  QString text = m_headings.join(QLatin1Char('\t')) + QLatin1Char('\n');
  for (int row = 0; row < rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < columnCount(); ++column) cells << data(index(row, column), Qt::DisplayRole).toString();
    text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
  }
  return text;
}

PanelTableDialog::PanelTableDialog(const PanelInfo& panel, const History& history, const TimeSpan& span, QWidget* parent) : QDialog(parent) {
  const QString title = QCoreApplication::translate("Panel", panel.title);
  setWindowTitle(tr("%1 as table").arg(title));
  auto* model = new PanelTableModel(panel, history, span, this);
  auto* table = new QTableView(this);
  table->setModel(model);
  table->setAccessibleName(windowTitle());
  table->verticalHeader()->hide();
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setAlternatingRowColors(true);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  QPushButton* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  connect(copy, &QPushButton::clicked, this, [model] { QGuiApplication::clipboard()->setText(model->toText()); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(plainLabel(title, TextRole::PageTitle, "", this));
  QLabel* description = plainLabel(QCoreApplication::translate("Panel", panel.description), TextRole::Label, "secondary", this);
  description->setWordWrap(true);
  column->addWidget(description);
  column->addWidget(table, 1);
  column->addWidget(buttons);
  resize(620, 480);
}

}  // namespace cachedeck
