// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/figuregrid.h"

#include "ui/widgets/labels.h"

#include <QGridLayout>

namespace cachedeck {

FigureGrid::FigureGrid(int columns, QWidget* parent) : QWidget(parent), m_columns(columns), m_grid(new QGridLayout(this)) {
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(3 * Theme::grid);
  m_grid->setVerticalSpacing(2 * Theme::grid);
  for (int column = 0; column < columns; ++column) m_grid->setColumnStretch(column, 1);
}

void FigureGrid::setFigures(const QList<Figure>& figures) {
  m_figures = figures;
  while (m_cells.size() < figures.size()) {
    auto* cell = new QWidget(this);
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(1);
    QLabel* const name = plainLabel({}, TextRole::Secondary, "secondary", cell);
    auto* value = new ElidedLabel(TextRole::LabelStrong, 1, cell);
    column->addWidget(name);
    column->addWidget(value);
    const int at = static_cast<int>(m_cells.size());
    m_grid->addWidget(cell, at / m_columns, at % m_columns);
    m_cells.append({cell, name, value});
  }
  for (qsizetype i = 0; i < m_cells.size(); ++i) {
    const bool used = i < figures.size();
    m_cells[i].widget->setVisible(used);
    if (!used) continue;
    m_cells[i].name->setText(figures[i].name);
    m_cells[i].value->setText(figures[i].value);
    m_cells[i].widget->setAccessibleName(figures[i].name + QLatin1Char(' ') + figures[i].value);
  }
}

QString FigureGrid::value(const QString& name) const {
  for (const Figure& figure : m_figures)
    if (figure.name == name) return figure.value;
  return {};
}

}  // namespace cachedeck
