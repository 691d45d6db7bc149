// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <QWidget>

namespace cachedeck {

/// A short state with a shape and a word: "⚠ warning", "stale 48 s". Hidden while it says nothing.
class Pill : public QWidget {
  Q_OBJECT
 public:
  explicit Pill(QWidget* parent = nullptr);
  /// `icon` is a name of resources/icons; an empty text hides the pill.
  void say(const QString& icon, const QString& text, const QColor& colour);
  QString text() const { return m_text; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_iconName, m_text;
  QColor m_colour;
  QIcon m_icon;
};

}  // namespace cachedeck
