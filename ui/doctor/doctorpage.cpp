// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/doctor/doctorpage.h"

#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/doctor/reportmarkdown.h"
#include "ui/doctor/reportview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace cachedeck {

namespace {

DoctorPage::Examiner realExaminer(const Clock& clock) {
  return [&clock](const DoctorTarget& target, const std::stop_token& stop) {
    doctor::Options options;
    options.serviceUrl = target.serviceUrl;
    return doctor::examine(target.sources, options, clock, stop);
  };
}

}  // namespace

DoctorPage::DoctorPage(const Clock& clock, QWidget* parent) : DoctorPage(clock, realExaminer(clock), parent) {}

DoctorPage::DoctorPage(const Clock& clock, Examiner examiner, QWidget* parent) : QWidget(parent), m_clock(clock), m_examiner(std::move(examiner)) {
  m_nothing = new Notice(Notice::Form::Full);
  auto* empty = new Card;
  auto* inside = new QVBoxLayout(empty);
  inside->addWidget(m_nothing);
  m_view = new ReportView;
  m_stack = new QStackedWidget;
  m_stack->addWidget(empty);
  m_stack->addWidget(m_view);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  column->setSpacing(Theme::cardGap);
  column->addWidget(buildHead());
  column->addWidget(m_stack, 1);
  m_tick.setInterval(500);
  connect(&m_tick, &QTimer::timeout, this, &DoctorPage::update);
  connect(m_button, &QPushButton::clicked, this, [this] {
    if (isExamining()) cancel();
    else examine();
  });
  connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(markdown()); });
  open(std::nullopt);
}

DoctorPage::~DoctorPage() = default;

QWidget* DoctorPage::buildHead() {
  m_title = plainLabel({}, TextRole::CardTitle);
  m_state = plainLabel({}, TextRole::Label, "secondary");
  for (QLabel* const label : {m_title, m_state}) label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_copy = new QPushButton(tr("Copy as Markdown"));
  m_button = new QPushButton;
  m_button->setProperty("kind", QStringLiteral("primary"));
  for (QPushButton* const button : {m_copy, m_button}) button->setAutoDefault(false);
  m_progress = new QProgressBar;
  m_progress->setRange(0, 0);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Examining"));
  QSizePolicy policy = m_progress->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // what is below stays where it is
  m_progress->setSizePolicy(policy);
  m_progress->setFixedHeight(4);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(m_title);
  words->addWidget(m_state);
  auto* row = new QHBoxLayout;
  row->setSpacing(2 * Theme::grid);
  row->addLayout(words, 1);
  row->addWidget(m_copy);
  row->addWidget(m_button);
  auto* card = new Card;
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(16, 12, 16, 6);
  column->setSpacing(2);
  column->addLayout(row);
  column->addWidget(m_progress);
  return card;
}

void DoctorPage::open(const std::optional<DoctorTarget>& target) {
  m_worker.reset();
  m_examining = false;
  const bool same = target && m_target && target->profile == m_target->profile;
  m_target = target;
  if (!same) m_report.reset();
  if (!m_report) showNothing();
  update();
}

void DoctorPage::close(const QString& title, const QString& text) {
  open(std::nullopt);
  m_nothing->setText({QStringLiteral("plug"), Theme::instance().palette().text3, title, text, {}, {}});
}

void DoctorPage::examine() {
  if (!m_target || isExamining()) return;
  m_beganMs = m_clock.now().wallMs;
  m_examining = true;
  m_worker = std::make_unique<Worker>(QStringLiteral("doctor"));
  m_tick.start();
  update();
  m_worker->post(
      this, [examiner = m_examiner, target = *m_target](std::stop_token stop) { return examiner(target, stop); }, [this](const doctor::Report& report) { showReport(report); });
}

void DoctorPage::cancel() {
  m_worker.reset();  // its connections are shut down, so this returns at once
  m_examining = false;
  update();
}

void DoctorPage::showReport(const doctor::Report& report) {
  m_examining = false;
  m_report = report;
  m_examinedMs = m_clock.now().wallMs;
  m_view->setReport(report);
  m_stack->setCurrentWidget(m_view);
  update();
  Q_EMIT examined(report.isHealthy());
}

void DoctorPage::showNothing() {
  const Palette& p = Theme::instance().palette();
  m_stack->setCurrentIndex(0);
  if (m_target) m_nothing->setText({QStringLiteral("activity"), p.text3, tr("Not examined yet"), tr("Every server of the profile is asked once. Nothing is written and no key is looked up."), {}, {}});
  else m_nothing->setText({QStringLiteral("plug"), p.text3, tr("Nothing to examine"), tr("Open a profile first."), {}, {}});
}

void DoctorPage::update() {
  const bool busy = isExamining();
  if (!busy) m_tick.stop();
  m_title->setText(m_target ? tr("Health of %1").arg(printable(m_target->profile, 80)) : tr("Health"));
  m_button->setText(busy ? tr("Cancel") : m_report ? tr("Examine again") : tr("Examine"));
  m_button->setEnabled(busy || m_target);
  m_copy->setVisible(m_report.has_value());
  m_progress->setVisible(busy);
  if (busy) {
    const double seconds = static_cast<double>(std::max<qint64>(0, m_clock.now().wallMs - m_beganMs)) * 1e-3;
    m_state->setText(tr("Asking the servers… %1").arg(formatDuration(seconds)));
  } else if (m_report) {
    const auto matters = std::count_if(m_report->findings.begin(), m_report->findings.end(), [](const doctor::Finding& one) { return one.severity != doctor::Severity::Info; });
    const QString sum = m_report->looked.isEmpty() ? tr("No server could be reached") : matters == 0 ? tr("Nothing is the matter") : matters == 1 ? tr("One thing to look into") : tr("%1 things to look into").arg(matters);
    m_state->setText(tr("%1. Examined at %2.").arg(sum, instantText(m_examinedMs)));
  } else {
    m_state->setText(m_target ? tr("Looks for what commonly goes wrong between service, Redis, PostgreSQL and monitoring.") : QString());
  }
}

QString DoctorPage::markdown() const { return m_report && m_target ? reportMarkdown(*m_report, m_target->profile, m_examinedMs) : QString(); }

}  // namespace cachedeck
