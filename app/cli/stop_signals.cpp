// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stop_signals.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <sys/eventfd.h>
#include <unistd.h>

namespace cachedeck {

namespace {

int wakeFd = -1;

// Only what is allowed in a signal handler: tell the event loop, and let the next signal act as if there were no handler.
void handle(int number) {
  const quint64 one = 1;
  [[maybe_unused]] const ssize_t written = write(wakeFd, &one, sizeof one);
  std::signal(number, SIG_DFL);
}

}  // namespace

void onStopSignal(std::function<void()> handler) {
  wakeFd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  auto* notifier = new QSocketNotifier(wakeFd, QSocketNotifier::Read, QCoreApplication::instance());
  QObject::connect(notifier, &QSocketNotifier::activated, notifier, [notifier, handler = std::move(handler)] {
    notifier->setEnabled(false);
    handler();
  });
  std::signal(SIGINT, handle);
  std::signal(SIGTERM, handle);
}

}  // namespace cachedeck
