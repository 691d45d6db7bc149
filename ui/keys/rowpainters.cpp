// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/rowpainters.h"

#include "core/metrics/format.h"
#include "ui/keys/keylistmodel.h"
#include "ui/keys/prefixmodel.h"
#include "ui/theme/colour.h"
#include "ui/theme/figures.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowparts.h"

#include <QPainter>

namespace cachedeck {

namespace {

constexpr int treeRow = 34, side = 8, treeBar = 3, figureGap = 10;
constexpr double lineGap = 15;  // between the baselines of a cell of two lines

}  // namespace

QColor typeColour(const QString& type) {
  const Palette& p = Theme::instance().palette();
  static const QStringList types{QStringLiteral("string"), QStringLiteral("hash"), QStringLiteral("set"), QStringLiteral("zset"), QStringLiteral("list"), QStringLiteral("stream")};
  const qsizetype at = types.indexOf(type);
  return at < 0 ? p.text3 : p.series[static_cast<std::size_t>(at)];
}

QSize PrefixPainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {100, treeRow}; }

void PrefixPainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = Theme::instance().palette();
  const auto kind = static_cast<PrefixModel::Kind>(index.data(PrefixModel::KindRole).toInt());
  const bool quiet = kind == PrefixModel::Direct || kind == PrefixModel::Rest;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF row = QRectF(option.rect).adjusted(0, 1, -2, -1);
  paintRowGround(*painter, row, option);
  const double left = row.left() + side, baseline = row.top() + 19;
  double right = paintRight(*painter, row.right() - side, baseline, shortCount(index.data(PrefixModel::KeysRole).toLongLong()), TextRole::LabelStrong, quiet ? p.text2 : p.text1, figureGap);
  const qint64 bytes = index.data(PrefixModel::BytesRole).toLongLong();
  if (bytes >= 0 && !quiet) right = paintRight(*painter, right, baseline, bytesText(bytes), TextRole::Secondary, p.text2, figureGap);
  painter->setFont(Theme::instance().font(kind == PrefixModel::All ? TextRole::LabelStrong : TextRole::Label));
  painter->setPen(quiet ? p.text2 : p.text1);
  const double room = right - left;
  painter->drawText(QPointF(left, baseline), QFontMetricsF(painter->font()).elidedText(index.data().toString(), Qt::ElideMiddle, room));
  if (kind == PrefixModel::Prefix) {
    const QRectF track(left, row.bottom() - treeBar - 3, row.right() - side - left, treeBar);
    painter->setPen(Qt::NoPen);
    painter->setBrush(p.grid);
    painter->drawRoundedRect(track, 1.5, 1.5);
    painter->setBrush(p.series[0]);
    const double share = index.data(PrefixModel::ShareRole).toDouble();
    painter->drawRoundedRect(QRectF(track.left(), track.top(), std::max(3.0, track.width() * share), treeBar), 1.5, 1.5);
  }
  paintRowFocus(*painter, row, option);
  painter->restore();
}

void KeyCellPainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = Theme::instance().palette();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver))
    painter->fillRect(option.rect, option.state & QStyle::State_Selected ? mixed(p.card, p.accent, 0.20) : mixed(p.card, p.raised, 0.8));
  const QString text = index.data().toString();
  QRectF place = QRectF(option.rect).adjusted(side, 0, -side, 0);
  const int column = index.column();
  if (column == KeyListModel::Type && !text.isEmpty()) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(typeColour(text));
    painter->drawRoundedRect(QRectF(place.left(), place.center().y() - 4, 8, 8), 2.5, 2.5);
    place.setLeft(place.left() + 15);
  }
  painter->setFont(Theme::instance().font(TextRole::Label));
  painter->setPen(column == KeyListModel::Name ? p.text1 : p.text2);
  const QFontMetricsF metrics(painter->font());
  const QString below = index.data(KeyListModel::BelowRole).toString();
  const double baseline = place.center().y() + (metrics.ascent() - metrics.descent()) / 2 - (below.isEmpty() ? 0 : lineGap / 2);
  if (column >= KeyListModel::Ttl) {
    const double width = figureWidth(text, painter->font());
    drawFigures(*painter, QPointF(std::max(place.left(), place.right() - width), baseline), text);
    if (!below.isEmpty()) {
      painter->setFont(Theme::instance().font(TextRole::Secondary));
      drawFigures(*painter, QPointF(std::max(place.left(), place.right() - figureWidth(below, painter->font())), baseline + lineGap), below);
    }
  } else {
    painter->drawText(QPointF(place.left(), baseline), metrics.elidedText(text, Qt::ElideMiddle, place.width()));
  }
  if (option.state & QStyle::State_HasFocus && column == KeyListModel::Name) {
    painter->fillRect(QRectF(option.rect.left(), option.rect.top() + 4, 3, option.rect.height() - 8), p.accent);
  }
  painter->restore();
}

}  // namespace cachedeck
