// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;

namespace cachedeck {

/// What stands in place of content that is not there, or (compact) as a banner over it: shape, title, sentence,
/// second line and one button.
class Notice : public QWidget {
  Q_OBJECT
 public:
  struct Text {
    QString icon;      ///< name of resources/icons
    QColor colour;     ///< of the icon and, compact, of the edge
    QString title;
    QString sentence;
    QString detail;    ///< last good sample, countdown; may be empty
    QString button;    ///< empty = none
  };

  enum class Form { Full, Compact };
  explicit Notice(Form form, QWidget* parent = nullptr);
  void setText(const Text& text);
  const Text& text() const { return m_text; }

 Q_SIGNALS:
  void buttonClicked();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void buildFull();
  void buildCompact();

  Form m_form;
  Text m_text;
  QLabel* m_icon;
  QLabel* m_title;
  QLabel* m_sentence;
  QLabel* m_detail;
  QPushButton* m_button;
};

}  // namespace cachedeck
