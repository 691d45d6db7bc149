// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/promql/promqlpage.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "ui/promql/examplequeries.h"
#include "ui/promql/promqlchart.h"
#include "ui/promql/promqltext.h"
#include "ui/promql/querybox.h"
#include "ui/promql/resulttable.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype mostKept = 50, longestShown = 300;
constexpr qint64 usualMs = 900'000;
constexpr int tableFrame = 56, fewestTable = 130;

}  // namespace

void PromqlPage::open(const std::optional<SourceSettings>& prometheus, const QString& profile) {
  m_controller->open(prometheus);
  m_profile = profile;
  m_answer.reset();
  m_message->hide();
  showNames({});
  m_box->setEnabled(prometheus.has_value());
  m_state->clear();
  const Palette& p = Theme::instance().palette();
  if (prometheus) m_nothing->setText({QStringLiteral("search"), p.text3, tr("Ask Prometheus"), tr("Write a query above. Names, labels and their values are completed while you write; Ctrl+Space shows them all."), {}, {}});
  else if (profile.isEmpty()) m_nothing->setText({QStringLiteral("plug"), p.text3, tr("Nobody to ask"), tr("Open a profile with Prometheus to ask it here."), {}, {}});
  else m_nothing->setText({QStringLiteral("plug"), p.text3, tr("No Prometheus in this profile"), tr("Add it under Connections to ask it here."), {}, {}});
  showHistory();
  showResult();
  update();
}

void PromqlPage::close(const QString& title, const QString& text) {
  open(std::nullopt, {});
  m_nothing->setText({QStringLiteral("plug"), Theme::instance().palette().text3, title, text, {}, {}});
}

Unit PromqlPage::chosenUnit() const {
  const int chosen = m_unit->currentData().toInt();
  return chosen >= 0 ? static_cast<Unit>(chosen) : likelyUnit(m_answer ? m_answer->query : m_box->toPlainText());
}

// Beside an axis there is no room for long numbers: they are shown in thousands and millions there.
Unit PromqlPage::chartUnit() const {
  const Unit unit = chosenUnit();
  return unit == Unit::None && m_answer && m_answer->largest >= 10'000 ? Unit::Count : unit;
}

// What the window's charts show; the automatic range only begins when the console does, and Prometheus knows more.
TimeSpan PromqlPage::wantedSpan() const {
  const TimeSpan shown = m_view.span();
  const qint64 now = m_clock.now().wallMs;
  const bool live = m_view.isFollowing();
  const qint64 end = live || shown.toMs <= 0 ? now : shown.toMs;
  const qint64 length = live ? (m_view.range() == TimeView::automatic ? usualMs : qint64{m_view.range()} * 1000) : shown.toMs - shown.fromMs;
  return {end - (length > 0 ? length : usualMs), end};
}

void PromqlPage::run() {
  const QString query = m_box->toPlainText().trimmed();
  if (query.isEmpty() || !m_controller->isOpen()) return;
  m_again.stop();
  m_message->hide();
  m_box->markError(std::nullopt);
  remember(query);
  ask(query);
}

void PromqlPage::showNames(const QStringList& names) {
  m_box->setNames(names);
  m_examples->setNames(names);
  if (m_fills) fillForPicture();
}

void PromqlPage::runExample(const QString& query) {
  m_box->setPlainText(query);
  m_box->moveCursor(QTextCursor::End);
  m_box->setFocus();
  run();
}

void PromqlPage::fillForPicture() {
  m_fills = m_examples->queries().isEmpty();
  if (!m_fills && !m_answer && m_box->toPlainText().isEmpty()) runExample(m_examples->queries().first());
}

void PromqlPage::ask(const QString& query) {
  m_range = m_view.range();
  m_askedLive = m_view.isFollowing();
  m_controller->run(query, wantedSpan());
}

void PromqlPage::viewChanged() {
  if (!m_answer || !m_answer->failure.isEmpty()) return;
  const bool live = m_view.isFollowing();
  if (live ? m_askedLive && m_view.range() == m_range : m_view.span() == m_answer->span) return;
  m_again.start();  // a drag changes it often
}

