// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSvgRenderer;

namespace cachedeck {

/// An SVG drawing as wide as its place, in the drawing's own proportions.
class SvgPicture : public QWidget {
  Q_OBJECT
 public:
  explicit SvgPicture(const QByteArray& svg, QWidget* parent = nullptr);
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QSvgRenderer* m_renderer;
};

}  // namespace cachedeck
