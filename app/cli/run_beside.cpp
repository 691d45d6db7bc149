// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_beside.h"

#include "app/cli/stop_signals.h"
#include "core/base/worker.h"

#include <QCoreApplication>
#include <QTimer>

namespace cachedeck {

int runBeside(const std::function<int(const std::stop_token&)>& job, const std::function<void()>& tick) {
  std::stop_source stop;
  onStopSignal([&stop] { stop.request_stop(); });
  QTimer timer;
  if (tick) {
    QObject::connect(&timer, &QTimer::timeout, &timer, tick);
    timer.start(250);
  }
  QObject context;
  Worker worker(QStringLiteral("command"));
  worker.post(&context, [&](const std::stop_token&) { return job(stop.get_token()); }, [](int code) { QCoreApplication::exit(code); });
  return QCoreApplication::exec();
}

}  // namespace cachedeck
