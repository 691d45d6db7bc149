// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/monitoring_files.h"
#include "tests/support/hostile_server.h"
#include "tests/support/process.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QMutex>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace cachedeck::test;

/// monitoring/docker-compose.yml and what it needs, as far as that can be tried without a container.
class TestMonitoringStack : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
  void followsTheSpecification();
  void schemaFindsMistakes();
  void hasEveryService();
  void imagesArePinned();
  void portsStayOnThisMachine();
  void mountsAreThere();
  void startsInOrder();
  void servicesAreConfined();
  void secretsComeFromTheEnvironment();
  void prometheusKeepsThirtyDays();
  void exporterCountsOnce();
  void targetsAreServices();
  void redisRunsOnItsFile();
  void postgresRunsOnItsFiles();
  void imageHasTheServicesLibraries();
  void healthCheckTellsTheStatus();
  void actionsReachGrafana();

 private:
  QJsonObject service(const char* name) const { return m_services.value(QLatin1String(name)).toObject(); }
  QStringList list(const char* name, const char* field) const;
  QByteArray m_text;
  QJsonObject m_compose, m_services;
};

namespace {

const QString composeFile = QStringLiteral(MONITORING_DIR "/docker-compose.yml");

QStringList strings(const QJsonValue& value) {
  QStringList all;
  for (const QJsonValue& one : value.toArray()) all << one.toString();
  return all;
}

/// redis-server or postgres, ended with the test.
struct Server {
  QProcess process;
  ~Server() {
    process.terminate();
    if (!process.waitForFinished(10000)) process.kill(), process.waitForFinished();
  }
};

}  // namespace

void TestMonitoringStack::initTestCase() {
  m_text = contentOf(composeFile);
  m_compose = readYaml(composeFile).json();
  m_services = m_compose.value(QStringLiteral("services")).toObject();
  QVERIFY(!m_services.isEmpty());
}

QStringList TestMonitoringStack::list(const char* name, const char* field) const { return strings(service(name).value(QLatin1String(field))); }

void TestMonitoringStack::followsTheSpecification() {
  const Run run = readYaml(composeFile, QStringLiteral(COMPOSE_SCHEMA));
  QVERIFY2(run.code == 0, run.err.constData());
}

void TestMonitoringStack::schemaFindsMistakes() {
  QTemporaryDir dir;
  QFile wrong(dir.filePath(QStringLiteral("wrong.yml")));
  QVERIFY(wrong.open(QIODevice::WriteOnly));
  wrong.write(QByteArray(m_text).replace("    healthcheck:", "    health_check:"));
  wrong.close();
  const Run run = readYaml(wrong.fileName(), QStringLiteral(COMPOSE_SCHEMA));
  QCOMPARE(run.code, 1);
  QVERIFY2(run.err.contains("services/redis: 'health_check' "), run.err.constData());
}

void TestMonitoringStack::hasEveryService() {
  QCOMPARE(m_services.keys(), (QStringList{QStringLiteral("alertmanager"), QStringLiteral("config"), QStringLiteral("grafana"), QStringLiteral("postgres"),
                                           QStringLiteral("postgres-exporter"), QStringLiteral("prometheus"), QStringLiteral("pushgateway"), QStringLiteral("redis"),
                                           QStringLiteral("redis-exporter"), QStringLiteral("sample")}));
}

void TestMonitoringStack::imagesArePinned() {
  static const QRegularExpression pinned(QStringLiteral("^[a-z0-9./_-]+:v?[0-9]+\\.[0-9]+(\\.[0-9]+)?(-[a-z0-9]+)?$"));
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it)
    QVERIFY2(pinned.match(it.value()[QStringLiteral("image")].toString()).hasMatch(), qPrintable(it.key()));
  QVERIFY(service("redis-exporter").value(QStringLiteral("image")).toString().endsWith(QStringLiteral("-alpine")));  // the plain one has no wget
  const QList<QByteArray> lines = contentOf(shipped(QStringLiteral("sample/Dockerfile"))).split('\n');
  for (const QByteArray& line : lines)
    if (line.startsWith("FROM ")) QVERIFY2(line.startsWith("FROM debian:12.") && line.contains("-slim"), line.constData());
}

