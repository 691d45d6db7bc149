// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace cachedeck {

/// Who makes the load: Cachedeck's own engine or an installed k6. What was chosen is kept where it cannot be had just now.
class EngineChoice : public QWidget {
  Q_OBJECT
 public:
  explicit EngineChoice(QWidget* parent = nullptr);
  /// Why one cannot be chosen; empty: it can. Where neither can, k6 is the one that is meant.
  void setHindrances(const QString& own, const QString& k6);
  void choose(bool k6);
  bool isK6() const;
  QPushButton* own() const { return m_own; }
  QPushButton* k6() const { return m_k6; }

 Q_SIGNALS:
  void changed();

 private:
  void refresh();
  bool m_wanted = false;
  QString m_notOwn, m_notK6;
  QPushButton *m_own, *m_k6;
};

}  // namespace cachedeck
