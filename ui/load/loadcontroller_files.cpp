// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of load runs wants of the disk.
#include "ui/load/loadcontroller.h"


namespace cachedeck {

void LoadController::refreshScenarios() {
  if (!m_work) return;
  m_work->files.post(
      this, [folder = m_target.scenarioFolder()](std::stop_token) { return readScenarios(folder); }, [this](const QList<ScenarioEntry>& entries) { Q_EMIT scenariosCame(entries); });
}

void LoadController::refreshRuns() {
  if (!m_work) return;
  m_work->files.post(
      this, [store = runs::RunStore(m_target.runFolder()), nowMs = m_clock.now().wallMs](std::stop_token) { return store.list(nowMs); },
      [this](const runs::RunList& list) { Q_EMIT runsCame(list.runs, list.problems); });
}

void LoadController::load(const QString& id) {
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
