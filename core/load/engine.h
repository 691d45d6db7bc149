// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/load_run.h"
#include "core/load/model.h"
#include "core/load/thresholds.h"
#include "core/load/workload.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cachedeck::load {

/// A run on its own thread: prepares, runs the schedule, ends.
class LoadRun::Impl : public Loop::Timer {
 public:
  Impl(RunPlan plan, std::vector<Threshold> thresholds, std::unique_ptr<Workload> workload);
  ~Impl() override;

  void stop();
  void setPaused(bool paused);
  void setLevel(double level);
  RunFigures figures() const;
  bool ended() const;
  RunFigures wait();
  void due(std::int64_t dueNs, std::uint64_t token) override;

 private:
  using State = RunFigures::State;
  using End = RunFigures::End;
  void run(const std::stop_token& stop);
  bool prepare(const std::stop_token& stop);
  void begin();
  void endSecond(std::int64_t nowNs);
  void startEvents(std::int64_t nowNs);
  void abortIfCrossed();
  void publish();
  void end(End how, std::string problem = {});
  std::vector<ThresholdVerdict> judged(const RunFigures& figures) const;
  std::string limit(const RunFigures& figures) const;
  std::int64_t elapsedMs(std::int64_t nowNs) const;
  std::int64_t pausedNs(std::int64_t nowNs) const;
  RunFigures now() const;

  RunPlan m_plan;
  const std::vector<Threshold> m_thresholds;
  std::map<std::string, std::map<std::string, std::string>> m_tags;
  Loop m_loop;
  std::unique_ptr<Workload> m_workload;
  Recorder m_recorder;
  std::unique_ptr<Model> m_model;
  std::int64_t m_startNs = 0, m_secondNs = 0, m_thresholdsNs = 0, m_publishedNs = 0, m_endNs = 0, m_startedMs = 0, m_lastTickNs = 0;
  std::int64_t m_pausedNs = 0, m_pausedSinceNs = 0;  ///< pauses that are over; when the one that goes on began, or 0
  double m_cpuAtStart = 0, m_cpuAtSecond = 0, m_cpuAtEnd = 0;
  std::size_t m_nextEvent = 0;
  State m_state = State::Preparing;
  End m_end = End::None;
  std::string m_problem;

  mutable std::mutex m_mutex;
  mutable std::condition_variable m_changed;
  RunFigures m_published;
  bool m_isOver = false;
  std::stop_source m_stop;
  std::vector<std::jthread> m_hands;  ///< events under way
  std::jthread m_thread;              ///< last: it uses what stands above
};

}  // namespace cachedeck::load
