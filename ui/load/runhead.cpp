// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/load/runhead.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/base/text_lines.h"
#include "core/load/scenario_json.h"
#include "core/load/schedule.h"
#include "core/metrics/format.h"
#include "core/runs/reports.h"
#include "ui/load/keptruns.h"
#include "ui/load/loadtext.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill.h"

#include <QBoxLayout>
#include <QDoubleSpinBox>
#include <QJsonDocument>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>

namespace cachedeck {

using State = load::RunFigures::State;
using Outcome = runs::RunOutcome;

namespace {

/// "at 1:13 of 4:00" of a run that was stopped; the definition is what it was to do.
QString stoppedAt(const runs::RunRecord& record) {
  const QString at = clockText(record.figures.scheduleMs() + 500);  // as the length beside it is rounded
  const auto scenario = load::parseScenario(QJsonDocument(record.definition).toJson().toStdString());
  const qint64 length = scenario && !record.definition.contains(QLatin1String("k6Script")) ? load::lengthOf(scenario->executor).count() : 0;
  return length > 0 ? RunHead::tr("at %1 of %2").arg(at, clockText(length)) : RunHead::tr("at %1").arg(at);
}

/// The URL, or that the run has none but its Redis.
QString whereOf(const runs::RunRecord& record) {
  const QString url = printable(record.url, 200);
  if (record.target == load::Target::Http) return url;
  return url.isEmpty() ? RunHead::tr("cache-aside workload") : RunHead::tr("cache-aside workload on %1").arg(url);
}

/// What the state of a run that has ended rests on. A stop is told where the state says something graver, too.
QString basisOf(const runs::RunRecord& record, Outcome outcome) {
  const bool measured = record.figures.all.requests > 0, stopped = record.figures.end == load::RunFigures::End::Stopped;
  QStringList basis;
  if (stopped) basis << (measured ? stoppedAt(record) : record.figures.interrupted > 0 ? RunHead::tr("before its first answer") : RunHead::tr("before its first request"));
  if (stopped && outcome != Outcome::Stopped) basis.last().prepend(RunHead::tr("stopped") + QLatin1Char(' '));
  if (const QString detail = outcomeDetail(record); measured && !detail.isEmpty()) basis << detail;
  return basis.join(QStringLiteral(" · "));
}

}  // namespace

RunHead::RunHead(QWidget* parent) : Card(parent) {
  m_title = new ElidedLabel(TextRole::PageTitle, 1);
  m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  m_where = new ElidedLabel(TextRole::Secondary, 2);
  m_state = new Pill;
  m_progress = plainLabel({}, TextRole::LabelStrong, "secondary");
  m_bar = new QProgressBar;
  m_bar->setTextVisible(false);
  m_bar->setFixedHeight(4);
  m_bar->setMaximum(1000);
  m_bar->setAccessibleName(tr("Progress of the run"));
  auto* first = new QHBoxLayout;
  first->setSpacing(2 * Theme::grid);
  first->addWidget(m_title);
  first->addWidget(m_state);
  first->addWidget(m_progress);
  first->addStretch(1);
  auto* words = new QVBoxLayout;
  words->setSpacing(3);
  words->addLayout(first);
  words->addWidget(m_where);
  auto* row = new QHBoxLayout;
  row->setSpacing(4 * Theme::grid);
  row->addLayout(words, 1);
  row->addLayout(buildControls());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, 3 * Theme::grid, Theme::cardPadding - 4, 3 * Theme::grid);
  column->setSpacing(2 * Theme::grid);
  column->addLayout(row);
  column->addWidget(m_bar);
  column->addWidget(buildWords());
  column->addWidget(buildKeptWords());
}

QWidget* RunHead::buildWords() {
  m_words = new QWidget;
  m_note = new QLineEdit;
  m_note->setPlaceholderText(tr("Note: what was tried, what was changed before it"));
  m_note->setAccessibleName(tr("Note on the run"));
  m_note->setMaxLength(4000);
  m_tags = new QLineEdit;
  m_tags->setPlaceholderText(tr("Tags, with commas"));
  m_tags->setAccessibleName(tr("Tags of the run"));
  auto* noteRow = new QHBoxLayout(m_words);
  noteRow->setContentsMargins(0, 0, 0, 0);
  noteRow->setSpacing(2 * Theme::grid);
  noteRow->addWidget(m_note, 3);
  noteRow->addWidget(m_tags, 1);
  connect(m_note, &QLineEdit::editingFinished, this, [this] {
    if (m_note->isModified()) Q_EMIT noteWanted(m_note->text().trimmed());
    m_note->setModified(false);
  });
  connect(m_tags, &QLineEdit::editingFinished, this, [this] {
    if (m_tags->isModified()) Q_EMIT tagsWanted(m_tags->text().split(QLatin1Char(','), Qt::SkipEmptyParts));
    m_tags->setModified(false);
  });
  return m_words;
}

