// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/tst_window_pictures.h"
#include "ui/charts/frameclock.h"
#include "ui/load/loadpage.h"
#include "ui/load/setuppanel.h"

#include <QFile>
#include <QListView>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace cachedeck::test {

constexpr int patience = 60'000;

inline QByteArray scenarioText(const char* duration) {
  return QByteArray(R"({"name": "quick", "title": "Quick look", "description": "Two users ask the list and one entry.", "executor": "constant-vus", "vus": 2, "duration": ")") + duration + R"(",
  "steps": [{"name": "list", "path": "/risks", "checks": [{"status": "200"}], "thinkTime": {"min": "5ms", "max": "10ms"}}, {"name": "one", "path": "/risks/${zipf:100}", "thinkTime": {"min": "5ms", "max": "10ms"}}],
  "events": [{"at": "1s", "dropPrefix": "risk:"}],
  "thresholds": {"http_req_duration": ["p(95)<2000"], "errors": ["count<1"]}})";
}

/// A page of load runs over folders of its own, with one own scenario.
struct Stage {
  QTemporaryDir folder;
  SystemClock clock;
  History history;
  FrameClock frames{clock};
  std::unique_ptr<LoadPage> page;

  LoadTarget target(const QString& url) {
    LoadTarget made;
    made.profile = QStringLiteral("shop");
    made.saved = true;
    made.environment = Environment::Development;
    made.serviceUrl = url;
    made.hands.flush = [](const std::vector<std::string>&, const std::stop_token&) { return std::string(); };
    made.hands.act = [](const load::Event&, const std::stop_token&) { return std::string(); };
    made.cache = QStringLiteral("redis");
    made.stateFolder = folder.path() + QStringLiteral("/state");
    made.configFolder = folder.path() + QStringLiteral("/config");
    return made;
  }
  explicit Stage(const char* duration = "60s") {
    QDir().mkpath(folder.path() + QStringLiteral("/config/scenarios"));
    QDir().mkpath(folder.path() + QStringLiteral("/state"));
    QFile::setPermissions(folder.path() + QStringLiteral("/config"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    write(QStringLiteral("quick.json"), scenarioText(duration));
    page = std::make_unique<LoadPage>(clock, history, frames);
    page->resize(1540, 944);
    page->show();
    frames.start();
  }
  void write(const QString& name, const QByteArray& text) {
    QFile file(folder.path() + QStringLiteral("/config/scenarios/") + name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  QString own(const QString& name = QStringLiteral("quick.json")) const { return QDir(folder.path()).absolutePath() + QStringLiteral("/config/scenarios/") + name; }
  /// Open, with the own scenario chosen, and nothing left to wait for.
  void open(const LoadTarget& target) {
    QSignalSpy opened(&page->controller(), &LoadController::opened);
    page->open(target);
    QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(page->scenarioList()->model()->rowCount() > 0, patience);
    page->chooseScenario(own());
    QCOMPARE(page->setup()->entry().name, QStringLiteral("quick"));
  }
  void samples(qint64 at) {
    history.append(QLatin1String("redis"), at, {{QLatin1String("redis.ops"), 4200}, {QLatin1String("redis.hits"), 3900}, {QLatin1String("redis.misses"), 300}, {QLatin1String("redis.memory_used"), 6e8}, {QLatin1String("redis.memory_rss"), 7e8}});
    history.append(QLatin1String("postgres"), at, {{QLatin1String("postgres.connections"), 14}, {QLatin1String("postgres.active"), 4}, {QLatin1String("postgres.idle"), 10}, {QLatin1String("postgres.query_mean"), 0.02}, {QLatin1String("postgres.query_max"), 0.06}});
  }
};

}  // namespace cachedeck::test
