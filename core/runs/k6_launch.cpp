// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_launch.h"

#include "core/load/k6_export.h"
#include "core/profiles/privatefile.h"

#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cachedeck::runs {

namespace {

QString feedName() { return QStringLiteral("feed.ndjson"); }

Error ioError(const QString& what) { return fail(Error::Kind::Io, QStringLiteral("%1: %2.").arg(what, qt_error_string(errno))); }

/// The console's own passwords are none of k6's business. A script may read values of load runs; with a scenario the plan has all of them, and settings of k6 would make another
/// run of it (K6_VUS, K6_DURATION …).
QProcessEnvironment inherited(bool ownScript) {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const QString& name : environment.keys()) {
    const bool ours = name.startsWith(QLatin1String("CACHEDECK_")) && !(ownScript && name.startsWith(QLatin1String("CACHEDECK_LOAD_")));
    if (ours || (!ownScript && name.startsWith(QLatin1String("K6_")))) environment.remove(name);
  }
  return environment;
}

void addRecipe(const QString& feed, const load::TlsSettings& tls, QProcessEnvironment& environment) {
  const std::pair<const char*, QString> recipe[] = {{"K6_NO_USAGE_REPORT", QStringLiteral("true")},
                                                    {"K6_AUTO_EXTENSION_RESOLUTION", QStringLiteral("false")},
                                                    {"K6_WEB_DASHBOARD", QStringLiteral("true")},
                                                    {"K6_WEB_DASHBOARD_PORT", QStringLiteral("-1")},  // no server: only the record
                                                    {"K6_WEB_DASHBOARD_PERIOD", QStringLiteral("1s")},
                                                    {"K6_WEB_DASHBOARD_TAGS", QStringLiteral("step")},  // figures of each step
                                                    {"K6_WEB_DASHBOARD_RECORD", feed}};
  for (const auto& [name, value] : recipe) environment.insert(QLatin1String(name), value);
  for (const char* name : {"K6_WEB_DASHBOARD_OPEN", "K6_WEB_DASHBOARD_EXPORT", "K6_WEB_DASHBOARD_REPORT"}) environment.remove(QLatin1String(name));
  if (!tls.caFile.empty()) environment.insert(QStringLiteral("SSL_CERT_FILE"), QFileInfo(QString::fromStdString(tls.caFile)).absoluteFilePath());
  if (!tls.verify) environment.insert(QStringLiteral("K6_INSECURE_SKIP_TLS_VERIFY"), QStringLiteral("true"));
}

}  // namespace

Result<QString> findK6() {
  const QString program = QStandardPaths::findExecutable(QStringLiteral("k6"));
  if (!program.isEmpty()) return program;
  return fail(Error::Kind::NotFound, QStringLiteral("There is no k6 on this machine's PATH. Install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or run a scenario without it."));
}

bool isK6Script(const QString& file) {
  const QString suffix = QFileInfo(file).suffix();
  return suffix == QLatin1String("js") || suffix == QLatin1String("mjs") || suffix == QLatin1String("ts");
}

load::Scenario scenarioOfScript(const QString& file) {
  load::Scenario scenario;
  const QString name = QFileInfo(file).fileName();
  scenario.name = name.toStdString();
  scenario.title = QStringLiteral("k6 script %1").arg(name).toStdString();
  return scenario;
}

Result<std::unique_ptr<K6Folder>> K6Folder::make(const K6Plan& plan) {
  std::unique_ptr<K6Folder> folder(new K6Folder);
  if (!folder->m_folder.isValid()) return fail(Error::Kind::Io, QStringLiteral("A temporary folder for k6 could not be made: %1.").arg(folder->m_folder.errorString()));
  if (const Result<void> written = folder->writeScript(plan); !written) return written.error();
  const Result<int> feed = folder->openFifo(feedName());
  if (!feed) return feed.error();
  folder->m_feed = *feed;
  const Result<int> log = folder->openFifo(QStringLiteral("log"));
  if (!log) return log.error();
  folder->m_log = *log;
  return folder;
}

K6Folder::~K6Folder() {
  for (const int fd : {m_feed, m_log})
    if (fd >= 0) ::close(fd);
}

Result<void> K6Folder::writeScript(const K6Plan& plan) {
  if (!plan.script.isEmpty()) {
    const QFileInfo file(plan.script);
    if (!file.isFile() || !file.isReadable()) return fail(Error::Kind::NotFound, QStringLiteral("The k6 script %1 cannot be read.").arg(plan.script));
    m_script = file.absoluteFilePath();
    return {};
  }
  const auto exported = load::k6Script(plan.load.scenario, plan.load.baseUrl);
  if (!exported) return fail(Error::Kind::Usage, QString::fromStdString(exported.error()));
  for (const QString& line : QString::fromStdString(exported->text).split(QLatin1Char('\n'))) {
    if (!line.startsWith(QLatin1String("//"))) break;
    if (const QLatin1String left("// Left out: "); line.startsWith(left)) m_leftOut.append(line.mid(left.size()).chopped(line.endsWith(QLatin1Char('.')) ? 1 : 0));
  }
  m_script = m_folder.filePath(QStringLiteral("scenario.js"));
  return writePrivateFile(m_script, QByteArray::fromStdString(exported->text));
}

// Opened for writing too: so it has no end before k6 opens it, nor between two writers, and a k6 that never opens it is no reason to wait.
Result<int> K6Folder::openFifo(const QString& name) const {
  const QByteArray path = QFile::encodeName(m_folder.filePath(name));
  if (::mkfifo(path.constData(), 0600) != 0) return ioError(QStringLiteral("A pipe for k6 could not be made"));
  const int fd = ::open(path.constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return ioError(QStringLiteral("The pipe of k6 could not be opened"));
  return fd;
}

LaunchSpec K6Folder::launch(const QString& program, const K6Plan& plan) const {
  const bool ownScript = !plan.script.isEmpty();
  QProcessEnvironment environment = inherited(ownScript);
  for (const auto& [name, value] : plan.load.variables) environment.insert(QString::fromStdString(ownScript ? name : load::k6Environment(name)), QString::fromStdString(value));
  environment.insert(QStringLiteral("CACHEDECK_LOAD_URL"), QString::fromStdString(plan.load.baseUrl));  // after a variable of that name: this one was permitted
  addRecipe(m_folder.filePath(feedName()), plan.load.tls, environment);
  LaunchSpec spec;
  spec.name = QStringLiteral("k6");
  spec.program = program;
  spec.arguments = {QStringLiteral("run"), QStringLiteral("-q"), QStringLiteral("--no-color"), QStringLiteral("--summary-export"), summaryFile(),
                    QStringLiteral("--summary-trend-stats"), QStringLiteral("avg,min,med,max,p(90),p(95),p(99)"), m_script};  // p(99) k6 leaves out by itself
  spec.environment = environment.toStringList();
  spec.directory = ownScript ? QDir::currentPath() : m_folder.path();
  spec.logFile = m_folder.filePath(QStringLiteral("log"));
  spec.stopSignal = SIGINT;
  return spec;
}

}  // namespace cachedeck::runs
