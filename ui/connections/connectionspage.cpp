// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/connectionspage.h"

#include "ui/connections/profileform.h"
#include "ui/connections/profilelist.h"
#include "ui/theme/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice.h"
#include "ui/window/tinted.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

namespace cachedeck {

namespace {

constexpr int listWidth = 310, sourcesOfANewProfile = 3;

}  // namespace

ConnectionsPage::ConnectionsPage(ProfileWriter& profiles, Secrets& secrets, const Clock& clock,
                                 std::span<const SourceInfo> registry, QWidget* parent)
    : QWidget(parent), m_profiles(profiles), m_store(profiles.store()), m_secrets(secrets), m_registry(registry) {
  m_form = new ProfileForm(secrets, clock, registry);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(Theme::pageMargin, Theme::pageMargin, Theme::pageMargin, Theme::pageMargin);
  row->setSpacing(Theme::cardGap);
  row->addWidget(buildLeft());
  row->addWidget(buildRight(), 1);
  connect(m_list, &ProfileList::chosen, this, [this](const QUuid& id) { leaveForm([this, id] { openStored(id); }); });
  connect(m_list, &ProfileList::connectRequested, this, &ConnectionsPage::connectCurrent);
  connect(m_form, &ProfileForm::edited, this, &ConnectionsPage::updateButtons);
  connect(m_form, &ProfileForm::testsChanged, this, &ConnectionsPage::updateButtons);
  connect(m_connect, &QPushButton::clicked, this, &ConnectionsPage::connectCurrent);
  connect(m_save, &QPushButton::clicked, this, [this] { save(); });
  connect(m_test, &QPushButton::clicked, m_form, &ProfileForm::testAll);
  connect(m_duplicate, &QPushButton::clicked, this, &ConnectionsPage::duplicate);
  connect(m_delete, &QPushButton::clicked, this, &ConnectionsPage::removeCurrent);
  refresh();
}

QWidget* ConnectionsPage::buildLeft() {
  auto* card = new Card;
  card->setFixedWidth(listWidth);
  auto* add = new QPushButton(tr("New"));
  keepIcon(add, QStringLiteral("plus"), &Palette::text1);
  add->setToolTip(tr("New connection"));
  m_list = new ProfileList(m_registry);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(Theme::grid, 0, Theme::grid, 0);
  head->addWidget(plainLabel(tr("Profiles"), TextRole::CardTitle), 1);
  head->addWidget(add);
  auto* column = new QVBoxLayout(card);
  column->setContentsMargins(Theme::cardGap, Theme::cardGap, Theme::cardGap, Theme::cardGap);
  column->setSpacing(Theme::cardGap);
  column->addLayout(head);
  column->addWidget(m_list, 1);
  connect(add, &QPushButton::clicked, this, &ConnectionsPage::newProfile);
  return card;
}

QWidget* ConnectionsPage::buildRight() {
  m_connect = new QPushButton(tr("Connect"));
  m_connect->setProperty("kind", QStringLiteral("primary"));
  m_save = new QPushButton(tr("Save"));
  m_save->setShortcut(QKeySequence::Save);
  m_test = new QPushButton(tr("Test all"));
  m_duplicate = new QPushButton(tr("Duplicate"));
  m_delete = new QPushButton(tr("Delete"));
  m_delete->setProperty("kind", QStringLiteral("danger"));
  m_message = plainLabel({}, TextRole::Label);
  m_message->setWordWrap(true);
  auto* footer = new Card;
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(2 * Theme::grid);
  for (QPushButton* const button : {m_connect, m_save, m_test}) buttons->addWidget(button);
  buttons->addStretch(1);
  buttons->addWidget(m_duplicate);
  buttons->addWidget(m_delete);
  auto* inFooter = new QVBoxLayout(footer);
  inFooter->setContentsMargins(Theme::cardPadding, Theme::cardGap, Theme::cardPadding, Theme::cardGap);
  inFooter->addWidget(m_message);
  inFooter->addLayout(buttons);
  auto* editor = new QWidget;
  auto* column = new QVBoxLayout(editor);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  column->addWidget(m_form, 1);
  column->addWidget(footer);
  auto* nothing = new Notice(Notice::Form::Full);
  nothing->setText({QStringLiteral("plug"), Theme::instance().palette().text3, tr("No profile yet"),
                    tr("A profile holds the addresses of the servers that belong together."), {}, tr("New connection")});
  connect(nothing, &Notice::buttonClicked, this, &ConnectionsPage::newProfile);
  m_right = new QStackedWidget;
  m_right->addWidget(nothing);
  m_right->addWidget(editor);
  return m_right;
}

void ConnectionsPage::showEvent(QShowEvent*) {
  // Asked only once somebody looks, since the first contact with D-Bus can take a tenth of a second.
  if (!std::exchange(m_probed, true)) m_form->probeKeyring();
}

void ConnectionsPage::refresh() {
  m_list->setProfiles(m_store.profiles(), m_connected);
  if (m_right->currentIndex() == 0 && !m_store.profiles().isEmpty()) openStored(m_store.profiles().first().id);
  updateButtons();
}

void ConnectionsPage::setConnected(const QUuid& id) {
  m_connected = id;
  refresh();
}

QString ConnectionsPage::message() const { return m_message->text(); }

void ConnectionsPage::say(const QString& text, const char* tone) {
  setTone(m_message, tone);
  m_message->setText(text);
  m_message->setVisible(!text.isEmpty());
}

void ConnectionsPage::open(const Profile& profile, bool isNew) {
  m_form->load(profile, isNew);
  m_list->setCurrent(isNew ? QUuid() : profile.id);
  m_right->setCurrentIndex(1);
  say(isNew ? tr("New profile, not saved yet.") : QString(), "secondary");
  updateButtons();
}

void ConnectionsPage::openStored(const QUuid& id) {
  if (const Profile* const profile = m_store.find(id)) open(*profile, false);
}

void ConnectionsPage::editProfile(const QUuid& id) {
  leaveForm([this, id] { openStored(id); });
}

void ConnectionsPage::newProfile() {
  leaveForm([this] {
    Profile profile;
    profile.id = QUuid::createUuid();
    profile.environment = Environment::Development;  // follows the addresses as they are entered
    for (const SourceInfo& info : m_registry.first(qMin<size_t>(m_registry.size(), sourcesOfANewProfile)))
      profile.sources.insert(QString::fromLatin1(info.id), {});
    open(profile, true);
  });
}

void ConnectionsPage::updateButtons() {
  const bool isNew = m_form->isNew(), isChanged = m_form->isChanged();
  m_save->setEnabled(!m_saving && (isNew || isChanged));
  for (QPushButton* const button : {m_connect, m_duplicate, m_delete}) button->setEnabled(!m_saving);
  m_connect->setText(isNew || isChanged ? tr("Save and connect") : tr("Connect"));
  m_test->setEnabled(!m_form->isTesting());
  m_duplicate->setVisible(!isNew);
  m_delete->setVisible(!isNew);
}

}  // namespace cachedeck
