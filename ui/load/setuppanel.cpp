// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/setuppanel.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/load/schedule.h"
#include "core/metrics/format.h"
#include "core/runs/k6_run.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/wraplabel.h"
#include "ui/load/enginechoice.h"
#include "ui/load/loadcommand.h"
#include "ui/load/loadtext.h"
#include "ui/load/profilechart.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/rowlist.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include <algorithm>

namespace cachedeck {

void SetupPanel::setTarget(const LoadTarget& target) {
  m_target = target;
  m_url->setText(target.serviceUrl);
  m_host->clear();
  m_starting = false;
  m_problem.clear();
  buildVariables();
  refresh();
}

void SetupPanel::show(const ScenarioEntry& entry) {
  m_entry = entry;
  m_problem.clear();
  const Palette& p = Theme::instance().palette();
  m_title->setText(entry.title);
  const bool broken = !entry.problem.isEmpty();
  m_description->setText(broken ? printable(entry.file, 300) : entry.description);
  if (broken) m_mistakes->setText({QStringLiteral("failed"), p.critical, tr("This file cannot be run"), entry.problem, tr("docs/SCENARIOS.md says what a scenario may hold."), {}});
  m_kind->say(entry.isDirect() ? QStringLiteral("database") : QStringLiteral("plug"), broken ? QString() : entry.isScript ? tr("k6 script") : entry.isDirect() ? tr("cache-aside, without a service") : tr("HTTP"), p.text2);
  buildVariables();
  refresh();
}

void SetupPanel::setBlocked(const QString& reason) {
  m_blocked = reason;
  refresh();
}

void SetupPanel::setK6(const QString& hindrance) {
  m_noK6 = hindrance;
  refresh();
}

void SetupPanel::setStarting(bool starting) {
  m_starting = starting;
  if (starting) m_problem.clear();
  refresh();
}

void SetupPanel::showProblem(const QString& problem) {
  m_starting = false;
  m_problem = problem;
  refresh();
}

QLineEdit* SetupPanel::variable(const QString& name) const {
  const auto found = m_variables.find(name.toStdString());
  return found == m_variables.end() ? nullptr : found->second;
}

void SetupPanel::buildVariables() {
  for (const auto& [name, edit] : m_variables) m_form->removeRow(edit);
  m_variables.clear();
  const auto add = [this](const std::string& name, const std::string& value, bool secret) {
    auto* edit = new QLineEdit(QString::fromStdString(value));
    edit->setAccessibleName(engineText(name, 60));
    if (secret) {
      edit->setEchoMode(QLineEdit::Password);
      edit->setPlaceholderText(tr("stays in memory, is never written"));
      edit->setToolTip(plainTip(tr("The command takes it from the environment: CACHEDECK_LOAD_%1.").arg(engineText(name, 60).toUpper())));
    }
    connect(edit, &QLineEdit::textChanged, this, [this] {
      m_problem.clear();
      refresh();
    });
    m_form->insertRow(m_form->rowCount() - 3, formLabel(engineText(name, 24)), edit);
    m_variables[name] = edit;
  };
  const auto known = [this](const std::string& name, const std::string& otherwise) {
    const auto found = m_target.variables.find(name);
    return found == m_target.variables.end() ? otherwise : found->second;
  };
  for (const auto& [name, value] : m_entry.scenario.variables) add(name, known(name, value), false);
  for (const std::string& name : m_entry.scenario.secretVariables) add(name, known(name, {}), true);
  m_form->invalidate();  // rows that went are not in its size any more
  m_formCard->layout()->invalidate();
  m_formCard->updateGeometry();
}

RunRequest SetupPanel::request() const {
  RunRequest request{m_entry.scenario, m_entry.isScript ? 1 : m_scale, m_entry.isDirect() ? QString() : m_url->text().trimmed(), {}, m_host->text(), m_engine->isK6(), m_entry.isScript ? m_entry.file : QString()};
  for (const auto& [name, edit] : m_variables) request.variables[name] = edit->text().toStdString();
  return request;
}

QString SetupPanel::missing() const {
  if (m_entry.name.isEmpty()) return tr("Choose a scenario.");
  if (!m_entry.problem.isEmpty()) return tr("The file has mistakes.");
  if (m_starting) return tr("Starting…");
  if (m_entry.isScript && !m_noK6.isEmpty()) return m_noK6;
  if (!m_blocked.isEmpty()) return m_blocked;
  if (m_entry.isDirect() && !m_target.direct) return tr("This workload needs a profile with Redis and PostgreSQL.");
  if (const QString problem = m_entry.isDirect() ? QString() : urlProblem(m_url->text()); !problem.isEmpty()) return problem;
  const load::Scenario& scenario = m_entry.scenario;
  const bool needsHands = scenario.cache == load::CachePreparation::Flushed && !m_engine->isK6();
  if (needsHands && !m_target.hands.flush) return tr("The cache is to be emptied first, and this profile has no Redis.");
  for (const std::string& name : scenario.secretVariables)
    if (const auto found = m_variables.find(name); found != m_variables.end() && found->second->text().isEmpty()) return tr("The scenario needs “%1”.").arg(engineText(name, 40));
  if (const Result<void> within = runs::RunGuard::withinLimits(m_target.subject(), scenario.executor); !within) return within.error().message;
  if (const Result<void> within = m_engine->isK6() ? runs::withinK6Limits(scenario, m_entry.isScript, m_target.limits) : Result<void>(); !within) return within.error().message;
  if (const QString wanted = phrase(); m_host->text().simplified() != wanted && !wanted.isEmpty())
    return m_entry.isDirect() ? tr("Type the profile's name to say that it is meant.") : tr("Type the host to say that it is meant.");
  return {};
}

QString SetupPanel::phrase() const { return m_entry.name.isEmpty() ? QString() : runs::RunGuard::phraseFor(m_target.subject(), m_url->text(), m_entry.scenario); }

// What an event or the emptying says where nobody does it; empty: it is done.
QString SetupPanel::notDone() const {
  if (m_engine->isK6()) return tr("not done: k6 makes requests alone");
  return m_target.hands.act ? QString() : tr("not done: this profile has no Redis");
}

QString SetupPanel::command() const { return m_command->toPlainText(); }

void SetupPanel::refresh() {
  const bool broken = !m_entry.problem.isEmpty() || m_entry.name.isEmpty();
  m_engine->setHindrances(m_entry.isScript ? tr("A k6 script is run by k6 alone.") : QString(), m_entry.isDirect() ? tr("k6 speaks HTTP: this workload is on Redis and PostgreSQL themselves.") : m_noK6);
  m_form->setRowVisible(m_scaleRow, !m_entry.isScript);
  m_form->setRowVisible(m_url, !m_entry.isDirect());
  const QString wanted = phrase();
  m_hostLabel->setText(m_entry.isDirect() ? tr("Profile, again") : tr("Host, again"));
  m_host->setPlaceholderText(wanted);
  m_form->setRowVisible(m_host, !wanted.isEmpty());
  m_export->setEnabled(!broken && !m_entry.isDirect() && !m_entry.isScript);
  m_export->setToolTip(m_entry.isScript ? plainTip(tr("It is a k6 script already.")) : m_entry.isDirect() ? plainTip(tr("k6 speaks HTTP: the workload on Redis and PostgreSQL themselves is not exported.")) : QString());
  m_below->setVisible(m_entry.problem.isEmpty());
  m_broken->setVisible(!m_entry.problem.isEmpty());
  m_chart->setVisible(!m_entry.isScript);
  m_scriptNote->setVisible(m_entry.isScript);
  if (!broken) {
    if (m_entry.isScript) showScript();
    else showDetails();
    showCommand();
  }
  const QString gap = missing();
  setTone(m_message, m_problem.isEmpty() ? "secondary" : "critical");
  m_message->setText(m_problem.isEmpty() ? gap : m_problem);
  m_start->setEnabled(gap.isEmpty());
  m_start->setText(m_starting ? tr("Starting…") : tr("Start"));
}

void SetupPanel::showDetails() {
  const load::Scenario scenario = m_scale == 1 ? m_entry.scenario : load::scaled(m_entry.scenario, m_scale);
  m_chart->setScenario(scenario);
  const double peak = load::peakOf(scenario.executor);
  const bool open = load::isOpenModel(scenario.executor.kind);
  const load::Caps allowed = m_target.allowed();
  const double cap = open ? allowed.perSecond : allowed.users;
  m_figures->setFigures({{tr("Load"), levelText(scenario.executor)},
                         {tr("Made by"), modelText(scenario.executor)},
                         {tr("Takes"), lengthText(load::lengthOf(scenario.executor))},
                         {tr("Cache before it"), scenario.cache == load::CachePreparation::Flushed ? (m_engine->isK6() ? tr("left as it is") : tr("emptied")) : preparationText(scenario)}});
  using Row = RowList::Row;
  QList<Row> rows;
  if (peak > cap) rows.append({tr("More than this profile allows: %1 at most.").arg(open ? formatValue(cap, Unit::PerSecond) : tr("%1 users").arg(countText(std::llround(cap)))), {}, {}, QStringLiteral("warning"), RowList::Tone::Warning});
  if (scenario.cache == load::CachePreparation::Flushed) {
    rows.append(RowList::heading(tr("Before it"), m_engine->isK6() ? tr("not emptied: k6 makes requests alone") : tr("emptied")));
    for (const std::string& prefix : scenario.preparedPrefixes) rows.append({engineText(prefix, 80) + QLatin1Char('*'), {}, {}, QStringLiteral("trash"), m_engine->isK6() ? RowList::Tone::Warning : RowList::Tone::Quiet});
  }
  rows.append(RowList::heading(tr("Thresholds"), scenario.thresholds.empty() ? tr("none: nothing is judged") : QString()));
  for (const load::ThresholdRule& rule : scenario.thresholds)
    rows.append({engineText(rule.metric), {}, engineText(rule.expression) + (rule.abortOnFail ? tr(", else it stops") : QString()), QStringLiteral("chart"), RowList::Tone::Quiet});
  if (!scenario.events.empty()) rows.append(RowList::heading(tr("While it runs")));
  for (const load::Event& event : scenario.events)
    rows.append({eventText(event), notDone(), tr("at %1").arg(lengthText(event.at)), QStringLiteral("clock"), notDone().isEmpty() ? RowList::Tone::Quiet : RowList::Tone::Warning});
  if (scenario.target == load::Target::CacheAside) {
    const load::CacheAsideWorkload& work = scenario.workload;
    rows.append(RowList::heading(tr("Each iteration"), work.cache ? tr("through the cache") : tr("without the cache")));
    rows.append({tr("Keys"), {}, work.distribution == load::CacheAsideWorkload::Keys::Zipf ? tr("%1, Zipf %2").arg(countText(work.keys)).arg(work.skew) : tr("%1, uniform").arg(countText(work.keys)), {}, RowList::Tone::Quiet});
    rows.append({tr("Writes"), {}, formatValue(100 * work.writeFraction, Unit::Percent), {}, RowList::Tone::Quiet});
    rows.append({tr("Values"), {}, tr("%1 for %2").arg(bytesText(work.valueBytes), lengthText(work.ttl)), {}, RowList::Tone::Quiet});
    rows.append({tr("Cost of a query"), {}, millisText(static_cast<double>(work.queryCost.count())), {}, RowList::Tone::Quiet});
  } else {
    rows.append(RowList::heading(tr("Each iteration"), scenario.order == load::StepOrder::Random ? tr("drawn by weight") : tr("in this order")));
    for (const load::Step& step : scenario.steps)
      rows.append({engineText(step.name, 80), engineText(step.method, 10) + QLatin1Char(' ') + engineText(step.path, 200),
                   step.think.most.count() > 0 ? tr("then %1–%2").arg(lengthText(step.think.least), lengthText(step.think.most)) : QString(), {}, RowList::Tone::Quiet});
  }
  m_details->setRows(rows);
}

void SetupPanel::showScript() {
  const QString its = tr("as it says");
  m_figures->setFigures({{tr("Load"), its}, {tr("Made by"), tr("k6")}, {tr("Takes"), its}, {tr("Cache before it"), tr("left as it is")}});
  using Row = RowList::Row;
  const auto row = [](const QString& text, const QString& detail) { return Row{text, detail, {}, QStringLiteral("info"), RowList::Tone::Quiet}; };
  m_details->setRows({RowList::heading(tr("A script of your own")), row(tr("Thresholds and steps are its own"), tr("They are shown as k6 tells them.")),
                      row(tr("Where it sends, Cachedeck cannot see"), tr("The guard goes by the URL of the service.")),
                      row(tr("Files beside it are not taken along"), tr("A script that imports others is run from the command line."))});
}

void SetupPanel::showCommand() {
  const QString command = loadCommand(m_target, request(), m_entry.file);
  if (command != m_command->toPlainText()) m_command->setPlainText(command);
  const QStringList secrets = commandSecrets(m_target, request());
  m_secrets->setText(tr("It takes from the environment: %1").arg(secrets.join(QStringLiteral(", "))));
  m_secrets->setVisible(!secrets.isEmpty());
}

}  // namespace cachedeck
