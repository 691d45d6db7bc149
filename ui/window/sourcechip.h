// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sources/poller.h"

#include <QAbstractButton>

namespace cachedeck {

/// A source in the top bar: state as shape and colour, name, version and round trip, or what is wrong with it.
class SourceChip : public QAbstractButton {
  Q_OBJECT
 public:
  /// How much is said where room is short: all, the name, or the shape alone.
  enum class Density { Full, Name, Mark };

  SourceChip(const QString& id, QWidget* parent = nullptr);
  void setState(const QString& title, const SourceState& state, qint64 nowMs);
  void setDensity(Density density);
  Density density() const { return m_density; }
  /// Stale or failed: the last ones to say less.
  bool isTrouble() const;
  int widthAt(Density density) const;

  QString id() const { return m_id; }
  const SourceState& state() const { return m_state; }
  QString title() const { return m_title; }
  /// The second text as it stands now.
  QString detail() const { return m_detail; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QColor edgeColour() const;
  QColor detailColour() const;
  void drawMark(QPainter& painter, const QPointF& centre) const;

  QString m_id, m_title, m_detail;
  SourceState m_state;
  Density m_density = Density::Full;
  double m_detailWidth = 0;  ///< the widest of this state so far, so that changing figures do not move the others
};

}  // namespace cachedeck