void PromqlPage::showAnswer(const PromqlAnswer& answer) {
  const Palette& p = Theme::instance().palette();
  if (!answer.failure.isEmpty()) {
    // The table and the chart of before stay: one often goes back to them.
    const bool same = m_box->toPlainText().trimmed() == answer.query;
    const QString text = m_box->toPlainText();
    const std::optional<int> at = same ? parseErrorAt(answer.failure, answer.query) : std::nullopt;
    if (at) m_box->markError(*at + static_cast<int>(text.indexOf(answer.query)));
    m_message->setText({QStringLiteral("failed"), p.critical, at ? tr("The query cannot be read") : tr("No answer to the query"), answer.failure, {}, tr("Close")});
    m_message->show();
    m_state->setText(tr("Failed"));
    return update();
  }
  m_answer = answer;
  QStringList warnings;
  for (const QString& one : answer.warnings) warnings << printable(one, 400);
  m_message->setVisible(!warnings.isEmpty());
  if (!warnings.isEmpty()) m_message->setText({QStringLiteral("warning"), p.warning, tr("Prometheus warns of this query"), warnings.join(QLatin1Char('\n')), {}, tr("Close")});
  m_state->setText(tr("%1 series, asked at %2 in %3 ms").arg(countText(static_cast<qint64>(answer.values.size())), shortInstant(answer.atMs, m_clock.now().wallMs), countText(answer.elapsedMs)));
  m_chart->setAnswer(answer, chartUnit(), m_askedLive && m_range == TimeView::automatic);
  m_table->setValues(answer.values, chosenUnit());
  m_results->setCurrentIndex(1);
  fitTable();
  update();
}

// A few rows leave the room to the chart.
void PromqlPage::fitTable() {
  if (m_isOwnSplit) return;
  const int whole = m_results->height() - m_both->handleWidth();
  const int wanted = tableFrame + m_table->verticalHeader()->defaultSectionSize() * m_table->cells()->rowCount();
  const int table = std::clamp(wanted, fewestTable, std::max(fewestTable, whole * 2 / 5));
  m_both->setSizes({std::max(0, whole - table), table});
}

void PromqlPage::showResult() {
  m_results->setCurrentIndex(m_answer ? 1 : 0);
  if (!m_answer) return;
  m_table->setValues(m_answer->values, chosenUnit());
  m_chart->setUnit(chartUnit());
}

void PromqlPage::remember(const QString& query) {
  QStringList& asked = m_asked[m_profile];
  asked.removeAll(query);
  asked.prepend(query);
  if (asked.size() > mostKept) asked.removeLast();
  showHistory();
}

void PromqlPage::showHistory() {
  m_history->clear();
  const QStringList asked = m_asked.value(m_profile);
  for (const QString& query : asked) {
    auto* item = new QListWidgetItem(printable(query.simplified(), longestShown), m_history);
    item->setData(Qt::UserRole, query);
    item->setToolTip(plainTip(query.left(2000)));
  }
  m_histories->setCurrentIndex(asked.isEmpty() ? 0 : 1);
}

void PromqlPage::update() {
  const bool running = m_controller->isRunning(), written = !m_box->toPlainText().trimmed().isEmpty();
  m_run->setText(running ? tr("Cancel") : tr("Run"));
  m_run->setEnabled(running || (m_controller->isOpen() && written));
  m_run->setToolTip(running ? QString() : plainTip(tr("Ctrl+Enter")));
  // What is kept was answered once: a chart that can only fail helps nobody.
  const bool answered = m_answer && m_answer->query == m_box->toPlainText().trimmed();
  for (QWidget* const part : {static_cast<QWidget*>(m_add), static_cast<QWidget*>(m_title)}) part->setEnabled(answered && !running);
}

void PromqlPage::add() {
  if (!m_add->isEnabled() || !m_answer) return;
  CustomPanel panel{m_title->text().trimmed(), m_answer->query, chartUnit()};
  if (panel.title.isEmpty()) panel.title = printable(panel.query.simplified(), 60);
  m_title->clear();
  Q_EMIT panelWanted(panel);
  m_state->setText(tr("“%1” is on the Overview.").arg(panel.title));
}

}  // namespace cachedeck
