// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/connectiontest.h"

namespace cachedeck {

namespace {

Result<TestOutcome> tryOnce(Source& source, const std::stop_token& stop) {
  auto identity = source.connect(stop);
  if (!identity) return identity.error();
  auto sample = source.sample(stop);
  source.disconnect();
  if (!sample) return sample.error();
  return TestOutcome{*identity, sample->roundTripSeconds, sample->notes};
}

}  // namespace

ConnectionTest::ConnectionTest(const Clock& clock, QObject* parent) : QObject(parent), m_clock(clock) {}

ConnectionTest::~ConnectionTest() = default;

void ConnectionTest::start(const SourceInfo& info, const SourceSettings& settings) {
  if (m_running) cancel();
  m_worker = std::make_unique<Worker>(QStringLiteral("test-%1").arg(QLatin1String(info.id)));
  m_stop = std::stop_source();
  m_running = true;
  const auto job = [info, settings, clock = &m_clock, own = m_stop](std::stop_token workerStop) mutable {
    const std::stop_callback forward(workerStop, [&own] { own.request_stop(); });
    // Made, used and destroyed on the worker: sockets belong to one thread.
    const std::unique_ptr<Source> source = info.create(settings, *clock);
    return tryOnce(*source, own.get_token());
  };
  m_worker->post(this, job, [this, number = ++m_number](const Result<TestOutcome>& result) {
    if (m_running && number == m_number) finish(result);
  });
}

void ConnectionTest::cancel() {
  if (!m_running) return;
  m_stop.request_stop();
  finish(fail(Error::Kind::Cancelled, tr("Cancelled.")));
}

void ConnectionTest::finish(const Result<TestOutcome>& result) {
  m_running = false;
  Q_EMIT finished(result);
}

}  // namespace cachedeck
