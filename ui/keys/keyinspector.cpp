// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyinspector.h"

#include "core/base/amounts.h"
#include "core/base/instants.h"
#include "core/base/text.h"
#include "core/keys/key_text.h"
#include "core/metrics/format.h"
#include "ui/keys/figuregrid.h"
#include "ui/keys/listedname.h"
#include "ui/keys/valueview.h"
#include "ui/keys/wraplabel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

using namespace keys;

namespace {

QPushButton* iconButton(const char* icon, const QString& name) {
  auto* button = new QPushButton;
  keepIcon(button, QLatin1String(icon), &Palette::text2);
  button->setProperty("kind", QStringLiteral("quiet"));
  button->setStyleSheet(QStringLiteral("QPushButton { padding: 4px 7px; } QPushButton:focus { padding: 3px 6px; }"));
  button->setToolTip(name);
  button->setAccessibleName(name);
  return button;
}

QList<FigureGrid::Figure> figuresOf(const KeyFacts& facts) {
  const qint64 now = facts.expiresAtMs - facts.ttlMs;  // the server's
  QList<FigureGrid::Figure> figures{{KeyInspector::tr("Type"), printable(facts.type, 40)},
                                    {KeyInspector::tr("TTL"), facts.ttlMs < 0 ? ttlText(-1) : ttlText(facts.ttlMs)},
                                    {KeyInspector::tr("Expires at"), facts.expiresAtMs < 0 ? KeyInspector::tr("never") : shortInstant(facts.expiresAtMs, now)},
                                    {KeyInspector::tr("Memory"), bytesText(facts.bytes.value_or(-1))}};
  if (facts.length >= 0) figures.append({facts.type == "string" ? KeyInspector::tr("Length") : KeyInspector::tr("Elements"), facts.type == "string" ? bytesText(facts.length) : countText(facts.length)});
  if (!facts.encoding.isEmpty()) figures.append({KeyInspector::tr("Encoding"), printable(facts.encoding, 40)});
  if (facts.idleSeconds) figures.append({KeyInspector::tr("Idle"), formatDuration(static_cast<double>(*facts.idleSeconds))});
  if (facts.frequency) figures.append({KeyInspector::tr("Frequency"), countText(*facts.frequency)});
  if (facts.references) figures.append({KeyInspector::tr("References"), *facts.references == 2147483647 ? KeyInspector::tr("shared") : countText(*facts.references)});
  return figures;
}

}  // namespace

KeyInspector::KeyInspector(QWidget* parent) : Card(parent) {
  m_notice = new Notice(Notice::Form::Full);
  m_stack = new QStackedWidget;
  m_stack->addWidget(m_notice);
  m_stack->addWidget(m_key = buildKey());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::cardPadding, Theme::cardGap, Theme::cardPadding, Theme::cardGap);
  column->addWidget(m_stack);
  connect(m_notice, &Notice::buttonClicked, this, [this] { Q_EMIT refreshWanted(m_name); });
  clear();
}

QWidget* KeyInspector::buildKey() {
  auto* body = new QWidget;
  m_title = new ElidedLabel(TextRole::CardTitle, 1);
  m_copy = iconButton("copy", tr("Copy the name"));
  m_refresh = iconButton("refresh", tr("Read again"));
  m_facts = new FigureGrid(3);
  m_value = new ValueView;
  m_message = wrapLabel(TextRole::Label);
  m_message->hide();
  m_edit = new QPushButton(tr("Edit value…"));
  m_save = new QPushButton(tr("Save value"));
  m_cancel = new QPushButton(tr("Cancel"));
  auto* head = new QHBoxLayout;
  head->setSpacing(Theme::grid);
  head->addWidget(m_title, 1);
  head->addWidget(m_copy);
  head->addWidget(m_refresh);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(2 * Theme::grid);
  foot->addStretch(1);
  for (QPushButton* const button : {m_cancel, m_save, m_edit}) {
    button->setAutoDefault(false);
    foot->addWidget(button);
  }
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addLayout(head);
  column->addWidget(m_facts);
  column->addWidget(m_value, 1);
  column->addWidget(m_message);
  column->addLayout(foot);
  connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(escaped(m_name)); });
  connect(m_refresh, &QPushButton::clicked, this, [this] { Q_EMIT refreshWanted(m_name); });
  connect(m_value, &ValueView::moreWanted, this, [this](const QByteArray& position) { Q_EMIT moreWanted(m_name, m_type, position); });
  connect(m_value, &ValueView::changed, this, &KeyInspector::updateButtons);
  connect(m_edit, &QPushButton::clicked, this, [this] {
    m_value->setEditing(true);
    say(tr("The value is replaced as a whole; its TTL stays. cachedeck has no command for this; nearest is redis-cli SET %1 … XX KEEPTTL, which does not look whether somebody changed it meanwhile.").arg(shellWord(shownKey(m_name, 60))), "secondary");
    updateButtons();
  });
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    m_value->setEditing(false);
    say({}, "");
    updateButtons();
  });
  connect(m_save, &QPushButton::clicked, this, &KeyInspector::save);
  return body;
}

