// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/profile_fields.h"
#include "tests/core/tst_profile_fakes.h"
#include "tests/ui/tst_window_pictures.h"
#include "ui/connections/connectionspage.h"
#include "ui/connections/fieldeditor.h"
#include "ui/connections/profilefields.h"
#include "ui/connections/profileform.h"
#include "ui/connections/profilelist.h"
#include "ui/connections/secretdialog.h"
#include "ui/connections/sourcesection.h"
#include "ui/connections/testrow.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QToolButton>

#include <atomic>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

const QString fake = QStringLiteral("fake"), web = QStringLiteral("web"), host = QStringLiteral("host"),
              password = QStringLiteral("password");

}  // namespace

class TestConnections : public QObject {
  Q_OBJECT

  SystemClock m_clock;
  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<ProfileStore> m_store;
  std::unique_ptr<Worker> m_worker;
  std::unique_ptr<ProfileWriter> m_writer;
  std::unique_ptr<Secrets> m_secrets;
  std::unique_ptr<ConnectionsPage> m_page;
  FakeKeyring* m_keyring = nullptr;

  void makePage(std::span<const SourceInfo> registry = fakeRegistry()) {
    m_page.reset();
    m_writer.reset();
    auto keyring = std::make_unique<FakeKeyring>();
    m_keyring = keyring.get();
    m_secrets = std::make_unique<Secrets>(std::move(keyring), QProcessEnvironment(), registry);
    m_store = std::make_unique<ProfileStore>(m_folder->filePath(QStringLiteral("cachedeck")), registry);
    QVERIFY(m_store->load().ok());
    m_worker = std::make_unique<Worker>(QStringLiteral("storage"));
    m_writer = std::make_unique<ProfileWriter>(*m_store, *m_worker);
    m_page = std::make_unique<ConnectionsPage>(*m_writer, *m_secrets, m_clock, registry);
    m_page->resize(1180, 860);
    m_page->show();
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
  }
  SourceSection* section(const QString& id = fake) const { return m_page->form()->section(id); }
  QLineEdit* edit(const QString& key, const QString& id = fake) const { return section(id)->field(key)->findChild<QLineEdit*>(); }
  void type(QLineEdit* into, const QString& text) {
    into->setFocus();
    into->selectAll();
    into->insert(text);  // as a paste: keyClicks knows no é
    QTest::keyClick(into, Qt::Key_Tab);
  }
  QLineEdit* nameEdit() const {
    for (QLineEdit* const line : m_page->findChildren<QLineEdit*>())
      if (line->accessibleName() == QLatin1String("Name")) return line;
    return nullptr;
  }
  QLineEdit* urlEdit() const {
    for (QLineEdit* const line : section()->findChildren<QLineEdit*>())
      if (line->accessibleName().startsWith(QStringLiteral("URL of"))) return line;
    return nullptr;
  }
  bool urlProblemIsSaid() const {
    const auto labels = section()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && label->text() == QLatin1String("A fake:// address is needed.");
    });
  }
  QList<QMessageBox*> questions() const {
    QList<QMessageBox*> open;
    for (QMessageBox* const box : m_page->findChildren<QMessageBox*>())
      if (box->isVisible()) open += box;
    return open;
  }
  QPushButton* button(const char* text) const {
    for (QPushButton* const one : m_page->findChildren<QPushButton*>())
      if (one->text() == QLatin1String(text) && one->isVisible()) return one;
    qFatal("There is no button '%s'.", text);
  }
  QComboBox* combo(const char* name) const {
    for (QComboBox* const one : m_page->findChildren<QComboBox*>())
      if (one->accessibleName() == QLatin1String(name)) return one;
    return nullptr;
  }
  void startNew(const QString& name, const QString& hostName) {
    m_page->newProfile();
    type(nameEdit(), name);
    type(edit(host), hostName);
  }
  bool written() const { return QTest::qWaitFor([this] { return !m_page->isSaving(); }, 60000); }
  bool save() {
    m_page->save();
    return written() && m_page->message() == QLatin1String("Saved.");
  }
  QByteArray file() const {
    QFile file(m_store->file());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  QString answerOf(const QString& id = fake) {
    if (!QTest::qWaitFor([&] { return !section(id)->test()->isRunning(); }, 60000)) return QStringLiteral("(none)");
    return section(id)->test()->shown();
  }

 private Q_SLOTS:
  void init() {
    failOnWarnings();
    Theme::instance().setScheme(Theme::Scheme::Dark);
    m_folder = std::make_unique<QTemporaryDir>();
    makePage();
  }
  void cleanup() {
    m_page.reset();
    m_writer.reset();
  }

  void formIsMadeFromTheTable() {
    m_page->newProfile();
    for (const SourceInfo& info : fakeRegistry()) {
      SourceSection* const made = section(QString::fromLatin1(info.id));
      QVERIFY(made);
      for (const FieldInfo& field : info.fields) {
        FieldEditor* const editor = made->field(QString::fromLatin1(field.key));
        QVERIFY2(editor, field.key);
        using FieldKind = FieldInfo::Kind;
        QCOMPARE(qobject_cast<SecretField*>(editor) != nullptr, field.kind == FieldKind::Secret);
        QCOMPARE(qobject_cast<SwitchField*>(editor) != nullptr, field.kind == FieldKind::Switch);
        QCOMPARE(qobject_cast<ChoiceField*>(editor) != nullptr, field.kind == FieldKind::Choice);
      }
    }
    QCOMPARE(edit(host)->placeholderText(), QStringLiteral("127.0.0.1"));
    QCOMPARE(edit(password)->echoMode(), QLineEdit::Password);
    QCOMPARE(edit(host)->accessibleName(), QStringLiteral("Host"));
  }

  void theProfileHasFieldsOfItsOwn() {
    makePage(sourceRegistry());
    m_page->newProfile();
    type(nameEdit(), QStringLiteral("Shop"));
    ProfileFields& own = *m_page->form()->ownFields();
    for (const FieldInfo& field : profileFields()) QVERIFY2(own.field(QLatin1String(field.key)), field.key);
    const auto line = [&](const char* key) { return own.field(QLatin1String(key))->findChild<QLineEdit*>(); };
    QVERIFY(!own.firstProblem());
    type(line(maxUsersField), QStringLiteral("-3"));
    QCOMPARE(own.firstProblem(), own.field(QLatin1String(maxUsersField)));
    type(line(maxUsersField), QStringLiteral("50"));
    for (const char* const wrong : {"shop.example", "ftp://shop.example", "http://me:secret@shop.example", "http://shop.example/?a=b"}) {
      type(line(serviceUrlField), QLatin1String(wrong));
      QVERIFY2(own.firstProblem(), wrong);
    }
    QVERIFY(m_page->form()->isChanged());
    type(line(serviceUrlField), QStringLiteral("http://127.0.0.1:8080"));
    QVERIFY(!own.firstProblem());
    QCOMPARE(m_page->form()->profile().fields, (QMap<QString, QString>{{QLatin1String(maxUsersField), QStringLiteral("50")}, {QLatin1String(serviceUrlField), QStringLiteral("http://127.0.0.1:8080")}}));
    QCOMPARE(m_page->form()->profile().environment, Environment::Development);
    type(line(serviceUrlField), QStringLiteral("https://shop.example"));
    QCOMPARE(m_page->form()->profile().environment, Environment::Production);  // what is elsewhere is production until it is said not to be
    picture(*m_page, QStringLiteral("form-own-fields"));
  }

  void formOfTheRealRegistry() {
    makePage(sourceRegistry());
    m_page->newProfile();
    type(nameEdit(), QStringLiteral("Shop, production"));
    for (const SourceInfo& info : sourceRegistry())
      for (const FieldInfo& field : info.fields)
        QVERIFY2(section(QString::fromLatin1(info.id))->field(QString::fromLatin1(field.key)), field.key);
    QCOMPARE(section(QStringLiteral("redis"))->applyUrl(QStringLiteral("rediss://joe:pw%40x@10.0.0.5:6390/2")), QString());
    QCOMPARE(section(QStringLiteral("redis"))->value().fields.value(QStringLiteral("port")), QStringLiteral("6390"));
    QCOMPARE(m_page->form()->profile().environment, Environment::Production);
    m_page->resize(1364, 844);
    picture(*m_page, QStringLiteral("form-real"));
    Theme::instance().setScheme(Theme::Scheme::Light);
    picture(*m_page, QStringLiteral("form-real-light"));
  }

  void savedProfileHoldsNoSecret() {
    startNew(QStringLiteral("Shop"), QStringLiteral("locked"));
    type(edit(password), canary());
    QSignalSpy changes(m_page.get(), &ConnectionsPage::profilesChanged);
    QTest::mouseClick(button("Save"), Qt::LeftButton);
    QVERIFY(written());
    QCOMPARE(m_page->message(), QStringLiteral("Saved."));
    QCOMPARE(changes.size(), 1);
    const Profile saved = m_store->profiles().first();
    QCOMPARE(saved.sources[fake].fields[host], QStringLiteral("locked"));
    QCOMPARE(saved.sources[fake].secretFields, QStringList{password});
    QVERIFY(!file().contains("Canary") && !file().contains("4711"));
    const SecretKey key{saved.id, fake, password};
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.size(), size_t(1), 60000);
    QCOMPARE(m_keyring->entries[key].reveal(), canary().toUtf8());
    QVERIFY(edit(password)->text().isEmpty());
    QVERIFY(edit(password)->placeholderText().contains(QStringLiteral("stored in the keyring")));
    // What lies in the keyring is used by a test, and stays through a save that does not touch it.
    section()->test()->testRequested();
    QVERIFY2(answerOf().startsWith(QStringLiteral("Fake<b> 7.0.15 · master")), qPrintable(answerOf()));
    type(nameEdit(), QStringLiteral("Shop 2"));
    QVERIFY(save());
    QCOMPARE(m_keyring->entries[key].reveal(), canary().toUtf8());
    QTest::mouseClick(section()->field(password)->findChild<QToolButton*>(), Qt::LeftButton);
    QVERIFY(save());
    QTRY_VERIFY_WITH_TIMEOUT(m_keyring->entries.empty(), 60000);
    QVERIFY(m_store->profiles().first().sources[fake].secretFields.isEmpty());
  }

  void withoutAKeyringTheSessionKeepsIt() {
    m_keyring->broken = fail(Error::Kind::Unreachable, QStringLiteral("The keyring does not answer."));
    m_page->form()->probeKeyring();
    startNew(QStringLiteral("Shop"), QStringLiteral("locked"));
    type(edit(password), canary());
    QSignalSpy notices(m_page.get(), &ConnectionsPage::noticed);
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(notices.size(), 1, 60000);
    QVERIFY(notices[0][0].toString().contains(QStringLiteral("keyring does not answer")));
    section()->test()->testRequested();
    QVERIFY(answerOf().contains(QStringLiteral("7.0.15")));
    bool said = false;
    for (const QLabel* const label : m_page->findChildren<QLabel*>())
      said = said || label->text().contains(QStringLiteral("asked again after a restart"));
    QVERIFY(said);
    // The next start: the profile says that there is a password, nobody has it, and nothing is tried without.
    makePage();
    section()->test()->testRequested();
    QVERIFY2(answerOf().contains(QStringLiteral("Enter it above")), qPrintable(answerOf()));
  }

  void placeOfPasswordsCanChange() {
    startNew(QStringLiteral("Shop"), QStringLiteral("locked"));
    type(edit(password), canary());
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.size(), size_t(1), 60000);
    QComboBox* const place = combo("Passwords are kept in");
    place->setCurrentIndex(1);
    QVERIFY(save());
    QTRY_VERIFY_WITH_TIMEOUT(m_keyring->entries.empty(), 60000);
    section()->test()->testRequested();
    QVERIFY(answerOf().contains(QStringLiteral("7.0.15")));
    place->setCurrentIndex(0);
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.size(), size_t(1), 60000);
  }

  void testAnswersPrecisely_data() {
    QTest::addColumn<QString>("hostName");
    QTest::addColumn<QString>("answer");
    QTest::newRow("good") << QStringLiteral("good") << QStringLiteral("Fake<b> 7.0.15 · master · good · 400 µs\nNo limit is set.");
    QTest::newRow("refused") << QStringLiteral("bad") << QStringLiteral("bad:1 refused the connection. Is it running?\nerrno 111");
    QTest::newRow("no password") << QStringLiteral("locked") << QStringLiteral("The password is wrong.");
  }
  void testAnswersPrecisely() {
    QFETCH(QString, hostName);
    QFETCH(QString, answer);
    startNew(QStringLiteral("Shop"), hostName);
    QTest::mouseClick(section()->test()->findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(section()->test()->isRunning());
    QCOMPARE(answerOf(), answer);
    verifyPlainText(*m_page, QStringLiteral("<b>"));
    picture(*m_page, QStringLiteral("test-") + hostName);
    type(edit(host), QStringLiteral("x"));
    QCOMPARE(section()->test()->shown(), QString());  // an old answer says nothing about a new address
  }

  void testCanBeCancelled() {
    startNew(QStringLiteral("Shop"), QStringLiteral("slow"));
    QPushButton* const test = section()->test()->findChild<QPushButton*>();
    QTest::mouseClick(test, Qt::LeftButton);
    QCOMPARE(test->text(), QStringLiteral("Cancel"));
    QTest::mouseClick(test, Qt::LeftButton);  // before the keyring answered
    QCOMPARE(section()->test()->shown(), QStringLiteral("Cancelled."));
    QTest::mouseClick(test, Qt::LeftButton);
    QTest::qWait(50);
    QVERIFY(section()->test()->isRunning());
    QTest::mouseClick(test, Qt::LeftButton);
    QCOMPARE(section()->test()->shown(), QStringLiteral("Cancelled."));
    type(edit(host), QStringLiteral("good"));
    QTest::mouseClick(test, Qt::LeftButton);
    QVERIFY(answerOf().contains(QStringLiteral("good")));
    type(edit(host), QStringLiteral("slow"));
    m_page->form()->testAll();
    QTest::qWait(20);
    m_page.reset();  // a page that goes away stops its tests
  }

  void typedPasswordWinsOverTheStoredOne() {
    startNew(QStringLiteral("Shop"), QStringLiteral("locked"));
    type(edit(password), QStringLiteral("wrong one"));
    QVERIFY(save());
    type(edit(password), canary());
    section()->test()->testRequested();
    QVERIFY(answerOf().contains(QStringLiteral("7.0.15")));
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.begin()->second.reveal(), QByteArray("wrong one"), 60000);  // a test stores nothing
  }

  void urlFillsTheFields() {
    m_page->newProfile();
    QLineEdit* url = nullptr;
    for (QLineEdit* const line : section()->findChildren<QLineEdit*>())
      if (line->accessibleName().startsWith(QStringLiteral("URL of"))) url = line;
    url->setFocus();
    QTest::keyClicks(url, QStringLiteral("http://nowhere"));
    QTest::keyClick(url, Qt::Key_Return);
    bool said = false;
    for (const QLabel* const label : section()->findChildren<QLabel*>())
      said = said || label->text() == QLatin1String("A fake:// address is needed.");
    QVERIFY(said);
    QCOMPARE(section()->applyUrl(QStringLiteral("fake://joe:s%40crt@good:7000")), QString());
    QCOMPARE(edit(host)->text(), QStringLiteral("good"));
    QCOMPARE(section()->value().fields.value(QStringLiteral("port")), QStringLiteral("7000"));
    QCOMPARE(section()->typedSecrets().value(password).reveal(), QByteArray("s@crt"));
    QVERIFY(url->text().isEmpty());
    // A URL with a password in a plain field does not stay there.
    type(edit(host), QStringLiteral("fake://joe:other@good2"));
    QCOMPARE(edit(host)->text(), QStringLiteral("good2"));
    QCOMPARE(section()->typedSecrets().value(password).reveal(), QByteArray("other"));
  }

  void mistakesAreSaidBesideTheField() {
    startNew(QStringLiteral("  "), QStringLiteral("good"));
    type(edit(QStringLiteral("port")), QStringLiteral("70000"));
    type(edit(QStringLiteral("ca")), QStringLiteral("/no/such/file.pem"));
    QVERIFY(!save());
    QVERIFY(m_store->profiles().isEmpty());
    QCOMPARE(section()->field(QStringLiteral("port"))->problem(), QStringLiteral("A port is a number from 1 to 65535."));
    QVERIFY(!section()->field(QStringLiteral("ca"))->problem().isEmpty());
    picture(*m_page, QStringLiteral("form-mistakes"));
    type(nameEdit(), QStringLiteral("Shop"));
    type(edit(QStringLiteral("port")), QStringLiteral("7000"));
    type(edit(QStringLiteral("ca")), m_folder->path());
    QVERIFY(save());
    startNew(QStringLiteral("shop"), QStringLiteral("good"));
    QVERIFY(!save());
    QVERIFY(m_page->message().contains(QStringLiteral("There is a profile")));
    for (QCheckBox* const box : {section(fake)->findChild<QCheckBox*>(), section(web)->findChild<QCheckBox*>()}) box->setChecked(false);
    type(nameEdit(), QStringLiteral("Empty"));
    QVERIFY(!save());
    QCOMPARE(m_page->message(), QStringLiteral("Switch on at least one server."));
  }

  void environmentFollowsTheAddressUntilChosen() {
    startNew(QStringLiteral("Shop"), QStringLiteral("127.0.0.1"));
    QCOMPARE(m_page->form()->profile().environment, Environment::Development);
    type(edit(host), QStringLiteral("10.0.0.5"));
    QCOMPARE(m_page->form()->profile().environment, Environment::Production);
    QComboBox* const environment = combo("Environment");
    environment->setCurrentIndex(1);
    Q_EMIT environment->activated(1);
    type(edit(host), QStringLiteral("10.0.0.6"));
    QCOMPARE(m_page->form()->profile().environment, Environment::Staging);
  }

  void unsavedChangesAreAskedAbout() {
    startNew(QStringLiteral("First"), QStringLiteral("good"));
    QVERIFY(save());
    startNew(QStringLiteral("Second"), QStringLiteral("good"));
    QVERIFY(save());
    auto* list = m_page->findChild<ProfileList*>();
    QCOMPARE(list->count(), 2);
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("First"));
    type(edit(host), QStringLiteral("changed"));
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    auto* question = m_page->findChild<QMessageBox*>();
    QVERIFY(question);
    QCOMPARE(question->textFormat(), Qt::PlainText);
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("First"));
    question->button(QMessageBox::Save)->click();
    QVERIFY(written());
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("Second"));
    QCOMPARE(m_store->findByName(QStringLiteral("First"))->sources[fake].fields[host], QStringLiteral("changed"));
  }

  // A new profile leaves the list without a current row. Each time the keyboard came back to the list, also after Escape in
  // the question, the first row became the current one and the question came again, one more per click.
  void unsavedChangesAreAskedAboutOnceAndCanBeCancelled() {
    for (const QString& name : {QStringLiteral("First"), QStringLiteral("Second")}) {
      startNew(name, QStringLiteral("good"));
      QVERIFY(save());
    }
    QTest::mouseClick(button("New"), Qt::LeftButton);
    type(nameEdit(), QStringLiteral("Third"));
    auto* list = m_page->findChild<ProfileList*>();
    for (int row : {1, 0, 1}) {
      QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(row)).center());
      QCOMPARE(questions().size(), 1);
      m_page->newProfile();  // by a shortcut, say
      QCOMPARE(questions().size(), 1);
      QTest::keyClick(questions().first(), Qt::Key_Escape);
      m_page->activateWindow();
      QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
      list->clearFocus();
      list->setFocus();
      QCoreApplication::processEvents();
      QCOMPARE(questions().size(), 0);
      QVERIFY(!list->currentItem());
      QVERIFY(list->selectedItems().isEmpty());
      QCOMPARE(m_page->form()->profile().name, QStringLiteral("Third"));
    }
    // The same for a stored profile: its row is the marked one again.
    m_page->form()->load(m_store->profiles().first(), false);
    type(edit(host), QStringLiteral("changed"));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1)).center());
    QCOMPARE(questions().size(), 1);
    QTest::keyClick(questions().first(), Qt::Key_Escape);
    QCOMPARE(list->currentRow(), 0);
    QCOMPARE(list->selectedItems(), QList<QListWidgetItem*>{list->item(0)});
    // And the answer is still followed.
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(1)).center());
    questions().first()->button(QMessageBox::Discard)->click();
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("Second"));
    QCOMPARE(list->currentRow(), 1);
  }

  // At "fake://c" of "fake://cache.example:7000" the line was taken for a whole URL and cleared.
  void typedUrlIsAppliedWhenItIsWhole() {
    m_page->newProfile();
    QLineEdit* const url = urlEdit();
    const QString whole = QStringLiteral("fake://cache.example:7000");
    url->setFocus();
    QTest::keyClicks(url, whole);
    QCOMPARE(url->text(), whole);
    QCOMPARE(edit(host)->text(), QString());
    QTest::keyClick(url, Qt::Key_Tab);  // the keyboard leaves
    QCOMPARE(url->text(), QString());
    QCOMPARE(edit(host)->text(), QStringLiteral("cache.example"));
    QCOMPARE(edit(QStringLiteral("port"))->text(), QStringLiteral("7000"));
    url->setFocus();
    QTest::keyClicks(url, QStringLiteral("fake://two"));
    QWidget other;  // something to copy from: not the end of typing
    other.show();
    other.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    QCOMPARE(url->text(), QStringLiteral("fake://two"));
    other.close();
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    url->setFocus();
    QTest::keyClick(url, Qt::Key_Return);
    QCOMPARE(edit(host)->text(), QStringLiteral("two"));
    url->insert(QStringLiteral("fake://pasted"));  // what a paste does
    QCOMPARE(url->text(), QString());
    QCOMPARE(edit(host)->text(), QStringLiteral("pasted"));
  }

  // "Test" was green for the old address while the URL line held another one; "Save" saved the old one.
  void urlInItsLineCountsBeforeTestAndSave() {
    startNew(QStringLiteral("Shop"), QStringLiteral("good"));
    QVERIFY(save());
    QLineEdit* const url = urlEdit();
    url->setFocus();
    QTest::keyClicks(url, QStringLiteral("fake://bad"));
    QVERIFY(button("Save")->isEnabled());
    QVERIFY(button("Save and connect"));
    section()->test()->testRequested();
    QVERIFY2(answerOf().contains(QStringLiteral("refused")), qPrintable(answerOf()));
    QTest::keyClicks(url, QStringLiteral("fake://good3"));
    QSignalSpy connects(m_page.get(), &ConnectionsPage::connectRequested);
    button("Save and connect")->click();
    QTRY_COMPARE_WITH_TIMEOUT(connects.size(), 1, 60000);
    QCOMPARE(m_store->profiles().first().sources[fake].fields[host], QStringLiteral("good3"));
    QTest::keyClicks(url, QStringLiteral("http://nowhere"));
    section()->test()->testRequested();
    QVERIFY(!section()->test()->isRunning());
    QCOMPARE(section()->test()->shown(), QString());
    QVERIFY(urlProblemIsSaid());
    button("Save and connect")->click();
    QCOMPARE(connects.size(), 1);
    QVERIFY(!save());
    QVERIFY(urlProblemIsSaid());
    QCOMPARE(url->text(), QStringLiteral("http://nowhere"));
    url->clear();
    QVERIFY(save());
  }

  // The password of one server was sent to the next one whose URL came without any.
  void passwordDoesNotGoToAnotherAddress() {
    startNew(QStringLiteral("Shop"), QStringLiteral("good"));
    type(edit(password), canary());
    QCOMPARE(section()->applyUrl(QStringLiteral("fake://locked")), QString());
    QVERIFY(section()->typedSecrets().isEmpty());
    section()->test()->testRequested();
    QCOMPARE(answerOf(), QStringLiteral("The password is wrong."));
    type(edit(host), QStringLiteral("good"));
    type(edit(password), canary());
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.size(), size_t(1), 60000);
    // A stored one neither, also when another is typed and deleted again.
    QCOMPARE(section()->applyUrl(QStringLiteral("fake://joe:other@locked")), QString());
    type(edit(password), QString());
    QVERIFY(section()->value().secretFields.isEmpty());
    section()->test()->testRequested();
    QCOMPARE(answerOf(), QStringLiteral("The password is wrong."));
    QVERIFY(save());
    QTRY_VERIFY_WITH_TIMEOUT(m_keyring->entries.empty(), 60000);
  }

  // "stored in the keyring" stood in the field although the keyring had refused it.
  void passwordIsSaidToBeStoredOnlyWhenItIs() {
    m_keyring->broken = fail(Error::Kind::Unreachable, QStringLiteral("The keyring does not answer."));
    startNew(QStringLiteral("Shop"), QStringLiteral("locked"));
    type(edit(password), canary());
    QSignalSpy notices(m_page.get(), &ConnectionsPage::noticed);
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(notices.size(), 1, 60000);
    const QString session = QStringLiteral("•••••••• known for this session");
    QCOMPARE(edit(password)->placeholderText(), session);
    m_page->newProfile();
    m_page->editProfile(m_store->profiles().first().id);
    QCOMPARE(edit(password)->placeholderText(), session);
    m_keyring->broken.reset();
    type(edit(password), canary());
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(edit(password)->placeholderText(), QStringLiteral("•••••••• stored in the keyring"), 60000);
  }

  void duplicateAndDelete() {
    startNew(QStringLiteral("Shop <b>"), QStringLiteral("locked"));
    type(edit(password), canary());
    QVERIFY(save());
    QTRY_COMPARE_WITH_TIMEOUT(m_keyring->entries.size(), size_t(1), 60000);
    QTest::mouseClick(button("Duplicate"), Qt::LeftButton);
    QVERIFY(save());
    QCOMPARE(m_store->profiles().size(), 2);
    QCOMPARE(m_store->profiles()[1].name, QStringLiteral("Shop <b> (2)"));
    QVERIFY(m_store->profiles()[1].sources[fake].secretFields.isEmpty());
    m_page->setConnected(m_store->profiles()[1].id);
    picture(*m_page, QStringLiteral("form-two"));
    m_page->editProfile(m_store->profiles()[0].id);
    QTest::mouseClick(button("Delete"), Qt::LeftButton);
    auto* question = m_page->findChild<QMessageBox*>();
    QCOMPARE(question->textFormat(), Qt::PlainText);
    question->findChild<QPushButton*>(QStringLiteral("delete"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(m_store->profiles().size(), 1, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(m_keyring->entries.empty(), 60000);
  }

  void connectSavesFirst() {
    QSignalSpy connects(m_page.get(), &ConnectionsPage::connectRequested);
    startNew(QStringLiteral("Shop"), QStringLiteral("good"));
    QTest::mouseClick(button("Save and connect"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(connects.size(), 1, 60000);
    QCOMPARE(connects[0][0].toUuid(), m_store->profiles().first().id);
    QTest::mouseClick(button("Connect"), Qt::LeftButton);
    auto* list = m_page->findChild<ProfileList*>();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(connects.size(), 3);
  }

  // The window's thread waited for the lock and the disk. What is typed meanwhile stays, and another profile opens when the save is done, without a question about it.
  void savingHoldsNobodyUp() {
    for (const QString& name : {QStringLiteral("First"), QStringLiteral("Second")}) {
      startNew(name, QStringLiteral("good"));
      QVERIFY(save());
    }
    std::atomic<bool> holds = true;
    const auto hold = [&] {
      holds = true;
      m_worker->post([&](std::stop_token) { while (holds) QThread::msleep(1); });
    };
    hold();
    type(edit(host), QStringLiteral("good2"));
    m_page->save();
    QVERIFY(m_page->isSaving());
    QVERIFY(!button("Save")->isEnabled() && !button("Delete")->isEnabled());
    type(edit(host), QStringLiteral("good3"));
    holds = false;
    QVERIFY(written());
    QCOMPARE(m_store->findByName(QStringLiteral("Second"))->sources[fake].fields[host], QStringLiteral("good2"));
    QCOMPARE(edit(host)->text(), QStringLiteral("good3"));
    QVERIFY(button("Save")->isEnabled());
    hold();
    m_page->save();
    m_page->editProfile(m_store->findByName(QStringLiteral("First"))->id);
    QVERIFY(questions().isEmpty());
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("Second"));
    holds = false;
    QVERIFY(written());
    QCOMPARE(m_store->findByName(QStringLiteral("Second"))->sources[fake].fields[host], QStringLiteral("good3"));
    QCOMPARE(m_page->form()->profile().name, QStringLiteral("First"));
    QVERIFY(questions().isEmpty());
  }

  // Record was switched on, and a chart added, while the form was open: saving another address took both back. Another instance's change of what the form shows is shown, not written over.
  void whatChangedMeanwhileStays() {
    startNew(QStringLiteral("Shop"), QStringLiteral("good"));
    QVERIFY(save());
    const QUuid id = m_store->profiles().first().id;
    bool noted = false;
    m_writer->post(
        [id](ProfileStore& store) {
          return store.change(id, [](Profile& profile) {
            profile.fields[QLatin1String(recordField)] = QStringLiteral("true");
            profile.ownPanels = {{QStringLiteral("next"), 2}};
          });
        },
        this, [&](const Result<void>& result) { noted = result.ok(); });
    QTRY_VERIFY_WITH_TIMEOUT(noted, 60000);
    type(edit(host), QStringLiteral("good2"));
    QVERIFY(save());
    const Profile saved = *m_store->find(id);
    QCOMPARE(saved.sources[fake].fields[host], QStringLiteral("good2"));
    QCOMPARE(saved.fields.value(QLatin1String(recordField)), QStringLiteral("true"));
    QVERIFY(!saved.ownPanels.isEmpty());
    QVERIFY(!m_page->form()->isChanged());

    ProfileStore other(m_folder->filePath(QStringLiteral("cachedeck")), fakeRegistry());
    QVERIFY(other.load());
    Profile theirs = saved;
    theirs.sources[fake].fields[host] = QStringLiteral("theirs");
    QVERIFY(other.save(theirs));
    type(edit(host), QStringLiteral("ours"));
    QVERIFY(!save());
    QVERIFY2(m_page->message().contains(QStringLiteral("changed the profile")), qPrintable(m_page->message()));
    QCOMPARE(edit(host)->text(), QStringLiteral("theirs"));
    type(edit(host), QStringLiteral("ours"));
    QVERIFY(save());
    QCOMPARE(m_store->find(id)->sources[fake].fields[host], QStringLiteral("ours"));
  }

  void everythingIsReachableByKeyboard() {
    m_page->newProfile();
    QSet<QWidget*> visited;
    for (int i = 0; i < 80; ++i) {
      QTest::keyClick(m_page.get(), Qt::Key_Tab);
      visited += QApplication::focusWidget();
    }
    for (const SourceInfo& info : fakeRegistry())
      for (const FieldInfo& field : info.fields) {
        FieldEditor* const editor = section(QString::fromLatin1(info.id))->field(QString::fromLatin1(field.key));
        QVERIFY2(std::any_of(visited.begin(), visited.end(), [&](const QWidget* widget) { return widget && editor->isAncestorOf(widget); }), field.key);
      }
    for (const char* const text : {"Save and connect", "Save", "Test all", "New"}) QVERIFY2(visited.contains(button(text)), text);
  }

  void startsWithAnInvitation() {
    picture(*m_page, QStringLiteral("connections-empty"));
    QTest::mouseClick(button("New connection"), Qt::LeftButton);
    QVERIFY(m_page->form()->isVisible());
    QVERIFY(m_page->form()->isNew());
  }

  void passwordDialogNeverGivesAnEmptyOne() {
    Profile profile;
    profile.name = QStringLiteral("<b>Shop</b>");
    const SecretKey key{QUuid::createUuid(), fake, password};
    auto* dialog = new SecretDialog(profile, QStringLiteral("Fake"), {key, QStringLiteral("Password"), fail(Error::Kind::NotFound, QStringLiteral("The keyring does not hold it."))}, m_page.get());
    QSignalSpy given(dialog, &SecretDialog::given);
    dialog->open();
    verifyPlainText(*dialog, QStringLiteral("<b>"));
    picture(*dialog, QStringLiteral("password"));
    auto* line = dialog->findChild<QLineEdit*>();
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(given.size(), 0);
    QTest::keyClicks(line, QStringLiteral("s3cret"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(given.size(), 1);
    QCOMPARE(given[0][1].value<Secret>().reveal(), QByteArray("s3cret"));
    QCOMPARE(given[0][2].toBool(), false);
  }
};

QTEST_MAIN(TestConnections)
#include "tst_connections.moc"
