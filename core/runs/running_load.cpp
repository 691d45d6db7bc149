// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/running_load.h"

#include "core/runs/k6_run.h"

namespace cachedeck::runs {

namespace {

template <typename Run>
class RunningBy : public RunningLoad {
 public:
  explicit RunningBy(std::unique_ptr<Run> run) : m_run(std::move(run)) {}
  load::RunFigures figures() const override { return m_run->figures(); }
  bool ended() const override { return m_run->ended(); }
  load::RunFigures wait() override { return m_run->wait(); }
  void stop() override { m_run->stop(); }

 protected:
  const std::unique_ptr<Run> m_run;
};

class OwnEngine final : public RunningBy<load::LoadRun> {
 public:
  using RunningBy::RunningBy;
  void stopAtOnce() override { m_run->stop(); }
  void setPaused(bool paused) override { m_run->setPaused(paused); }
  void setLevel(double level) override { m_run->setLevel(level); }
};

class ByK6 final : public RunningBy<K6Run> {
 public:
  using RunningBy::RunningBy;
  void stopAtOnce() override { m_run->stopAtOnce(); }
  void setPaused(bool) override {}
  void setLevel(double) override {}
};

}  // namespace

Result<std::unique_ptr<RunningLoad>> RunningLoad::start(load::RunPlan plan, const load::LoadPermit& permit) {
  auto run = load::LoadRun::start(std::move(plan), permit);
  if (!run) return fail(Error::Kind::Usage, QString::fromStdString(run.error()));
  return std::unique_ptr<RunningLoad>(std::make_unique<OwnEngine>(std::move(*run)));
}

Result<std::unique_ptr<RunningLoad>> RunningLoad::start(K6Plan plan, const load::LoadPermit& permit) {
  auto run = K6Run::start(std::move(plan), permit);
  if (!run) return run.error();
  return std::unique_ptr<RunningLoad>(std::make_unique<ByK6>(std::move(*run)));
}

}  // namespace cachedeck::runs
