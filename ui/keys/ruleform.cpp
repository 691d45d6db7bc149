// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/ruleform.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace cachedeck {

using namespace keys;

namespace {

QString catalogText(const char* text) { return QCoreApplication::translate("keys", text); }

}  // namespace

RuleForm::RuleForm(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this)) {
  m_kind = new QComboBox;
  for (const ActionInfo& info : actionCatalog()) {
    m_kind->addItem(catalogText(info.title), static_cast<int>(info.kind));
    m_kind->setItemData(m_kind->count() - 1, plainTip(catalogText(info.help)), Qt::ToolTipRole);
  }
  m_time = new QLineEdit;
  m_factor = new QLineEdit(QStringLiteral("0.5"));
  m_jitter = new QLineEdit;
  m_condition = new QComboBox;
  m_condition->addItems({tr("always"), tr("only keys without TTL (NX)"), tr("only keys with one (XX)"), tr("only if it becomes later (GT)"), tr("only if it becomes earlier (LT)")});
  m_budget = new QDoubleSpinBox;
  m_budget->setRange(0, 1000);
  m_budget->setDecimals(1);
  m_budget->setButtonSymbols(QAbstractSpinBox::NoButtons);
  m_budget->setSuffix(tr(" ms"));
  m_budget->setSpecialValueText(tr("no budget"));
  m_budget->setToolTip(plainTip(tr("The longest time that others should wait for the server meanwhile. Pages become smaller to keep it.")));
  m_budget->setValue(5);
  m_rate = new QSpinBox;
  m_rate->setRange(0, 10'000'000);
  m_rate->setSingleStep(1000);
  m_rate->setSuffix(tr(" keys/s"));
  m_rate->setSpecialValueText(tr("no bound"));
  m_undo = new QCheckBox(tr("Keep what is needed to undo it"));
  m_undo->setChecked(true);
  m_cap = new QSpinBox;
  m_cap->setRange(1, 1 << 20);
  m_cap->setValue(256);
  m_cap->setSuffix(tr(" MB"));
  m_form->setContentsMargins(0, 0, 0, 0);
  m_form->setSpacing(2 * Theme::grid);
  m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  m_form->setLabelAlignment(Qt::AlignLeft);
  const auto row = [this](const QString& name, QWidget* field) {
    field->setAccessibleName(name);
    QLabel* const label = plainLabel(name, TextRole::Label, "secondary");
    label->setBuddy(field);
    m_form->addRow(label, field);
  };
  row(tr("Action"), m_kind);
  row(tr("Time"), m_time);
  row(tr("Factor"), m_factor);
  row(tr("Jitter ±"), m_jitter);
  row(tr("Only if"), m_condition);
  row(tr("Latency budget"), m_budget);
  row(tr("At most"), m_rate);
  row(tr("Undo"), m_undo);
  row(tr("Images up to"), m_cap);
  connect(m_kind, &QComboBox::currentIndexChanged, this, &RuleForm::showFields);
  for (QLineEdit* const edit : {m_time, m_factor, m_jitter}) connect(edit, &QLineEdit::textChanged, this, &RuleForm::changed);
  connect(m_condition, &QComboBox::currentIndexChanged, this, &RuleForm::changed);
  connect(m_budget, &QDoubleSpinBox::valueChanged, this, &RuleForm::changed);
  connect(m_rate, &QSpinBox::valueChanged, this, &RuleForm::changed);
  connect(m_cap, &QSpinBox::valueChanged, this, &RuleForm::changed);
  connect(m_undo, &QCheckBox::toggled, this, &RuleForm::showFields);
  showFields();
}

void RuleForm::setKind(ActionKind kind) {
  m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
  m_time->setText(kind == ActionKind::Set || kind == ActionKind::Cap ? QStringLiteral("1h") : QStringLiteral("10m"));
  m_jitter->setText(QStringLiteral("10%"));  // keys that get one TTL together would end together
  m_condition->setCurrentIndex(0);
  showFields();
}

ActionKind RuleForm::kind() const { return static_cast<ActionKind>(m_kind->currentData().toInt()); }

void RuleForm::showFields() {
  const ActionInfo& info = infoOf(kind());
  const std::pair<QWidget*, bool> rows[] = {
      {m_time, info.takesTime}, {m_factor, info.takesFactor}, {m_jitter, info.takesJitter}, {m_condition, kind() != ActionKind::Delete && kind() != ActionKind::SoftExpire},
      {m_cap, m_undo->isChecked() && kind() == ActionKind::Delete}};
  for (const auto& [field, visible] : rows) m_form->setRowVisible(field, visible);
  m_kind->setToolTip(plainTip(catalogText(info.help)));
  Q_EMIT changed();
}

Result<Action> RuleForm::action() const {
  const ActionInfo& info = infoOf(kind());
  Action action;
  action.kind = kind();
  if (info.takesTime) {
    const Result<qint64> ms = parseSpan(m_time->text(), action.kind == ActionKind::Add);
    if (!ms) return ms.error();
    action.amountMs = *ms;
  }
  if (info.takesFactor) {
    bool good = false;
    action.factor = m_factor->text().trimmed().toDouble(&good);
    if (!good) return fail(Error::Kind::Usage, tr("“%1” is not a factor. Write for example 0.5 or 2.").arg(m_factor->text().left(40)));
  }
  if (info.takesJitter && !m_jitter->text().trimmed().isEmpty()) {
    const Result<double> share = parseShare(m_jitter->text());
    if (!share) return share.error();
    action.jitter = *share;
  }
  if (action.kind != ActionKind::Delete && action.kind != ActionKind::SoftExpire) action.condition = static_cast<Condition>(m_condition->currentIndex());
  if (const Result<void> sound = checkAction(action); !sound) return sound.error();
  return action;
}

RunOptions RuleForm::options() const {
  RunOptions options;
  options.budgetMs = m_budget->value();
  options.keysPerSecond = m_rate->value();
  options.undo = m_undo->isChecked();
  options.undoCap = qint64{m_cap->value()} << 20;
  return options;
}

void RuleForm::setUndoForbidden(const QString& why) {
  if (why.isEmpty() && !m_undo->isEnabled()) m_undo->setChecked(true);
  m_undo->setEnabled(why.isEmpty());
  m_undo->setToolTip(plainTip(why));
  m_undo->setAccessibleDescription(why);
  if (!why.isEmpty()) m_undo->setChecked(false);
}

}  // namespace cachedeck
