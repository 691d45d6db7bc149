// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/k6_run.h"

#include "core/base/clock.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace cachedeck::runs {

using load::RunFigures;

class K6Run::Impl {
 public:
  Impl(K6Plan plan, const load::LoadPermit& permit) : m_plan(std::move(plan)), m_permit(permit), m_figures(beginning()), m_thread([this](std::stop_token stop) { run(std::move(stop)); }) {}

  void stop() { m_thread.request_stop(); }
  void stopAtOnce() {
    m_hurry.request_stop();
    stop();
  }
  RunFigures figures() const {
    const std::lock_guard lock(m_mutex);
    return m_figures;
  }
  bool ended() const { return figuresState() == RunFigures::State::Ended; }
  RunFigures wait() {
    std::unique_lock lock(m_mutex);
    m_over.wait(lock, [this] { return m_figures.state == RunFigures::State::Ended; });
    return m_figures;
  }

 private:
  RunFigures::State figuresState() const {
    const std::lock_guard lock(m_mutex);
    return m_figures.state;
  }
  /// Before k6 says when it began, and where it never does.
  static RunFigures beginning() {
    RunFigures figures;
    figures.all.name = "all";
    figures.startedMs = SystemClock().now().wallMs;
    return figures;
  }
  void set(RunFigures figures) {
    const std::lock_guard lock(m_mutex);
    m_figures = std::move(figures);
    if (m_figures.state == RunFigures::State::Ended) m_over.notify_all();
  }
  void run(std::stop_token stop) {
    Result<RunFigures> done = runK6(m_plan, m_permit, [this](const RunFigures& figures) { set(figures); }, std::move(stop), m_hurry.get_token());
    if (done) return set(std::move(*done));
    RunFigures failed = figures();
    failed.state = RunFigures::State::Ended;
    failed.end = RunFigures::End::Failed;
    failed.problem = done.error().message.toStdString();
    set(std::move(failed));
  }

  const K6Plan m_plan;
  const load::LoadPermit m_permit;
  mutable std::mutex m_mutex;
  std::condition_variable m_over;
  RunFigures m_figures;
  std::stop_source m_hurry;
  std::jthread m_thread;  // last: it uses what stands above
};

Result<std::unique_ptr<K6Run>> K6Run::start(K6Plan plan, const load::LoadPermit& permit) {
  if (const Result<void> may = checkK6(plan, permit); !may) return may.error();
  return std::unique_ptr<K6Run>(new K6Run(std::make_unique<Impl>(std::move(plan), permit)));
}

K6Run::K6Run(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
K6Run::~K6Run() = default;
void K6Run::stop() { m_impl->stop(); }
void K6Run::stopAtOnce() { m_impl->stopAtOnce(); }
RunFigures K6Run::figures() const { return m_impl->figures(); }
bool K6Run::ended() const { return m_impl->ended(); }
RunFigures K6Run::wait() { return m_impl->wait(); }

}  // namespace cachedeck::runs
