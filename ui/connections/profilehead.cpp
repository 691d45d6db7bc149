// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/profilehead.h"

#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/window/environmentmark.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QStyle>

namespace cachedeck {

namespace {

constexpr Environment environments[] = {Environment::Development, Environment::Staging, Environment::Production};

QIcon dot(const QColor& colour) {
  QPixmap pixmap(24, 24);
  pixmap.setDevicePixelRatio(2);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(QPointF(6, 6), 4.5, 4.5);
  return QIcon(pixmap);
}

}  // namespace

ProfileHead::ProfileHead(QWidget* parent) : Card(parent) {
  m_name = new QLineEdit;
  m_name->setMaxLength(longestProfileName);
  m_name->setPlaceholderText(tr("Shop, production"));
  m_nameProblem = plainLabel({}, TextRole::Secondary, "critical");
  m_nameProblem->setWordWrap(true);
  m_environment = new QComboBox;
  for (const Environment environment : environments)
    m_environment->addItem(environmentWord(environment), static_cast<int>(environment));
  m_environment->setToolTip(tr("Shown in the window's frame. Dangerous actions ask more of you in PRODUCTION."));
  m_place = new QComboBox;
  m_place->addItem(tr("the desktop's keyring"), static_cast<int>(SecretPlace::Keyring));
  m_place->addItem(tr("memory, until Cachedeck quits"), static_cast<int>(SecretPlace::Session));
  m_placeHint = plainLabel({}, TextRole::Secondary, "quiet");
  m_placeHint->setWordWrap(true);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(Theme::cardPadding, Theme::cardPadding, Theme::cardPadding, Theme::cardGap);
  grid->setHorizontalSpacing(Theme::pageMargin);
  grid->setVerticalSpacing(Theme::grid);
  const std::pair<QString, QWidget*> columns[] = {
      {tr("Name"), m_name}, {tr("Environment"), m_environment}, {tr("Passwords are kept in"), m_place}};
  int at = 0;
  for (const auto& [text, editor] : columns) {
    QLabel* const label = plainLabel(text, TextRole::Label, "secondary");
    label->setBuddy(editor);
    editor->setAccessibleName(text);
    grid->addWidget(label, 0, at);
    grid->addWidget(editor, 1, at);
    grid->setColumnStretch(at++, editor == m_name ? 2 : 1);
  }
  grid->addWidget(m_nameProblem, 2, 0, Qt::AlignTop);
  grid->addWidget(m_placeHint, 2, 1, 1, 2, Qt::AlignTop);
  connect(m_name, &QLineEdit::textEdited, this, [this] {
    setNameProblem({});
    Q_EMIT edited();
  });
  connect(m_environment, &QComboBox::activated, this, [this] {
    m_environmentChosen = true;
    Q_EMIT edited();
  });
  connect(m_place, &QComboBox::currentIndexChanged, this, [this] {
    updatePlaceHint();
    Q_EMIT edited();
  });
  connect(&Theme::instance(), &Theme::changed, this, &ProfileHead::recolour);
  recolour();
  updatePlaceHint();
  setNameProblem({});
}

void ProfileHead::recolour() {
  for (int i = 0; i < m_environment->count(); ++i)
    m_environment->setItemIcon(i, dot(environmentColour(static_cast<Environment>(m_environment->itemData(i).toInt()))));
}

void ProfileHead::load(const Profile& profile, bool isNew) {
  const QSignalBlocker silent(this);
  m_name->setText(profile.name);
  m_environment->setCurrentIndex(m_environment->findData(static_cast<int>(profile.environment)));
  m_place->setCurrentIndex(m_place->findData(static_cast<int>(profile.secretPlace)));
  m_environmentChosen = !isNew;
  setNameProblem({});
}

void ProfileHead::store(Profile& profile) const {
  profile.name = m_name->text().trimmed();
  profile.environment = static_cast<Environment>(m_environment->currentData().toInt());
  profile.secretPlace = secretPlace();
}

void ProfileHead::suggestEnvironment(Environment environment) {
  if (!m_environmentChosen) m_environment->setCurrentIndex(m_environment->findData(static_cast<int>(environment)));
}

SecretPlace ProfileHead::secretPlace() const { return static_cast<SecretPlace>(m_place->currentData().toInt()); }

void ProfileHead::setKeyringProblem(const QString& problem) {
  m_keyringProblem = problem;
  updatePlaceHint();
}

void ProfileHead::updatePlaceHint() {
  const bool keyring = secretPlace() == SecretPlace::Keyring;
  const bool trouble = keyring && !m_keyringProblem.isEmpty();
  setTone(m_placeHint, trouble ? "warning" : "quiet");
  m_placeHint->setText(trouble   ? m_keyringProblem + QLatin1Char(' ') + tr("You are asked again after a restart.")
                       : keyring ? tr("Never in the profile file. Environment variables such as CACHEDECK_REDIS_PASSWORD come first.")
                                 : tr("Forgotten at the end; you are asked again after a restart."));
}

void ProfileHead::setNameProblem(const QString& problem) {
  m_nameProblem->setText(problem);
  m_name->setProperty("invalid", !problem.isEmpty());
  m_name->style()->unpolish(m_name);
  m_name->style()->polish(m_name);
}

void ProfileHead::focusName() { m_name->setFocus(); }

}  // namespace cachedeck
