// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/snapshotcontroller.h"

#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/snapshots/madenow.h"

#include <QDir>
#include <QFileInfo>

namespace cachedeck {

namespace {

constexpr QLatin1String suffix(".cdsnap");

SnapshotEntry entryOf(const QString& file) {
  SnapshotEntry entry{file, QFileInfo(file).size(), {}, {}};
  Result<snapshot::Manifest> manifest = snapshot::readManifest(file);
  if (manifest) entry.manifest = std::move(*manifest);
  else entry.problem = manifest.error().message;
  return entry;
}

QList<SnapshotEntry> entriesOf(const QString& folder) {
  QList<SnapshotEntry> entries;
  for (const QFileInfo& file : QDir(folder).entryInfoList({QLatin1Char('*') + suffix}, QDir::Files)) entries << entryOf(file.filePath());
  return entries;
}

/// As the list of the folder names a file that lies in it, however the person did; else its whole name.
QString listedName(const QString& file, const QString& folder) {
  const QFileInfo real(QFileInfo(file).canonicalFilePath());
  return real.path() == QFileInfo(folder).canonicalFilePath() ? QDir(folder).filePath(real.fileName()) : QFileInfo(file).absoluteFilePath();
}

constexpr QLatin1String bySchedule("auto-");
constexpr int mostBySchedule = 200;

/// Of those that nobody asked for, the oldest go.
void makeRoom(const QString& folder) {
  const QFileInfoList files = QDir(folder).entryInfoList({bySchedule + QLatin1Char('*') + suffix}, QDir::Files, QDir::Name);  // by name: by time
  for (qsizetype i = 0; i + mostBySchedule < files.size(); ++i) QFile::remove(files[i].filePath());
}

Result<QString> written(const Result<snapshot::Snapshot>& snapshot, const QString& folder, bool unasked, const std::stop_token& stop) {
  if (!snapshot) return snapshot.error();
  if (!QDir().mkpath(folder)) return fail(Error::Kind::Io, QStringLiteral("The folder %1 cannot be made. Check who may write there.").arg(folder));
  QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  const QString file = folder + QLatin1Char('/') + (unasked ? bySchedule : QLatin1String()) + snapshot->id + suffix;
  const Result<void> done = snapshot::writeBundle(*snapshot, file, stop);
  if (done && stop.stop_requested()) QFile::remove(file);  // nobody would hear of it
  if (unasked) makeRoom(folder);
  return done ? Result<QString>(file) : Result<QString>(done.error());
}

struct Taken {
  Result<QString> file;
  QStringList missing;
};

}  // namespace

SnapshotController::SnapshotController(const Clock& clock, const History& history, QString folder, QObject* parent) : QObject(parent), m_clock(clock), m_history(history), m_folder(std::move(folder)) {}

SnapshotController::~SnapshotController() = default;

void SnapshotController::setTarget(const std::optional<SnapshotTarget>& target) {
  cancel();  // what is taken by itself goes on: it has the servers and figures of the moment at which it was due
  ++m_session;
  m_target = target;
  m_kept.reset();
}

void SnapshotController::setKept(const std::shared_ptr<const snapshot::Snapshot>& kept) {
  setTarget(std::nullopt);
  m_kept = kept;
}

void SnapshotController::refresh() {
  m_files.post(this, [folder = m_folder](std::stop_token) { return entriesOf(folder); }, [this](const QList<SnapshotEntry>& entries) { Q_EMIT listed(entries); });
}

void SnapshotController::takeOn(Worker& worker, const SnapshotRequest& request, std::optional<int> asked) {
  worker.post(
      this,
      [order = orderOf(*m_target, request.title, request.note), request, recording = m_target->recording, series = m_history.tables(request.fromMs, request.toMs), folder = m_folder,
       takenMs = m_clock.now().wallMs](std::stop_token stop) mutable {
        const Result<snapshot::Snapshot> made = madeNow(order, request, recording, std::move(series), takenMs, stop);
        return Taken{written(made, folder, request.bySchedule, stop), made ? made->missing : QStringList()};
      },
      [this, profile = m_target->profile, bySchedule = request.bySchedule, asked](const Taken& result) {
        if (asked && !isAnswered(*asked)) return;
        if (!result.file) {
          const QString& why = result.file.error().message;
          return void(Q_EMIT failed(bySchedule ? tr("A snapshot of %1 was due and is not taken. %2").arg(printable(profile, 60), why) : why));  // another profile may be open by now
        }
        Q_EMIT taken(*result.file, result.missing, bySchedule);
        refresh();
      });
}

void SnapshotController::take(const SnapshotRequest& request) {
  if (!m_target) return;
  if (request.bySchedule) {  // its figures are those of this moment, however long its turn takes to come
    if (!m_byItself) m_byItself = std::make_unique<Worker>(QStringLiteral("snapshot by itself"));
    takeOn(*m_byItself, request, {});
  } else if (!m_asking) {
    takeOn(ask(tr("Asking the servers for their settings, statements and alerts…")), request, m_generation);
  }
}

Worker& SnapshotController::ask(const QString& step) {
  m_asking = true;
  m_taker = std::make_unique<Worker>(QStringLiteral("snapshot"));
  Q_EMIT stepped(step);
  return *m_taker;
}

/// Whether it is the answer to what is asked now; then nothing is asked any more.
bool SnapshotController::isAnswered(int generation) {
  if (generation != m_generation) return false;
  m_asking = false;
  Q_EMIT stepped({});
  return true;
}

void SnapshotController::cancel() {
  ++m_generation;
  m_taker.reset();  // waits for its job, which ends soon: its connections are shut down, and no file is written any more
  if (!std::exchange(m_asking, false)) return;
  Q_EMIT stepped({});
}

void SnapshotController::read(const QString& file) {
  m_files.post(
      this,
      [file, folder = m_folder](std::stop_token) -> Result<KeptSession> {
        Result<snapshot::Snapshot> read = snapshot::readBundle(file);
        if (!read) return read.error();
        auto kept = std::make_shared<const snapshot::Snapshot>(std::move(*read));
        return KeptSession{kept, History::past(kept->series), file, entryOf(listedName(file, folder))};
      },
      [this](const Result<KeptSession>& kept) {
        if (kept) Q_EMIT opened(*kept);
        else Q_EMIT failed(kept.error().message);
      });
}

void SnapshotController::look(const QString& file) {
  struct Looked {
    QList<snapshot::Figure> figures;
    QList<snapshot::FactTable> facts;
  };
  m_files.post(
      this,
      [file](std::stop_token) -> Result<Looked> {
        const Result<snapshot::Snapshot> read = snapshot::readBundle(file);
        if (!read) return read.error();
        return Looked{snapshot::figuresOf(*read), read->facts};
      },
      [this, file](const Result<Looked>& result) {
        if (result) Q_EMIT looked(file, result->figures, result->facts);
        else Q_EMIT failed(result.error().message);
      });
}

void SnapshotController::verify(const QString& file) {
  m_files.post(
      this, [file](std::stop_token) { return snapshot::verifyBundle(file); },
      [this, file](const Result<snapshot::BundleCheck>& check) {
        if (!check) return void(Q_EMIT failed(check.error().message));
        if (!check->intact) return void(Q_EMIT failed(check->problem));
        Q_EMIT told(tr("All %n part(s) of %1 are as they were written.", nullptr, static_cast<int>(check->members.size())).arg(file));
      });
}

void SnapshotController::remove(const QString& file) {
  m_files.post(
      this,
      [file](std::stop_token) -> Result<void> {
        QFile one(file);
        if (one.remove() || !one.exists()) return {};
        return fail(Error::Kind::Io, QStringLiteral("%1 was not deleted: %2.").arg(file, one.errorString()));
      },
      [this](const Result<void>& done) {
        if (!done) Q_EMIT failed(done.error().message);
        refresh();
      });
}

}  // namespace cachedeck
