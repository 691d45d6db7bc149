// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/sourcechip.h"

#include <QList>
#include <QWidget>

namespace cachedeck {

/// The chips in a row; says less where the window is narrow.
class ChipBar : public QWidget {
  Q_OBJECT
 public:
  explicit ChipBar(QWidget* parent = nullptr);
  /// Adds the source, or changes its chip.
  void setSource(const QString& id, const QString& title, const SourceState& state, qint64 nowMs);
  void clear();
  /// Renews the texts that tell a time.
  void refresh(qint64 nowMs);
  SourceChip* chip(const QString& id) const;
  bool isAnyLive() const;
  const QList<SourceChip*>& chips() const { return m_chips; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void clicked(const QString& id);
  /// A source came, went or stands otherwise.
  void changed();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  int widthAt(SourceChip::Density density) const;
  void chooseDensities();
  void arrange();

  QList<SourceChip*> m_chips;
};

}  // namespace cachedeck
