// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whole_file.h"
#include "ui/charts/chartpanel.h"
#include "ui/charts/frameclock.h"
#include "ui/charts/panelpicture.h"
#include "ui/overview/kpitile.h"
#include "ui/overview/overviewpage.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPainter>
#include <QPointer>

namespace cachedeck {

void OverviewPage::askWhereTo(ChartPanel* panel) {
  auto* dialog = new QFileDialog(this, panel ? tr("Save a picture of the panel") : tr("Save a picture of the page"), {}, tr("PNG image (*.png);;SVG drawing (*.svg)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("png"));
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.contains(QLatin1String("svg")) ? QStringLiteral("svg") : QStringLiteral("png")); });
  connect(dialog, &QFileDialog::fileSelected, this, [this, panel = QPointer<ChartPanel>(panel), ofPage = !panel](const QString& file) {
    if (ofPage || panel) savePicture(file, panel);
  });
  dialog->open();
}

void OverviewPage::drawPage(QPainter& painter) {
  painter.fillRect(m_content->rect(), Theme::instance().palette().window);
  for (KpiTile* tile : m_tiles) {
    tile->refresh(m_history, m_view.span(), m_clock.nowMs());
    tile->render(&painter, tile->pos(), {}, QWidget::DrawChildren);
  }
  for (ChartPanel* one : m_panels) {
    painter.save();
    painter.translate(one->pos());
    one->drawing(painter, one->size());
    painter.restore();
  }
}

void OverviewPage::copyPicture() {
  QGuiApplication::clipboard()->setMimeData(pictureForClipboard([this](QPainter& painter) { drawPage(painter); }, m_content->size(), accessibleName()));
}

// Drawn here, since widgets draw nowhere else; written where waiting for the disk holds nobody up.
void OverviewPage::savePicture(const QString& file, ChartPanel* panel) {
  const Drawing drawing = panel ? Drawing([panel](QPainter& painter) { panel->drawing(painter, panel->size()); }) : Drawing([this](QPainter& painter) { drawPage(painter); });
  const QByteArray bytes = pictureOf(drawing, panel ? panel->size() : m_content->size(), pictureFormOf(file), accessibleName());
  m_pictures.post(
      this,
      [file, bytes](std::stop_token) { return writeWhole(bytes, file); },
      [this, file](const Result<void>& written) {
        if (written) Q_EMIT saved(file);
        else Q_EMIT notSaved(written.error().message);
      });
}

}  // namespace cachedeck
