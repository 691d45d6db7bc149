// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/transform.h"
#include "ui/keys/keyscope.h"
#include "ui/widgets/card.h"

class QButtonGroup;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

/// Names of keys that are not picked in the list: pasted, of a file, or of a query of the profile's PostgreSQL. They are what a plan is made of.
class NamesPanel : public Card {
  Q_OBJECT
 public:
  enum class From { List, File, Query };
  explicit NamesPanel(QWidget* parent = nullptr);
  void begin(const KeysTarget& target, From from);
  From from() const;
  /// Usage error with what is wrong.
  Result<KeyScope> scope() const;
  keys::ActionKind kind() const;
  QPlainTextEdit* names() const { return m_names; }
  QLineEdit* file() const { return m_file; }
  QPlainTextEdit* query() const { return m_query; }
  QLineEdit* form() const { return m_form; }

 Q_SIGNALS:
  void planWanted();
  void cancelled();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildSwitch();
  QWidget* buildList();
  QWidget* buildFile();
  QWidget* buildQuery();
  void choose(int from);
  void update();
  void browse();

  bool m_hasPostgres = false;
  QButtonGroup* m_from;
  QStackedWidget* m_pages;
  QPlainTextEdit *m_names, *m_query;
  QLineEdit *m_file, *m_form;
  QComboBox* m_kind;
  QLabel* m_message;
  QPushButton *m_plan, *m_cancel;
};

}  // namespace cachedeck
