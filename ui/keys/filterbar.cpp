// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/filterbar.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/metrics/format.h"
#include "ui/widgets/labels.h"
#include "ui/window/tinted.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>

namespace cachedeck {

namespace {

constexpr int narrow = 900, textWidth = 132, problemWidth = 340;

enum TtlChoice { AnyTtl, NoTtl, TtlOver, TtlUnder };

void mark(QLineEdit* edit, bool invalid) {
  if (edit->property("invalid").toBool() == invalid) return;
  edit->setProperty("invalid", invalid);
  edit->style()->unpolish(edit);
  edit->style()->polish(edit);
}

}  // namespace

FilterBar::FilterBar(QWidget* parent) : Card(parent) {
  m_pattern = field(tr("Pattern"), tr("Pattern as Redis has it: * ? [a-z] \\  – empty for every key"), 110);
  auto* glass = new QAction(this);
  keepIcon(glass, QStringLiteral("search"), &Palette::text3);
  m_pattern->addAction(glass, QLineEdit::LeadingPosition);
  m_type = new QComboBox;
  m_type->setAccessibleName(tr("Type"));
  m_type->addItem(tr("Any type"), QByteArray());
  for (const char* type : {"string", "hash", "list", "set", "zset", "stream"}) m_type->addItem(QLatin1String(type), QByteArray(type));
  m_ttl = new QComboBox;
  m_ttl->setAccessibleName(tr("TTL"));
  m_ttl->addItems({tr("Any TTL"), tr("No TTL"), tr("TTL over"), tr("TTL under")});
  m_ttlTime = field(tr("TTL bound"), tr("1h"), 64);
  m_ttlTime->setFixedWidth(64);
  m_ttlTime->hide();
  m_idle = field(tr("Idle for over"), tr("Idle over, 1h"), 90);
  m_idle->setFixedWidth(108);
  m_size = field(tr("Larger than"), tr("Larger than, 10k"), 90);
  m_size->setFixedWidth(124);
  m_scan = new QPushButton(tr("Scan"));
  m_scan->setProperty("kind", QStringLiteral("primary"));
  m_scan->setAutoDefault(false);
  m_text = plainLabel({}, TextRole::Secondary, "secondary");
  m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_text->setMinimumWidth(textWidth);
  m_bar = new QProgressBar;
  m_bar->setTextVisible(false);
  m_bar->setFixedHeight(4);
  m_bar->setAccessibleName(tr("Progress of the scan"));
  auto* state = new QVBoxLayout;
  state->setSpacing(3);
  state->addStretch(1);
  state->addWidget(m_text);
  state->addWidget(m_bar);
  state->addStretch(1);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::cardGap, 2 * Theme::grid, Theme::cardGap, 2 * Theme::grid);
  row->setSpacing(2 * Theme::grid);
  row->addWidget(m_pattern, 1);
  for (QWidget* const widget : std::initializer_list<QWidget*>{m_type, m_ttl, m_ttlTime, m_idle, m_size, m_scan}) row->addWidget(widget);
  row->addLayout(state);
  connect(m_ttl, &QComboBox::currentIndexChanged, this, [this](int choice) { m_ttlTime->setVisible(choice >= TtlOver); });
  connect(m_scan, &QPushButton::clicked, this, [this] {
    if (m_running) Q_EMIT stopWanted();
    else start();
  });
}

QLineEdit* FilterBar::field(const QString& name, const QString& placeholder, int width) {
  auto* edit = new QLineEdit;
  edit->setAccessibleName(name);
  edit->setToolTip(plainTip(name));
  edit->setPlaceholderText(placeholder);
  edit->setMinimumWidth(width);
  connect(edit, &QLineEdit::returnPressed, this, &FilterBar::start);
  connect(edit, &QLineEdit::textEdited, this, [edit] { mark(edit, false); });
  return edit;
}

void FilterBar::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  for (QLineEdit* const edit : {m_idle, m_size}) edit->setVisible(width() >= narrow || !edit->text().isEmpty());  // a filter that applies is seen
}

Result<void> FilterBar::readTtl(keys::Selector& selector) const {
  selector.withoutTtl = m_ttl->currentIndex() == NoTtl;
  if (m_ttl->currentIndex() < TtlOver) return {};
  const Result<qint64> ms = parseSpan(m_ttlTime->text());
  mark(m_ttlTime, !ms);
  if (!ms) return ms.error();
  (m_ttl->currentIndex() == TtlOver ? selector.ttlAboveMs : selector.ttlBelowMs) = *ms;
  return {};
}

Result<keys::Selector> FilterBar::filter() const {
  keys::Selector selector;
  if (!m_pattern->text().isEmpty()) selector.patterns = {m_pattern->text().toUtf8()};
  selector.type = m_type->currentData().toByteArray();
  if (const Result<void> read = readTtl(selector); !read) return read.error();
  if (const QString text = m_idle->text().trimmed(); !text.isEmpty()) {
    const Result<qint64> ms = parseSpan(text);
    mark(m_idle, !ms);
    if (!ms) return ms.error();
    selector.idleAboveS = *ms / 1000;
  }
  if (const QString text = m_size->text().trimmed(); !text.isEmpty()) {
    const Result<qint64> bytes = parseSize(text);
    mark(m_size, !bytes);
    if (!bytes) return bytes.error();
    selector.bytesAbove = *bytes;
  }
  return selector;
}

void FilterBar::start() {
  if (const Result<keys::Selector> read = filter(); !read) {
    m_text->setMinimumWidth(problemWidth);
    setTone(m_text, "critical");
    m_text->setText(read.error().message);
    m_text->setToolTip(plainTip(read.error().message));
    return;
  }
  Q_EMIT scanWanted();
}

void FilterBar::setProgress(qint64 scanned, qint64 expected, qint64 matched, bool running) {
  m_running = running;
  m_scan->setText(running ? tr("Stop") : tr("Scan"));
  m_text->setMinimumWidth(textWidth);
  setTone(m_text, "secondary");
  m_text->setToolTip({});
  m_text->setText(running ? tr("scanned %1 of %2").arg(shortCount(scanned), shortCount(expected))
                  : expected == 0 ? QString()
                          : tr("%1 of %2 match").arg(shortCount(matched), shortCount(std::max(expected, matched))));
  m_bar->setMaximum(running && expected == 0 ? 0 : 1000);  // unknown: it moves
  m_bar->setValue(expected > 0 ? static_cast<int>(1000 * std::min(scanned, expected) / expected) : 0);
}

void FilterBar::setBusy(bool busy) { m_scan->setEnabled(!busy || m_running); }

QString FilterBar::progressText() const { return m_text->text(); }

}  // namespace cachedeck
