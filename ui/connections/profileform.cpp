// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/profileform.h"

#include "ui/connections/fieldeditor.h"
#include "ui/connections/profilefields.h"
#include "ui/connections/profilehead.h"
#include "ui/connections/sourcesection.h"
#include "ui/connections/testrow.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QScrollArea>

namespace cachedeck {

namespace {

bool sameSecrets(const std::map<SecretKey, Secret>& some, const std::map<SecretKey, Secret>& others) {
  const auto bytes = [](const Secret& secret) { return QByteArrayView(secret.data(), secret.size()); };
  return std::equal(some.begin(), some.end(), others.begin(), others.end(),
                    [&](const auto& one, const auto& other) { return one.first.entry() == other.first.entry() && bytes(one.second) == bytes(other.second); });
}

}  // namespace

ProfileForm::ProfileForm(Secrets& secrets, const Clock& clock, std::span<const SourceInfo> registry, QWidget* parent)
    : QWidget(parent), m_secrets(secrets), m_registry(registry) {
  auto* content = new QWidget;
  content->setProperty("scrollContent", true);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::cardGap);
  m_head = new ProfileHead;
  column->addWidget(m_head);
  connect(m_head, &ProfileHead::edited, this, &ProfileForm::edited);
  m_own = new ProfileFields;
  column->addWidget(m_own);
  connect(m_own, &ProfileFields::edited, this, &ProfileForm::onEdited);
  for (const SourceInfo& info : registry) {
    auto* section = new SourceSection(info);
    auto* test = new ConnectionTest(clock, this);
    const QString id = section->id();
    column->addWidget(section);
    connect(section, &SourceSection::edited, this, &ProfileForm::onEdited);
    connect(section->test(), &TestRow::testRequested, this, [this, id] { this->test(id); });
    connect(section->test(), &TestRow::cancelRequested, this, [this, id] { cancelTest(id); });
    connect(test, &ConnectionTest::finished, this, [this, section](const Result<TestOutcome>& result) {
      section->test()->showResult(result);
      Q_EMIT testsChanged();
    });
    m_entries += Entry{section, test};
  }
  column->addStretch(1);
  m_scroll = new QScrollArea;
  m_scroll->setWidget(content);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  auto* page = new QVBoxLayout(this);
  page->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_scroll);
}

ProfileForm::Entry* ProfileForm::entry(const QString& sourceId) {
  for (Entry& entry : m_entries)
    if (entry.section->id() == sourceId) return &entry;
  return nullptr;
}

SourceSection* ProfileForm::section(const QString& sourceId) const {
  for (const Entry& entry : m_entries)
    if (entry.section->id() == sourceId) return entry.section;
  return nullptr;
}

void ProfileForm::load(const Profile& profile, bool isNew) {
  m_isNew = isNew;
  m_head->load(profile, isNew);
  m_own->load(profile);
  for (const Entry& entry : std::as_const(m_entries)) {
    entry.test->cancel();
    const QString id = entry.section->id();
    ProfileSource source = profile.sources.value(id);
    source.enabled = profile.sources.contains(id) && source.enabled;
    entry.section->load(source, [&](const QString& field) { return storedWhere(profile, id, field); });
  }
  m_seen = m_loaded = profile;
  m_loaded = this->profile();  // as the form gives an untouched profile back
  m_scroll->ensureVisible(0, 0);
  if (isNew) m_head->focusName();
}

void ProfileForm::saved(const Profile& posted, const std::map<SecretKey, Secret>& typed, const Profile& stored) {
  if (profile() == posted && sameSecrets(typedSecrets(), typed)) return load(stored, false);
  m_isNew = false;
  m_seen = stored;
  m_loaded = posted;
  Q_EMIT edited();
}

QString ProfileForm::storedWhere(const Profile& profile, const QString& sourceId, const QString& field) const {
  if (!profile.sources.value(sourceId).secretFields.contains(field)) return {};
  const bool inKeyring = profile.secretPlace == SecretPlace::Keyring && !m_notInKeyring.contains({profile.id, sourceId, field});
  return inKeyring ? tr("stored in the keyring") : tr("known for this session");
}

void ProfileForm::setInKeyring(const SecretKey& key, bool isThere) {
  if (isThere) m_notInKeyring.erase(key);
  else m_notInKeyring.insert(key);
  SourceSection* const shown = key.profile == m_loaded.id ? section(key.source) : nullptr;
  if (auto* secret = shown ? qobject_cast<SecretField*>(shown->field(key.field)) : nullptr)
    secret->setStoredWhere(storedWhere(m_loaded, key.source, key.field));
}

Profile ProfileForm::profile() const {
  Profile profile = m_loaded;
  m_head->store(profile);
  m_own->store(profile);
  for (const Entry& entry : m_entries) {
    const ProfileSource source = entry.section->value();
    // A source that was never switched on does not belong into the file.
    if (source.enabled || !source.fields.isEmpty() || !source.secretFields.isEmpty() || !source.extra.isEmpty())
      profile.sources.insert(entry.section->id(), source);
    else
      profile.sources.remove(entry.section->id());
  }
  return profile;
}

