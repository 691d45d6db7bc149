// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/comparepanel.h"
#include "ui/snapshots/render.h"
#include "ui/snapshots/snapshotcompareview.h"
#include "ui/snapshots/snapshotspage.h"
#include "ui/snapshots/snapshotview.h"
#include "ui/snapshots/takepanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

void SnapshotsPage::connectExports() {
  auto* menu = new QMenu(m_view->exportButton());
  for (const snapshot::ReportFormat& format : reportFormats())
    menu->addAction(QCoreApplication::translate("Snapshots", format.title), this, [this, id = QString::fromLatin1(format.id), suffix = QString::fromLatin1(format.suffix)] { askWhereToExport(id, suffix); });
  m_view->exportButton()->setMenu(menu);
  connect(m_compare, &QPushButton::clicked, this, [this] {
    const QStringList files = pickedFiles();
    const bool dark = Theme::instance().palette().isDark();
    if (files.size() == 2) m_controller->compare(files[0], files[1], dark);
    if (files.size() == 1) m_controller->compareWithNow(files[0], m_panel->request(), dark);
  });
  connect(m_times, &ComparePanel::compareRequested, this, [this](const ComparedTimes& times) {
    m_times->setBusy(true);
    m_message->hide();  // what went wrong before is over
    m_controller->compareTimes(times, Theme::instance().palette().isDark());
  });
  connect(m_controller, &SnapshotController::failed, m_times, [this] { m_times->setBusy(false); });
  connect(m_controller, &SnapshotController::compared, this, [this](const ComparedSnapshots& compared) {
    m_times->setBusy(false);
    m_comparison->show(compared);
    m_right->setCurrentWidget(m_comparison);
  });
  connect(m_comparison->closeButton(), &QPushButton::clicked, this, [this] { m_right->setCurrentWidget(m_view); });
  connect(m_comparison->saveButton(), &QPushButton::clicked, this, &SnapshotsPage::askWhereToSave);
}

void SnapshotsPage::askWhereToExport(const QString& format, const QString& suffix) {
  const QString file = m_view->file();
  auto* dialog = new QFileDialog(this, tr("Export the snapshot"), QFileInfo(file).completeBaseName() + suffix, QStringLiteral("*%1").arg(suffix));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(suffix.mid(1));
  connect(dialog, &QFileDialog::fileSelected, this, [this, file, format](const QString& out) { m_controller->exportTo(file, format, out); });
  dialog->open();
}

void SnapshotsPage::askWhereToSave() {
  auto* dialog = new QFileDialog(this, tr("Save the comparison"), QStringLiteral("comparison.html"), QStringLiteral("*.html"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("html"));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& out) { m_controller->save(m_comparison->html(), out); });
  dialog->open();
}

}  // namespace cachedeck