void TestMonitoringStack::portsStayOnThisMachine() {
  static const QRegularExpression local(QStringLiteral("^\\$\\{BIND_ADDRESS:-127\\.0\\.0\\.1\\}:[0-9]+:[0-9]+$"));
  int ports = 0;
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it) {
    QVERIFY2(!it.value()[QStringLiteral("network_mode")].toString().contains(QStringLiteral("host")), qPrintable(it.key()));
    const QStringList published = strings(it.value()[QStringLiteral("ports")]);
    for (const QString& port : published) {
      QVERIFY2(local.match(port).hasMatch(), qPrintable(it.key() + port));
      ++ports;
    }
  }
  QCOMPARE(ports, 7);
  QVERIFY(list("redis-exporter", "ports").isEmpty() && list("postgres-exporter", "ports").isEmpty());
}

void TestMonitoringStack::mountsAreThere() {
  const QJsonObject volumes = m_compose.value(QStringLiteral("volumes")).toObject();
  const QDir folder(QStringLiteral(MONITORING_DIR));
  QStringList used;
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it) {
    const QStringList mounts = strings(it.value()[QStringLiteral("volumes")]);
    for (const QString& mount : mounts) {
      const QString source = mount.section(QLatin1Char(':'), 0, 0);
      if (source.startsWith(QLatin1Char('.'))) {
        QVERIFY2(folder.exists(source), qPrintable(mount));
        QVERIFY2(mount.endsWith(QStringLiteral(":ro")), qPrintable(mount));
      } else {
        QVERIFY2(volumes.contains(source), qPrintable(mount));
        used << source;
        if (source.endsWith(QStringLiteral("-config")) && it.key() != QStringLiteral("config")) QVERIFY2(mount.endsWith(QStringLiteral(":ro")), qPrintable(mount));
      }
    }
  }
  used.removeDuplicates();
  used.sort();
  QCOMPARE(used, volumes.keys());
  for (const char* data : {"redis-data", "postgres-data", "prometheus-data", "alertmanager-data", "pushgateway-data", "grafana-data"}) QVERIFY2(used.contains(QLatin1String(data)), data);
  // What the servers are told to read is what "config" leaves in their folders.
  QTemporaryDir out;
  QCOMPARE(fillInForCompose(out.path()).code, 0);
  for (const auto& [name, path] : {std::pair{"redis", "/etc/redis/redis.conf"}, {"postgres", "/etc/postgresql/postgresql.conf"}, {"postgres", "/etc/postgresql/pg_hba.conf"},
                                   {"alertmanager", "/etc/alertmanager/alertmanager.yml"}, {"prometheus", "/etc/prometheus/prometheus.yml"},
                                   {"postgres-exporter", "/etc/postgres-exporter/queries-extra.yaml"}}) {
    const QString command = (list(name, "entrypoint") + list(name, "command")).join(QLatin1Char(' '));
    QVERIFY2(command.contains(QLatin1String(path)), path);
    const QString mount = list(name, "volumes").filter(QLatin1Char(':') + QString::fromLatin1(path).section(QLatin1Char('/'), 0, 2)).value(0);
    const QString made = list("config", "volumes").filter(mount.section(QLatin1Char(':'), 0, 0) + QLatin1Char(':')).value(0).section(QLatin1Char(':'), 1, 1);
    QVERIFY2(made.startsWith(QStringLiteral("/out/")), qPrintable(mount));
    QVERIFY2(QFile::exists(out.path() + made.mid(4) + QLatin1Char('/') + QFileInfo(QString::fromLatin1(path)).fileName()), path);
  }
  QCOMPARE(QDir(out.filePath(QStringLiteral("postgres-init"))).entryList(QDir::Files, QDir::Name),
           (QStringList{QStringLiteral("10-roles.sql"), QStringLiteral("20-database.sql"), QStringLiteral("30-app.sql")}));
}