QWidget* RunHead::buildKeptWords() {
  m_keptWords = new QWidget;
  m_keptNote = new ElidedLabel(TextRole::Secondary, 1);
  m_keptTags = new ElidedLabel(TextRole::Secondary, 2);
  m_keptTags->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(m_keptWords);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4 * Theme::grid);
  row->addWidget(m_keptNote, 1);
  row->addWidget(m_keptTags);
  row->addStretch();  // tags without a note stand at the left
  m_keptWords->hide();
  return m_keptWords;
}

QHBoxLayout* RunHead::buildControls() {
  m_levelLabel = plainLabel(tr("Users"), TextRole::Label, "secondary");
  m_level = new QDoubleSpinBox;
  m_level->setKeyboardTracking(false);
  m_level->setAccessibleName(tr("Users or iterations a second"));
  m_level->setButtonSymbols(QAbstractSpinBox::NoButtons);
  m_level->setFixedWidth(92);
  m_pause = new QPushButton(tr("Pause"));
  m_stop = new QPushButton(tr("Stop"));
  m_stop->setProperty("kind", QStringLiteral("danger"));
  m_again = new QPushButton(tr("Run again"));
  m_again->setProperty("kind", QStringLiteral("primary"));
  m_pin = new QPushButton(tr("Pin as baseline"));
  m_baseline = new QPushButton(tr("Compare with baseline"));
  m_push = new QPushButton(tr("Push"));
  m_push->setAccessibleName(tr("Push the result"));
  m_push->setToolTip(plainTip(tr("Send the result to the profile's Pushgateway, for Prometheus to fetch.")));
  auto* row = new QHBoxLayout;
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_levelLabel);
  row->addWidget(m_level);
  for (QPushButton* const button : {m_pause, m_stop, m_baseline, m_pin, m_push, m_again}) {
    button->setAutoDefault(false);
    row->addWidget(button);
  }
  connect(m_level, &QDoubleSpinBox::valueChanged, this, [this](double level) {
    m_levelByHand = true;
    Q_EMIT levelWanted(level);
  });
  connect(m_pause, &QPushButton::clicked, this, [this] { Q_EMIT pauseWanted(!m_paused); });
  connect(m_stop, &QPushButton::clicked, this, [this] {
    m_stop->setText(tr("Stopping…"));  // it keeps the keyboard, which would wander off otherwise
    Q_EMIT stopWanted();
  });
  connect(m_again, &QPushButton::clicked, this, &RunHead::againWanted);
  connect(m_pin, &QPushButton::clicked, this, [this] { Q_EMIT pinWanted(!m_pinned); });
  connect(m_baseline, &QPushButton::clicked, this, &RunHead::baselineWanted);
  connect(m_push, &QPushButton::clicked, this, &RunHead::pushWanted);
  return row;
}

QString RunHead::state() const { return m_state->text(); }
QString RunHead::progress() const { return m_progress->text(); }

void RunHead::setRunning(bool running) {
  const bool hadFocus = m_stop->hasFocus() || m_pause->hasFocus() || m_level->hasFocus();
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_levelLabel, m_level, m_pause, m_stop, m_bar, m_progress}) widget->setVisible(running);
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_again, m_words}) widget->setVisible(!running && !m_keptMs);
  m_pin->setVisible(!running && !m_keptMs && runs::canBeBaseline(m_outcome));
  m_push->setVisible(!running && !m_keptMs && m_pushable);
  if (running) m_baseline->hide();
  else if (hadFocus) m_again->setFocus();
}

void RunHead::begin(const runs::RunRecord& record, const load::Scenario& scenario, double levelCap) {
  m_byK6 = record.engine == QLatin1String(runs::k6Engine);
  m_executor = scenario.executor;
  m_outcome = Outcome::UnderWay;
  m_lengthMs = load::lengthOf(scenario.executor).count();
  m_paused = m_levelByHand = false;
  m_title->setText(printable(scenario.title.empty() ? record.scenario : engineText(scenario.title), 80));
  const QString where = whereOf(record);
  m_where->setText(m_byK6 ? tr("%1 · by k6").arg(where) : where);
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_pause, m_level}) widget->setToolTip(m_byK6 ? plainTip(tr("k6 takes neither a pause nor another level while it runs.")) : QString());
  if (!m_byK6) m_level->setToolTip(plainTip(tr("What is asked for now. Another number takes the place of the scenario's.")));
  const bool open = load::isOpenModel(scenario.executor.kind);
  m_levelLabel->setText(open ? tr("Iterations/s") : tr("Users"));
  {
    const QSignalBlocker quiet(m_level);
    m_level->setDecimals(open ? 1 : 0);
    m_level->setRange(0, std::max(1.0, levelCap));
  }
  m_stop->setText(tr("Stop"));
  setRunning(true);
  const bool fixed = scenario.executor.kind == load::ExecutorKind::SharedIterations || scenario.executor.kind == load::ExecutorKind::PerVuIterations;
  const bool script = scenario.steps.empty() && m_byK6;  // how much it asks for, and for how long, is not known
  m_level->setVisible(!fixed && !script);
  m_levelLabel->setVisible(!fixed && !script);
  m_bar->setVisible(m_lengthMs > 0);
  move(record.figures);
}

