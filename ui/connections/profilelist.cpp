// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/profilelist.h"

#include "core/base/text.h"
#include "ui/theme/colour.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/window/environmentmark.h"

#include <QCoreApplication>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>

namespace cachedeck {

namespace {

constexpr int rowHeight = 62, side = 12;
constexpr int nameRole = Qt::UserRole, environmentRole = Qt::UserRole + 1, endpointsRole = Qt::UserRole + 2,
              idRole = Qt::UserRole + 3, connectedRole = Qt::UserRole + 4;

class RowPainter : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {120, rowHeight}; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Palette& p = Theme::instance().palette();
    const QRectF row = QRectF(option.rect).adjusted(2, 2, -2, -2);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state & QStyle::State_Selected;
    painter->setPen(Qt::NoPen);
    painter->setBrush(selected ? mixed(p.card, p.accent, 0.18) : option.state & QStyle::State_MouseOver ? p.raised : p.card);
    painter->drawRoundedRect(row, 8, 8);
    const auto environment = static_cast<Environment>(index.data(environmentRole).toInt());
    const double mark = environmentWidth(environment), top = row.top() + 20, left = row.left() + side;
    drawEnvironment(*painter, QPointF(row.right() - side - mark, top), environment);
    double x = left;
    if (index.data(connectedRole).toBool()) {
      painter->setBrush(p.good);
      painter->drawEllipse(QPointF(x + 3.5, top), 3.5, 3.5);
      x += 14;
    }
    write(*painter, TextRole::LabelStrong, p.text1, QRectF(x, top - 10, row.right() - side - mark - 8 - x, 20), index.data(nameRole).toString());
    write(*painter, TextRole::Secondary, p.text2, QRectF(left, top + 12, row.width() - 2 * side, 18), index.data(endpointsRole).toString());
    if (selected && option.state & QStyle::State_HasFocus) drawFocusRing(*painter, row, 8);
    painter->restore();
  }

 private:
  static void write(QPainter& painter, TextRole role, const QColor& colour, const QRectF& place, const QString& text) {
    painter.setFont(Theme::instance().font(role));
    painter.setPen(colour);
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(place.width()));
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shown);
  }
};

QString endpoints(const Profile& profile, std::span<const SourceInfo> registry) {
  QStringList parts;
  for (const SourceInfo& info : registry) {
    const auto source = profile.sources.constFind(QString::fromLatin1(info.id));
    if (source != profile.sources.constEnd() && source->enabled)
      parts += QString::fromUtf8(info.title) + QLatin1Char(' ') + endpointText(info, source->fields);
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

ProfileList::ProfileList(std::span<const SourceInfo> registry, QWidget* parent) : QListWidget(parent), m_registry(registry) {
  setItemDelegate(new RowPainter(this));
  setAccessibleName(tr("Profiles"));
  setStyleSheet(QStringLiteral("QListWidget { border: none; background: transparent; }"));  // it stands in a card
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMouseTracking(true);
  connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item) Q_EMIT chosen(item->data(idRole).toUuid());
  });
  connect(this, &QListWidget::itemActivated, this,
          [this](QListWidgetItem* item) { Q_EMIT connectRequested(item->data(idRole).toUuid()); });
}

void ProfileList::setProfiles(const QList<Profile>& profiles, const QUuid& connected) {
  const QUuid kept = current();
  {
    const QSignalBlocker silent(this);
    clear();
    for (const Profile& profile : profiles) {
      auto* item = new QListWidgetItem(this);
      const QString where = endpoints(profile, m_registry);
      item->setData(nameRole, printable(profile.name));
      item->setData(environmentRole, static_cast<int>(profile.environment));
      item->setData(endpointsRole, where);
      item->setData(idRole, profile.id);
      item->setData(connectedRole, profile.id == connected);
      item->setData(Qt::AccessibleTextRole, QStringList{printable(profile.name), environmentWord(profile.environment), where}.join(QStringLiteral(", ")));
    }
  }
  setCurrent(kept);
}

QListWidgetItem* ProfileList::itemOf(const QUuid& id) const {
  for (int row = 0; row < count(); ++row)
    if (item(row)->data(idRole).toUuid() == id) return item(row);
  return nullptr;
}

QUuid ProfileList::current() const { return currentItem() ? currentItem()->data(idRole).toUuid() : QUuid(); }

void ProfileList::setCurrent(const QUuid& id) {
  const QSignalBlocker silent(this);
  QListWidgetItem* const found = itemOf(id);
  setCurrentItem(found);
  if (!found) clearSelection();
}

void ProfileList::focusInEvent(QFocusEvent* event) {
  // A view without a current row takes the first one when it gets the keyboard: nobody chose that.
  const QUuid kept = current();
  const QSignalBlocker silent(this);
  QListWidget::focusInEvent(event);
  if (kept.isNull()) setCurrent(kept);
}

}  // namespace cachedeck
