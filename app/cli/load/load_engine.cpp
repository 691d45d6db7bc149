// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/load/load_engine.h"

#include "core/runs/k6_run.h"

namespace cachedeck {

namespace {

template <typename Run>
class EngineOf final : public LoadEngine {
 public:
  explicit EngineOf(std::unique_ptr<Run> run) : m_run(std::move(run)) {}
  load::RunFigures figures() const override { return m_run->figures(); }
  bool ended() const override { return m_run->ended(); }
  load::RunFigures wait() override { return m_run->wait(); }
  void stop() override { m_run->stop(); }

 private:
  const std::unique_ptr<Run> m_run;
};

runs::K6Plan k6Plan(const LoadArguments& arguments, load::RunPlan plan) {
  return {std::move(plan), arguments.isScript() ? QString::fromStdString(arguments.scenario) : QString()};
}

template <typename Run>
std::unique_ptr<LoadEngine> engineOf(std::unique_ptr<Run>& run) {
  return std::make_unique<EngineOf<Run>>(std::move(run));
}

}  // namespace

Result<std::unique_ptr<LoadEngine>> startEngine(const LoadArguments& arguments, load::RunPlan plan, const load::LoadPermit& permit) {
  if (arguments.usesK6()) {
    auto run = runs::K6Run::start(k6Plan(arguments, std::move(plan)), permit);
    if (!run) return run.error();
    return engineOf(*run);
  }
  auto run = load::LoadRun::start(std::move(plan), permit);
  if (!run) return fail(Error::Kind::Usage, QString::fromStdString(run.error()));
  return engineOf(*run);
}

runs::RunRecord beginRecordFor(const LoadArguments& arguments, const load::RunPlan& plan, const QString& url, qint64 nowMs) {
  return arguments.usesK6() ? runs::beginK6Record(k6Plan(arguments, plan), nowMs) : runs::beginRecord(plan.scenario, url, nowMs);
}

}  // namespace cachedeck
