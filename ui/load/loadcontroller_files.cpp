// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs wants of the disk.
#include "ui/load/loadcontroller.h"

#include "core/base/whole_file.h"
#include "core/load/k6_operator.h"
#include "core/runs/k6_launch.h"
#include "core/runs/push.h"
#include "ui/load/loadtext.h"

#include <QFileInfo>

namespace cachedeck {

namespace {

/// What was typed on the page takes the place of the file's values; secrets come from k6's own environment.
Result<QByteArray> exportedText(const RunRequest& request, ExportForm form) {
  load::Scenario scenario = request.timeScale == 1 ? request.scenario : load::scaled(request.scenario, request.timeScale);
  for (auto& [name, value] : scenario.variables)
    if (const auto typed = request.variables.find(name); typed != request.variables.end()) value = typed->second;
  const std::string url = request.url.trimmed().toStdString();
  const auto made = form == ExportForm::K6Script ? load::k6Script(scenario, url) : load::k6TestRun(scenario, url);
  if (!made) return fail(Error::Kind::Usage, engineText(made.error(), 1000));
  return QByteArray::fromStdString(made->text);
}

}  // namespace

void LoadController::refreshScenarios() {
  if (!m_work) return;
  m_work->files.post(
      this, [folder = m_target.scenarioFolder()](std::stop_token) { return readScenarios(folder); }, [this](const QList<ScenarioEntry>& entries) { Q_EMIT scenariosCame(entries); });
}

void LoadController::lookForK6() {
  if (!m_work) return;
  m_work->files.post(
      this, [](std::stop_token) { return runs::findK6(); }, [this](const Result<QString>& program) { Q_EMIT k6Came(program ? QString() : program.error().message); });
}

void LoadController::refreshRuns() {
  if (m_kept) return m_kept->list(*this);
  if (!m_work) return;
  m_work->files.post(
      this, [store = runs::RunStore(m_target.runFolder()), nowMs = m_clock.now().wallMs](std::stop_token) { return store.list(nowMs); },
      [this](const runs::RunList& list) { Q_EMIT runsCame(list.runs, list.problems); });
}

void LoadController::load(const QString& id) {
  if (m_kept) return m_kept->load(*this, id);
  if (!m_work) return;
  m_work->files.post(
      this,
      [store = runs::RunStore(m_target.runFolder()), id](std::stop_token) -> Result<RecordShot> {
        auto record = store.load(id);
        if (!record) return record.error();
        return std::make_shared<const runs::RunRecord>(std::move(*record));
      },
      [this](const Result<RecordShot>& record) {
        if (record) Q_EMIT loaded(*record);
        else Q_EMIT failed(record.error().message);
      });
}

void LoadController::compare(const QStringList& ids) {
  if (m_kept) return m_kept->compare(*this, ids);
  if (!m_work || ids.size() < 2) return;
  m_work->files.post(
      this,
      [store = runs::RunStore(m_target.runFolder()), ids](std::stop_token) -> Result<ComparedRuns> {
        std::vector<runs::RunRecord> records;
        for (const QString& id : ids) {
          auto record = store.load(id);
          if (!record) return record.error();
          records.push_back(std::move(*record));
        }
        ComparedRuns compared{runs::compare(records), {}};
        for (runs::RunRecord& record : records) compared.records.append(std::make_shared<const runs::RunRecord>(std::move(record)));
        return compared;
      },
      [this](const Result<ComparedRuns>& compared) {
        if (compared) Q_EMIT this->compared(*compared);
        else Q_EMIT failed(compared.error().message);
      });
}

void LoadController::importScenario(const QString& file) {
  if (!m_work) return;
  struct Import {
    ScenarioEntry entry;
    QString place;
  };
  m_work->files.post(
      this,
      [file, folder = m_target.scenarioFolder()](std::stop_token) -> Import {
        Import import;
        import.entry.file = file;
        import.entry.name = import.entry.title = QFileInfo(file).fileName();
        if (!QFileInfo(file).isFile()) import.entry.problem = tr("This is no file.");  // a pipe would never end
        else import.entry = readScenario(file);
        if (!import.entry.problem.isEmpty()) return import;
        const Result<QString> place = shelveScenario(file, folder);
        if (place) import.place = *place;
        else import.entry.problem = place.error().message;
        return import;
      },
      [this](const Import& import) {
        if (!import.entry.problem.isEmpty()) return void(Q_EMIT importFailed(import.entry));
        Q_EMIT imported(import.place);
        refreshScenarios();
      });
}

void LoadController::exportScenario(const RunRequest& request, ExportForm form, const QString& file) {
  if (!m_work) return;
  m_work->files.post(
      this,
      [request, form, file](std::stop_token) -> Result<void> {
        const Result<QByteArray> text = exportedText(request, form);
        return text ? writeWhole(*text, file) : Result<void>(text.error());
      },
      [this, file](const Result<void>& done) {
        if (done) Q_EMIT exported(file);
        else Q_EMIT failed(done.error().message);
      });
}

void LoadController::push(const QString& id) {
  if (!m_work || !m_target.pushgateway) return;
  struct Pushed {
    QString said, problem;
  };
  m_work->push.post(
      this,
      [id, gateway = *m_target.pushgateway, store = runs::RunStore(m_target.runFolder())](std::stop_token stop) -> Pushed {
        const auto record = store.load(id);
        if (!record) return {{}, record.error().message};
        const Result<runs::PushOutcome> pushed = runs::pushRun(gateway, *record, {}, std::move(stop));
        if (!pushed) return {{}, pushed.error().message};
        QString said = tr("Pushed to %1 as job cachedeck_load, scenario %2, run %3.").arg(endpointOf(gateway.base), record->scenario, id);
        if (pushed->removed > 0) said += QLatin1Char(' ') + tr("Older runs of this scenario were removed there: %1.").arg(pushed->removed);
        return {said, pushed->note};
      },
      [this](const Pushed& pushed) { Q_EMIT this->pushed(pushed.said, pushed.problem); });
}

void LoadController::change(std::function<Result<void>(const runs::RunStore&, qint64)> job) {
  if (!m_work) return;
  m_work->files.post(
      this, [job = std::move(job), store = runs::RunStore(m_target.runFolder()), nowMs = m_clock.now().wallMs](std::stop_token) { return job(store, nowMs); },
      [this](const Result<void>& done) {
        if (!done) Q_EMIT failed(done.error().message);
        refreshRuns();
      });
}

void LoadController::pin(const QString& id, bool pinned) {
  change([id, pinned](const runs::RunStore& store, qint64 nowMs) -> Result<void> {
    if (pinned) return store.pin(id, nowMs);
    const auto record = store.load(id);
    if (!record) return record.error();
    return store.unpin(record->scenario, record->url);
  });
}

void LoadController::setNote(const QString& id, const QString& note) {
  change([id, note](const runs::RunStore& store, qint64 nowMs) { return store.setNote(id, note, nowMs); });
}

void LoadController::setTags(const QString& id, const QStringList& tags) {
  change([id, tags](const runs::RunStore& store, qint64 nowMs) { return store.setTags(id, tags, nowMs); });
}

void LoadController::remove(const QStringList& ids) {
  change([ids](const runs::RunStore& store, qint64 nowMs) -> Result<void> {
    for (const QString& id : ids)
      if (const Result<void> removed = store.remove(id, nowMs); !removed) return removed;
    return {};
  });
}

}  // namespace cachedeck