void TestMonitoringStack::startsInOrder() {
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it) {
    const bool once = it.key() == QStringLiteral("config");
    QVERIFY2(once || !it.value()[QStringLiteral("healthcheck")][QStringLiteral("test")].toArray().isEmpty(), qPrintable(it.key()));
    const QJsonObject first = it.value()[QStringLiteral("depends_on")].toObject();
    for (auto other = first.constBegin(); other != first.constEnd(); ++other) {
      QVERIFY2(m_services.contains(other.key()), qPrintable(it.key() + QStringLiteral(" ") + other.key()));
      QCOMPARE(other.value()[QStringLiteral("condition")].toString(),
               other.key() == QStringLiteral("config") ? QStringLiteral("service_completed_successfully") : QStringLiteral("service_healthy"));
    }
    const QStringList mounts = strings(it.value()[QStringLiteral("volumes")]);
    if (!once && !mounts.filter(QStringLiteral("-config:")).isEmpty() && it.key() != QStringLiteral("postgres-exporter"))
      QVERIFY2(first.contains(QStringLiteral("config")), qPrintable(it.key()));  // the exporter waits for PostgreSQL, which waits for it
  }
}

void TestMonitoringStack::servicesAreConfined() {
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it) {
    const QByteArray name = it.key().toUtf8();
    QCOMPARE(strings(it.value()[QStringLiteral("cap_drop")]), QStringList{QStringLiteral("ALL")});
    QCOMPARE(strings(it.value()[QStringLiteral("security_opt")]), QStringList{QStringLiteral("no-new-privileges:true")});
    QVERIFY2(it.value()[QStringLiteral("read_only")].toBool(), name.constData());
    QVERIFY2(!it.value()[QStringLiteral("privileged")].toBool(), name.constData());
    const QJsonValue limits = it.value()[QStringLiteral("deploy")][QStringLiteral("resources")][QStringLiteral("limits")];
    QVERIFY2(!limits[QStringLiteral("memory")].toString().isEmpty() && !limits[QStringLiteral("cpus")].toString().isEmpty(), name.constData());
    const bool config = it.key() == QStringLiteral("config");
    QCOMPARE(it.value()[QStringLiteral("cap_add")].toArray().size(), config ? 2 : 0);
    if (!config && it.key() != QStringLiteral("sample")) QVERIFY2(!it.value()[QStringLiteral("user")].toString().isEmpty(), name.constData());
  }
  QVERIFY(contentOf(shipped(QStringLiteral("sample/Dockerfile"))).contains("\nUSER 65534:65534\n"));
}

void TestMonitoringStack::secretsComeFromTheEnvironment() {
  static const QRegularExpression variable(QStringLiteral("\\$\\{([A-Z_]+)([:?-]*)([^}]*)\\}"));
  const QStringList lines = QString::fromUtf8(contentOf(shipped(QStringLiteral(".env.example")))).split(QLatin1Char('\n'));
  QMap<QString, QString> example;
  for (const QString& line : lines)
    if (!line.isEmpty() && !line.startsWith(QLatin1Char('#'))) example.insert(line.section(QLatin1Char('='), 0, 0), line.section(QLatin1Char('='), 1));
  QSet<QString> seen;
  for (auto it = variable.globalMatch(QString::fromUtf8(m_text)); it.hasNext();) {
    const QRegularExpressionMatch match = it.next();
    const QString name = match.captured(1);
    seen << name;
    QVERIFY2(example.contains(name), qPrintable(name));
    if (name.contains(QStringLiteral("PASSWORD")) || name.startsWith(QStringLiteral("SLACK"))) {
      QCOMPARE(match.captured(2) + match.captured(3), QStringLiteral(":?set it in .env"));
      QVERIFY2(example.value(name).isEmpty(), qPrintable(name));
    } else {
      QCOMPARE(match.captured(2) + match.captured(3), QStringLiteral(":-") + example.value(name));
    }
  }
  QCOMPARE(seen.size(), example.size());
  for (auto it = m_services.constBegin(); it != m_services.constEnd(); ++it) {
    const QJsonObject environment = it.value()[QStringLiteral("environment")].toObject();
    for (auto one = environment.constBegin(); one != environment.constEnd(); ++one)
      if (one.key().contains(QStringLiteral("PASS")) || one.key().contains(QStringLiteral("AUTH")) || one.key().contains(QStringLiteral("SECRET")))
        if (one.value().toString() != QStringLiteral("false") && !one.key().startsWith(QStringLiteral("GF_SECURITY_ADMIN_USER")))
          QVERIFY2(one.value().toString().startsWith(QStringLiteral("${")), qPrintable(it.key() + QStringLiteral(" ") + one.key()));
    const QString command = strings(it.value()[QStringLiteral("command")]).join(QLatin1Char(' '));
    QVERIFY2(!command.contains(QStringLiteral("PASSWORD")), qPrintable(it.key()));  // anyone can read a process's arguments
  }
}

