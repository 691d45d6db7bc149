// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include <utility>

class QGridLayout;

namespace cachedeck {

/// Names with their texts, which wrap and can be selected. Made anew only when they change, so that what is selected stays so.
class FactList : public QWidget {
  Q_OBJECT
 public:
  using Facts = QList<std::pair<QString, QString>>;
  explicit FactList(QWidget* parent = nullptr);
  void setFacts(const Facts& facts);
  const Facts& facts() const { return m_facts; }

 private:
  Facts m_facts;
  QGridLayout* m_grid;
};

}  // namespace cachedeck
