// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keyscan.h"
#include "ui/widgets/card.h"

class QLabel;
class QPushButton;
class QTreeView;

namespace cachedeck {

class ElidedLabel;
class PrefixModel;

/// The namespace tree with its figures.
class KeysTree : public Card {
  Q_OBJECT
 public:
  explicit KeysTree(QWidget* parent = nullptr);
  PrefixModel& model() { return *m_model; }
  QTreeView* view() const { return m_view; }
  ElidedLabel* subtitle() const { return m_subtitle; }
  void clear();
  using QWidget::show;
  void show(const TreeShot& shot);
  void show(const PrefixLevel& level);
  void setRunning(bool running);
  /// Marks "All keys" without a signal.
  void pickAll();
  /// Opens the level below the largest prefix that has one.
  void expandLargest();

 Q_SIGNALS:
  /// Empty: all keys.
  void prefixPicked(const QByteArray& prefix);
  void levelWanted(const QByteArray& prefix);
  void analysisWanted();

 private:
  void say();
  PrefixModel* m_model;
  QTreeView* m_view;
  ElidedLabel* m_subtitle;
  QPushButton* m_analyse;
  bool m_running = false, m_silent = false;
};

}  // namespace cachedeck