void TestMonitoringStack::prometheusKeepsThirtyDays() {
  const QStringList command = list("prometheus", "command");
  QVERIFY(command.contains(QStringLiteral("--storage.tsdb.retention.time=30d")));
  QVERIFY(!command.join(QLatin1Char(' ')).contains(QStringLiteral("--web.enable")));  // neither reload nor administration for whoever asks
  QVERIFY(list("alertmanager", "command").contains(QStringLiteral("--cluster.listen-address=")));
}

void TestMonitoringStack::exporterCountsOnce() {
  const QString command = list("postgres-exporter", "command").join(QLatin1Char(' '));
  QVERIFY(command.contains(QStringLiteral("--collector.stat_statements")) && command.contains(QStringLiteral("queries-extra.yaml")));
  QTemporaryDir out;
  QCOMPARE(fillInForCompose(out.path()).code, 0);
  QVERIFY(!contentOf(out.filePath(QStringLiteral("postgres-exporter/queries-extra.yaml"))).contains("\npg_stat_statements:"));
  const QJsonObject full = readYaml(shipped(QStringLiteral("postgres-exporter/queries.yaml"))).json();
  const QJsonObject extra = readYaml(shipped(QStringLiteral("postgres-exporter/queries-extra.yaml"))).json();
  QCOMPARE(extra.keys(), (QStringList{QStringLiteral("pg_blocked"), QStringLiteral("pg_statements")}));
  for (const QString& name : extra.keys()) QCOMPARE(full.value(name), extra.value(name));
}

void TestMonitoringStack::targetsAreServices() {
  QTemporaryDir out;
  QCOMPARE(fillInForCompose(out.path()).code, 0);
  const QJsonArray jobs = readYaml(out.filePath(QStringLiteral("prometheus/prometheus.yml"))).json().value(QStringLiteral("scrape_configs")).toArray();
  QMap<QString, QString> every;
  for (const QJsonValue& job : jobs) {
    const QString target = job[QStringLiteral("static_configs")][0][QStringLiteral("targets")][0].toString();
    QVERIFY2(m_services.contains(target.section(QLatin1Char(':'), 0, 0)), qPrintable(target));
    QVERIFY2(list(target.section(QLatin1Char(':'), 0, 0).toUtf8().constData(), "networks").contains(QStringLiteral("watch")), qPrintable(target));
    every.insert(job[QStringLiteral("job_name")].toString(), job[QStringLiteral("scrape_interval")].toString());
  }
  QCOMPARE(every.value(QStringLiteral("redis")), QStringLiteral("10s"));
  QCOMPARE(every.value(QStringLiteral("app")), QStringLiteral("10s"));
  QCOMPARE(every.value(QStringLiteral("postgres")), QString());  // the global one: 15s
  QVERIFY(contentOf(out.filePath(QStringLiteral("prometheus/prometheus.yml"))).contains("\n  scrape_interval: 15s\n"));
}