void RunHead::move(const load::RunFigures& figures) {
  const Palette& p = Theme::instance().palette();
  m_paused = figures.state == State::Paused;
  m_pause->setText(m_paused ? tr("Resume") : tr("Pause"));
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_pause, m_level}) widget->setEnabled(!m_byK6 && (figures.state == State::Running || m_paused));
  switch (figures.state) {
    case State::Preparing: m_state->say(QStringLiteral("clock"), tr("preparing"), p.info); break;
    case State::Running: m_state->say(QStringLiteral("play"), tr("running"), p.good); break;
    case State::Paused: m_state->say(QStringLiteral("pause"), tr("paused"), p.warning); break;
    case State::Stopping:
    case State::Ended: m_state->say(QStringLiteral("clock"), tr("ending"), p.info); break;
  }
  m_bar->setValue(m_lengthMs > 0 ? static_cast<int>(std::min<qint64>(1000, 1000 * figures.scheduleMs() / m_lengthMs)) : 0);
  m_progress->setText(progressOf(figures));
  followLevel(figures);
  setEdge(figures.limited.empty() ? Level::Good : Level::Warning);
}

// The field says what goes on, not the most that the scenario will ask for.
void RunHead::followLevel(const load::RunFigures& figures) {
  if (m_levelByHand || m_level->hasFocus() || figures.state != State::Running) return;
  const QSignalBlocker quiet(m_level);
  m_level->setValue(load::isOpenModel(m_executor.kind) ? load::rateAt(m_executor, load::Millis(figures.scheduleMs())) : figures.users);
}

QString RunHead::progressOf(const load::RunFigures& figures) const {
  if (figures.state == State::Preparing) return m_byK6 ? tr("k6 is starting") : tr("the cache is prepared and the set-up steps run");
  if (figures.state == State::Stopping && m_byK6) return tr("k6 finishes what is on its way, for 15 s at most");
  const qint64 at = figures.scheduleMs();
  if (m_lengthMs <= 0) return clockText(at);
  return tr("%1 of %2 · %3 left").arg(clockText(at), clockText(m_lengthMs), clockText(m_lengthMs - at));
}

void RunHead::show(const runs::RunRecord& record) {
  m_outcome = m_keptMs && keptState(record, *m_keptMs) == runs::RunState::Running ? Outcome::UnderWay : runs::outcomeOf(record);
  const QString title = record.definition[QLatin1String("title")].toString();
  m_title->setText(printable(title.isEmpty() ? record.scenario : title, 80));
  m_state->say(outcomeIcon(m_outcome), outcomeName(m_outcome), outcomeColour(m_outcome));
  QStringList parts{instantText(record.figures.startedMs), tr("%1 long").arg(formatDuration(static_cast<double>(record.figures.elapsedMs) / 1000))};
  if (const QString scale = record.labels.value(QStringLiteral("time_scale")); !scale.isEmpty()) parts << tr("time scale %1").arg(scaleText(scale.toDouble()));
  parts << whereOf(record);
  if (!record.cache.isEmpty()) parts << tr("cache %1").arg(printable(record.cache, 40));
  if (record.engine == QLatin1String(runs::k6Engine)) parts << tr("by k6");
  m_where->setText(parts.join(QStringLiteral(" · ")));
  showWords(record);
  setRunning(false);
  m_progress->setText(m_outcome == Outcome::UnderWay ? tr("when the snapshot was taken") : basisOf(record, m_outcome));
  m_progress->setVisible(!m_progress->text().isEmpty());
  setEdge(m_outcome == Outcome::Failed || m_outcome == Outcome::DidNotRun ? Level::Critical : m_outcome == Outcome::Invalid ? Level::Warning : Level::Good);
}

void RunHead::showWords(const runs::RunRecord& record) {
  const QString tags = record.tags.join(QStringLiteral(", "));
  m_note->setText(record.note);
  m_tags->setText(tags);
  m_keptNote->setText(printableLines(record.note, 4000));
  m_keptTags->setText(tags.isEmpty() ? QString() : tr("Tags: %1").arg(printable(tags, 400)));
  m_keptNote->setVisible(!m_keptNote->text().isEmpty());
  m_keptTags->setVisible(!tags.isEmpty());
  m_keptWords->setVisible(m_keptMs && (!m_keptNote->text().isEmpty() || !tags.isEmpty()));
}

void RunHead::setKept(std::optional<qint64> takenMs) {
  m_keptMs = takenMs;
  m_keptWords->hide();
}

void RunHead::setPinned(bool pinned, bool comparable) {
  m_pinned = pinned;
  m_pin->setText(pinned ? tr("Unpin") : tr("Pin as baseline"));
  m_pin->setVisible((pinned || runs::canBeBaseline(m_outcome)) && m_again->isVisibleTo(this));
  m_baseline->setVisible(comparable && !pinned && m_again->isVisibleTo(this));
}

void RunHead::setPushable(bool pushable, bool pushing) {
  m_pushable = pushable;
  m_push->setText(pushing ? tr("Pushing…") : tr("Push"));
  m_push->setEnabled(!pushing);
  m_push->setVisible(pushable && m_again->isVisibleTo(this));
}

}  // namespace cachedeck
