// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QLabel>

namespace cachedeck {

/// A label that never reads markup, in the font of a role. `tone` is a word of the style sheet: "", "secondary",
/// "quiet", "good", "warning", "critical".
QLabel* plainLabel(const QString& text, TextRole role, const char* tone = "", QWidget* parent = nullptr);
/// Changes the tone of a label made so.
void setTone(QLabel* label, const char* tone);

/// One line of plain text that ends in an ellipsis where the room is short; the whole text is its tooltip then. Several lines stand behind one another in it, and apart in the tooltip.
class ElidedLabel : public QWidget {
  Q_OBJECT
 public:
  explicit ElidedLabel(TextRole role, int textColour = 1, QWidget* parent = nullptr);
  void setText(const QString& text);
  QString text() const { return m_text; }
  /// 1, 2 or 3: the text colours of the palette.
  void setTextColour(int number);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void updateTip();

  TextRole m_role;
  int m_colour;
  QString m_text;
  QString m_line;  ///< the text as it is drawn
};

}  // namespace cachedeck