void ProfileForm::onEdited() {
  m_head->suggestEnvironment(suggestedEnvironment(profile()));
  Q_EMIT edited();
}

std::map<SecretKey, Secret> ProfileForm::typedSecrets() const {
  std::map<SecretKey, Secret> typed;
  for (const Entry& entry : m_entries) {
    const QMap<QString, Secret> secrets = entry.section->typedSecrets();
    for (auto secret = secrets.begin(); secret != secrets.end(); ++secret)
      typed[{m_loaded.id, entry.section->id(), secret.key()}] = *secret;
  }
  return typed;
}

QList<SecretKey> ProfileForm::forgottenSecrets() const {
  QList<SecretKey> keys;
  for (const Entry& entry : m_entries)
    for (const QString& field : entry.section->forgottenSecrets())
      keys.append({m_loaded.id, entry.section->id(), field});
  return keys;
}

bool ProfileForm::isChanged() const {
  const auto hasUrl = [](const Entry& entry) { return entry.section->hasUnappliedUrl(); };
  return profile() != m_loaded || !typedSecrets().empty() || std::any_of(m_entries.begin(), m_entries.end(), hasUrl);
}

QString ProfileForm::problem() {
  bool anyOn = false;
  QWidget* wrong = nullptr;
  for (const Entry& entry : std::as_const(m_entries)) {
    anyOn = anyOn || entry.section->isSwitchedOn();
    QWidget* const first = entry.section->firstProblem();
    if (!wrong) wrong = first;
  }
  if (QWidget* const own = m_own->firstProblem(); !wrong) wrong = own;
  const bool nameless = profile().name.isEmpty();
  if (nameless) m_head->setNameProblem(tr("A profile needs a name."));
  if (nameless) m_scroll->ensureVisible(0, 0);
  else if (wrong) m_scroll->ensureWidgetVisible(wrong);
  if (nameless || wrong) return tr("Some fields are not right yet: see above.");
  return anyOn ? QString() : tr("Switch on at least one server.");
}

void ProfileForm::showNameProblem(const QString& problem) { m_head->setNameProblem(problem); }

void ProfileForm::test(const QString& sourceId) {
  Entry* const chosen = entry(sourceId);
  if (!chosen || chosen->section->test()->isRunning() || chosen->section->firstProblem()) return;
  chosen->number = ++m_testNumber;
  chosen->section->test()->showRunning();
  Q_EMIT testsChanged();
  Profile single = profile();
  const QMap<QString, Secret> typed = chosen->section->typedSecrets();
  ProfileSource source = single.sources.value(sourceId);
  for (const QString& field : typed.keys()) source.secretFields.removeAll(field);  // no need to ask the keyring for these
  single.sources = {{sourceId, source}};
  m_secrets.resolve(single, this, [this, sourceId, typed, number = chosen->number](ResolvedSettings resolved) {
    const Entry* const tested = entry(sourceId);
    if (tested->number != number || !tested->section->test()->isRunning()) return;  // cancelled, or another profile was opened
    SourceSettings& settings = resolved.sources[sourceId];
    for (const QString& field : tested->section->forgottenSecrets()) settings.secrets.remove(field);
    for (auto secret = typed.begin(); secret != typed.end(); ++secret) settings.secrets.insert(secret.key(), *secret);
    runTest(*tested, resolved);
  });
}

void ProfileForm::cancelTest(const QString& sourceId) {
  const Entry* const chosen = entry(sourceId);
  if (chosen->test->isRunning()) return chosen->test->cancel();
  // Still waiting for the keyring.
  chosen->section->test()->showResult(fail(Error::Kind::Cancelled, tr("Cancelled.")));
  Q_EMIT testsChanged();
}

void ProfileForm::runTest(const Entry& entry, const ResolvedSettings& resolved) {
  if (resolved.missing.isEmpty()) return entry.test->start(entry.section->info(), resolved.sources.value(entry.section->id()));
  Error error = resolved.missing.first().error;
  error.message += QLatin1Char(' ') + tr("Enter it above to test the connection.");
  entry.section->test()->showResult(error);
  Q_EMIT testsChanged();
}

void ProfileForm::testAll() {
  for (const Entry& entry : std::as_const(m_entries))
    if (entry.section->isSwitchedOn()) test(entry.section->id());
}

bool ProfileForm::isTesting() const {
  return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry& entry) { return entry.section->test()->isRunning(); });
}

void ProfileForm::probeKeyring() {
  m_secrets.probe(this, [this](const Result<void>& answer) {
    m_head->setKeyringProblem(answer ? QString() : answer.error().message);
  });
}

}  // namespace cachedeck
