// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/keys/figuregrid.h"
#include "ui/widgets/card.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace cachedeck {

class CommandLine;
class ElidedLabel;
class Notice;

/// What an undo, a resumed run or an emptied database would do, and the confirmation. Nothing here is a default button, and Enter never confirms.
class ConsentPanel : public Card {
  Q_OBJECT
 public:
  struct Text {
    QString title, subtitle;
    QList<FigureGrid::Figure> figures;
    QString explanation;
    const char* tone = "secondary";  ///< of the explanation
    QString phrase;                  ///< to be typed; empty: nothing
    QString command;
    QString button;
    bool dangerous = false;
    QString other;  ///< a further button, for another way; empty: none
    QString stop;   ///< why it cannot be done at all
  };
  explicit ConsentPanel(QWidget* parent = nullptr);
  /// What it would be is being found out.
  void begin(const QString& title, const QString& subtitle);
  using QWidget::show;
  void show(const Text& text);
  void showFailure(const Error& error);
  void showProblem(const QString& problem);
  /// Why nothing can be changed now; empty when it can.
  void setLocked(const QString& why);
  QLineEdit* confirmation() const { return m_typed; }
  QPushButton* button() const { return m_go; }
  QString command() const;
  const Text& text() const { return m_text; }

 Q_SIGNALS:
  void confirmed(const QString& typed);
  void otherWanted();
  void cancelled();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildBody();
  QWidget* buildFooter();
  void update();

  Text m_text;
  QString m_locked, m_problem;
  bool m_shown = false, m_sent = false;
  ElidedLabel *m_title, *m_subtitle;
  QStackedWidget* m_stack;
  Notice* m_notice;
  FigureGrid* m_figures;
  QLabel *m_explanation, *m_ask, *m_message;
  CommandLine* m_command;
  QLineEdit* m_typed;
  QPushButton *m_go, *m_other, *m_cancel;
};

}  // namespace cachedeck