void KeyInspector::clear() {
  m_hasKey = false;
  m_name.clear();
  m_type.clear();
  m_value->clear();
  m_notice->setText({QStringLiteral("key"), Theme::instance().palette().text3, tr("No key picked"),
                     tr("Pick a key in the list to see what it is and holds."), {}, {}});
  m_stack->setCurrentWidget(m_notice);
}

void KeyInspector::begin(const QByteArray& name) {
  if (name != m_name) {
    m_value->clear();
    m_facts->setFigures({});
    say({}, "");
  }
  m_hasKey = true;
  m_name = name;
  m_saving = m_reading = false;
  m_title->setText(listedName(name));
  m_stack->setCurrentWidget(m_key);
  updateButtons();
}

void KeyInspector::show(const Inspection& inspection) {
  if (!m_hasKey || inspection.facts.name != m_name) return;  // somebody went on meanwhile
  m_stack->setCurrentWidget(m_key);
  if (!inspection.facts.exists) {
    m_facts->setFigures({});
    m_value->clear();
    m_notice->setText({QStringLiteral("key"), Theme::instance().palette().text3, tr("This key is gone"), tr("It was deleted or has expired since the list was made."), listedName(m_name, 120), tr("Look again")});
    m_stack->setCurrentWidget(m_notice);
    return;
  }
  m_type = inspection.facts.type;
  m_facts->setFigures(figuresOf(inspection.facts));
  if (m_value->isEditing()) return;  // what is being typed stays; saving compares with what was read before
  m_reading = false;
  m_value->begin(m_type, inspection.facts.length, inspection.page);
  if (!inspection.problem.isEmpty()) m_value->showProblem(inspection.problem);
  updateButtons();
}

void KeyInspector::append(const QByteArray& name, const ValuePage& page) {
  if (name == m_name && !m_value->isEditing()) m_value->append(page);
}

void KeyInspector::showFailure(const QByteArray& name, const Error& error) {
  if (name != m_name) return;
  m_notice->setText({QStringLiteral("failed"), Theme::instance().palette().critical, tr("The key could not be read"), error.message, listedName(m_name, 120), tr("Try again")});
  m_stack->setCurrentWidget(m_notice);
}

void KeyInspector::setEditLocked(const QString& why) {
  m_locked = why;
  updateButtons();
}

void KeyInspector::say(const QString& text, const char* tone) {
  setTone(m_message, tone);
  m_message->setText(text);
  m_message->setVisible(!text.isEmpty());
}

void KeyInspector::updateButtons() {
  const bool editing = m_value->isEditing(), isString = m_type == "string";
  m_edit->setVisible(isString && !editing);
  m_save->setVisible(editing);
  m_cancel->setVisible(editing);
  m_save->setEnabled(!m_saving && m_locked.isEmpty());
  const QString why = !m_locked.isEmpty() ? m_locked : m_value->editable() ? QString() : tr("Only text that was read as a whole can be edited here.");
  m_edit->setEnabled(why.isEmpty() && !m_reading);
  m_edit->setToolTip(plainTip(why));
  m_edit->setAccessibleDescription(why);
}

void KeyInspector::save() {
  const auto before = m_value->editable();
  if (!before || m_saving) return;
  m_saving = true;
  updateButtons();
  Q_EMIT editWanted(m_name, *before, m_value->typed());
}

void KeyInspector::showEdited(const QByteArray& name, const QString& problem) {
  if (name != m_name) return;
  m_saving = false;
  m_reading = problem.isEmpty();
  if (problem.isEmpty()) m_value->setEditing(false);
  say(problem.isEmpty() ? tr("Saved; the TTL is as it was.") : problem, problem.isEmpty() ? "good" : "critical");
  updateButtons();
  if (problem.isEmpty()) Q_EMIT refreshWanted(m_name);
}

}  // namespace cachedeck
