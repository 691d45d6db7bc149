// SPDX-License-Identifier: GPL-3.0-or-later
// Files and services that the page of load runs gives to, and takes from: own scenarios, scripts for k6, the Pushgateway.
#include "core/base/text.h"
#include "ui/load/loadmodels.h"
#include "ui/load/loadpage.h"
#include "ui/load/runhead.h"
#include "ui/load/runview.h"
#include "ui/load/setuppanel.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

namespace {

/// The one file that is dragged; empty: none, or something else.
QString draggedFile(const QMimeData* data) {
  const QList<QUrl> urls = data->urls();
  return urls.size() == 1 ? urls.first().toLocalFile() : QString();
}

QString suggestedName(const RunRequest& request, ExportForm form) {
  QString name = QString::fromStdString(request.scenario.name);
  for (QChar& c : name)
    if (!c.isLetterOrNumber() && c != QLatin1Char('-') && c != QLatin1Char('_')) c = QLatin1Char('-');
  return name + (form == ExportForm::K6Script ? QStringLiteral(".js") : QStringLiteral("-testrun.yaml"));
}

}  // namespace

void LoadPage::connectFiles() {
  connect(m_import, &QPushButton::clicked, this, &LoadPage::askForScenario);
  connect(m_setup, &SetupPanel::exportWanted, this, &LoadPage::askWhereTo);
  connect(m_controller, &LoadController::imported, this, [this](const QString& file) {
    m_scenarioList->setCurrentIndex({});
    m_pending = file;  // chosen as soon as the list has it
  });
  connect(m_controller, &LoadController::importFailed, this, [this](const ScenarioEntry& entry) {
    m_scenarioList->setCurrentIndex({});
    m_setup->show(entry);
    m_right->setCurrentIndex(Setup);
  });
  connect(m_controller, &LoadController::exported, this, [this](const QString& file) { tell(tr("Written: %1").arg(printable(file, 300))); });
  connect(m_run->head(), &RunHead::pushWanted, this, [this] {
    if (!m_run->record()) return;
    m_run->head()->setPushable(true, true);
    m_controller->push(m_run->record()->id);
  });
  connect(m_controller, &LoadController::pushed, this, [this](const QString& said, const QString& problem) {
    m_run->head()->setPushable(true);
    if (problem.isEmpty()) tell(said);
    else say(said.isEmpty() ? tr("The result was not pushed. %1").arg(problem) : problem);
  });
}

void LoadPage::importScenario(const QString& file) { m_controller->importScenario(file); }

void LoadPage::askForScenario() {
  auto* dialog = new QFileDialog(this, tr("Import a scenario"), QDir::homePath(), tr("Scenarios and k6 scripts (*.json *.js *.mjs *.ts);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &LoadPage::importScenario);
  dialog->open();
}

void LoadPage::askWhereTo(const RunRequest& request, ExportForm form) {
  auto* dialog = new QFileDialog(this, form == ExportForm::K6Script ? tr("Export a k6 script") : tr("Export a TestRun of k6-operator"), QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->selectFile(suggestedName(request, form));
  connect(dialog, &QFileDialog::fileSelected, this, [this, request, form](const QString& file) { m_controller->exportScenario(request, form, file); });
  dialog->open();
}

void LoadPage::dragEnterEvent(QDragEnterEvent* event) {
  if (m_whole->currentIndex() == 1 && !m_isKept && !draggedFile(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void LoadPage::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  importScenario(draggedFile(event->mimeData()));
}

}  // namespace cachedeck