void TestMonitoringStack::redisRunsOnItsFile() {
  QTemporaryDir out, data;
  QCOMPARE(fillInForCompose(out.path()).code, 0);
  const QString path = out.filePath(QStringLiteral("redis/redis.conf"));
  QFile conf(path);
  QVERIFY(conf.open(QIODevice::ReadWrite));
  const QByteArray text = conf.readAll();
  QVERIFY(text.contains("\ndir \"/data\"\n") && text.contains("\nbind * -::*\n"));
  conf.resize(0);
  conf.write(QByteArray(text).replace("/data", data.path().toUtf8()).replace("bind * -::*", "bind 127.0.0.1"));
  conf.close();
  const QString port = QString::number(freePort());
  Server server;
  server.process.start(QStringLiteral("redis-server"), {path, QStringLiteral("--port"), port});
  const auto ask = [&](const char* user, const QString& password, const QStringList& command) {
    return runCommand(QStringLiteral("redis-cli"), QStringList{QStringLiteral("--no-auth-warning"), QStringLiteral("-p"), port, QStringLiteral("--user"), QLatin1String(user)} + command,
                      {QStringLiteral("REDISCLI_AUTH=") + password}).out.trimmed();
  };
  const QString exporter = QStringLiteral("exporter-0123456789"), console = QStringLiteral("console-0123456789"), app = QStringLiteral("app-012345678901234");
  QTRY_COMPARE_WITH_TIMEOUT(ask("exporter", exporter, {QStringLiteral("ping")}), QByteArray("PONG"), 60000);  // the health check's command
  QCOMPARE(ask("app", app, {QStringLiteral("set"), QStringLiteral("risk:id:1"), QStringLiteral("x")}), QByteArray("OK"));
  QVERIFY(ask("exporter", exporter, {QStringLiteral("get"), QStringLiteral("risk:id:1")}).startsWith("NOPERM"));
  QVERIFY(ask("app", app, {QStringLiteral("flushall")}).startsWith("NOPERM"));
  QVERIFY(ask("console", console, {QStringLiteral("flushall")}).startsWith("NOPERM"));
  QVERIFY(ask("console", console, {QStringLiteral("config"), QStringLiteral("get"), QStringLiteral("maxmemory")}).startsWith("NOPERM"));
  QCOMPARE(ask("console", console, {QStringLiteral("unlink"), QStringLiteral("risk:id:1")}), QByteArray("1"));
  QVERIFY(runCommand(QStringLiteral("redis-cli"), {QStringLiteral("-p"), port, QStringLiteral("ping")}).out.startsWith("NOAUTH"));
}

void TestMonitoringStack::postgresRunsOnItsFiles() {
  // The settings, as PostgreSQL reads them; the statements of the first start have been run by the sandbox, whose files they are.
  QTemporaryDir out;
  QCOMPARE(fillInForCompose(out.path()).code, 0);
  const QByteArray conf = contentOf(out.filePath(QStringLiteral("postgres/postgresql.conf")));
  for (const char* line : {"\nlisten_addresses = '*'\n", "\nport = 5432\n", "\nunix_socket_directories = '/var/run/postgresql'\n", "\nfsync = on\n", "\nfull_page_writes = on\n",
                           "\nshared_preload_libraries = 'pg_stat_statements'\n"})
    QVERIFY2(conf.contains(line), line);
  QCOMPARE(contentOf(out.filePath(QStringLiteral("postgres/pg_hba.conf"))),
           QByteArray("# SPDX-License-Identifier: GPL-3.0-or-later\nlocal all all scram-sha-256\nhost all all samenet scram-sha-256\n"));
  QVERIFY(contentOf(out.filePath(QStringLiteral("postgres-init/30-app.sql"))).startsWith("\\connect app\n"));
  QVERIFY(contentOf(out.filePath(QStringLiteral("postgres-init/10-roles.sql"))).contains("CREATE ROLE exporter LOGIN PASSWORD 'exporter-0123456789' CONNECTION LIMIT 10;\nGRANT pg_monitor TO exporter;"));
}

void TestMonitoringStack::imageHasTheServicesLibraries() {
  const QByteArray docker = contentOf(shipped(QStringLiteral("sample/Dockerfile")));
  const Run run = runCommand(QStringLiteral("readelf"), {QStringLiteral("-d"), QStringLiteral(SAMPLE_PROGRAM)});
  QCOMPARE(run.code, 0);
  static const QRegularExpression needed(QStringLiteral("\\(NEEDED\\).*\\[(lib[a-z-]+)"));
  int found = 0;
  for (auto it = needed.globalMatch(QString::fromUtf8(run.out)); it.hasNext();) {
    const QString library = it.next().captured(1);
    if (library == QStringLiteral("libc") || library == QStringLiteral("libm") || library == QStringLiteral("libstdc") || library == QStringLiteral("libgcc")) continue;  // in every image
    QVERIFY2(docker.contains(' ' + library.toLatin1()), qPrintable(library));
    ++found;
  }
  QCOMPARE(found, 5);
  // The context of the build holds all that the Dockerfile takes, and what the first lines leave out stays out.
  const QByteArray ignored = contentOf(shipped(QStringLiteral("sample/Dockerfile.dockerignore")));
  QVERIFY(ignored.contains("\n*\n") && !ignored.contains(".env"));
  const QList<QByteArray> lines = docker.split('\n');
  for (const QByteArray& line : lines) {
    if (!line.startsWith("COPY ") || line.contains("--from")) continue;
    const QList<QByteArray> words = line.split(' ');
    for (qsizetype i = 1; i + 1 < words.size(); ++i)
      if (!words[i].startsWith("--")) QVERIFY2(QFileInfo::exists(QStringLiteral(MONITORING_DIR "/../") + QString::fromUtf8(words[i])), words[i].constData());
  }
}

void TestMonitoringStack::healthCheckTellsTheStatus() {
  const QString script = shipped(QStringLiteral("sample/healthy.sh"));
  QCOMPARE(strings(service("sample").value(QStringLiteral("healthcheck"))[QStringLiteral("test")]),
           (QStringList{QStringLiteral("CMD"), QStringLiteral("/usr/local/bin/healthy"), QStringLiteral("8080"), QStringLiteral("/health")}));
  for (const auto& [status, code] : {std::pair{"200 OK", 0}, {"503 Service Unavailable", 1}}) {
    // Many times: a service that answered and closed at the request's first line killed the script with SIGPIPE, now and then.
    HostileServer server({QByteArray("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n"}, true);
    for (int turn = 0; turn < 20; ++turn)
      QCOMPARE(runCommand(QStringLiteral("bash"), {script, QString::number(server.port()), QStringLiteral("/health")}).code, code);
  }
  QVERIFY(runCommand(QStringLiteral("bash"), {script, QString::number(freePort()), QStringLiteral("/health")}).code != 0);
}

void TestMonitoringStack::actionsReachGrafana() {
  QMutex mutex;
  QByteArray received;
  HostileServer grafana([&](const QByteArray& bytes, int turn) {
    if (turn < 0) return HostileAnswer();
    QMutexLocker lock(&mutex);
    received += bytes;
    const bool whole = received.endsWith('}');
    return HostileAnswer{whole ? QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") : QByteArray(), whole};
  });
  const qint64 now = QDateTime::currentMSecsSinceEpoch();
  QJsonObject entry{{QStringLiteral("sequence"), 7}, {QStringLiteral("wall_ms"), now - 1000}, {QStringLiteral("action"), QStringLiteral("keys.delete")},
                    {QStringLiteral("phase"), QStringLiteral("done")}, {QStringLiteral("user"), QStringLiteral("ada@desk")}, {QStringLiteral("profile"), QStringLiteral("staging")},
                    {QStringLiteral("where"), QStringLiteral("127.0.0.1:6379/0")}, {QStringLiteral("outcome"), QStringLiteral("completed")}, {QStringLiteral("text"), QStringLiteral("after the import")}};
  QJsonArray journal{entry};
  entry[QStringLiteral("wall_ms")] = now - 2 * 3600 * 1000;  // posted before
  journal << entry;
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("GRAFANA_TOKEN"), QStringLiteral("token-1"));
  process.setProcessEnvironment(environment);
  process.start(QStringLiteral("/usr/bin/python3"), {shipped(QStringLiteral("grafana/post-actions.py")), QStringLiteral("http://127.0.0.1:%1/").arg(grafana.port())});
  process.write(QJsonDocument(journal).toJson());
  process.closeWriteChannel();
  QVERIFY(process.waitForFinished(60000));
  const QByteArray problem = process.readAllStandardError();
  QVERIFY2(process.exitCode() == 0, problem.constData());
  QCOMPARE(process.readAllStandardOutput(), QByteArray("1 actions posted.\n"));
  QMutexLocker lock(&mutex);
  QVERIFY2(received.startsWith("POST /api/annotations HTTP/1.1\r\n") && received.contains("Authorization: Bearer token-1\r\n"), received.constData());
  const QJsonObject body = QJsonDocument::fromJson(received.mid(received.indexOf("\r\n\r\n") + 4)).object();
  QCOMPARE(body.value(QStringLiteral("time")).toInteger(), now - 1000);
  QCOMPARE(strings(body.value(QStringLiteral("tags"))), (QStringList{QStringLiteral("cachedeck"), QStringLiteral("operator"), QStringLiteral("keys.delete")}));
  QCOMPARE(body.value(QStringLiteral("text")).toString(), QStringLiteral("keys.delete done\nafter the import\nada@desk on 127.0.0.1:6379/0\ncompleted"));
}

QTEST_GUILESS_MAIN(TestMonitoringStack)
#include "tst_monitoring_stack.moc"
