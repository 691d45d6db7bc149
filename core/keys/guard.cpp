// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/guard.h"

#include "core/cacheaside/glob.h"
#include "core/keys/undo.h"

#include <algorithm>

namespace cachedeck::keys {

namespace {

constexpr std::size_t leastLiteral = 3;  // leading bytes without wildcard that a pattern needs in production

bool tooWide(const Selector& selector) {
  if (selector.byName) return false;
  return selector.patterns.isEmpty() ||
         std::ranges::any_of(selector.patterns, [](const QByteArray& pattern) { return cacheaside::globPrefix({pattern.constData(), static_cast<std::size_t>(pattern.size())}).size() < leastLiteral; });
}

}  // namespace

Guard::Guard(QString profile, Environment environment, Journal& journal) : m_profile(std::move(profile)), m_environment(environment), m_journal(journal) {}

/// Equally strict ones: the operation's profile is what is typed, since its servers are meant.
Guard Guard::forOperation(const OperationOwner& owner) const {
  if (owner.environment.value_or(Environment::Development) < m_environment) return *this;
  Guard strict(owner.profile, owner.environment.value_or(m_environment), m_journal);
  strict.m_unlockedUntilNs = m_unlockedUntilNs;
  strict.m_reason = m_reason;
  return strict;
}

qint64 Guard::writableForMs(const Clock& clock) const {
  if (m_environment != Environment::Production) return std::chrono::milliseconds(unlockedFor).count();
  return std::max<qint64>(0, (m_unlockedUntilNs - clock.now().steadyNs) / 1'000'000);
}

Result<void> Guard::unlock(const QString& reason, const Clock& clock) {
  const QString text = reason.trimmed();
  if (text.size() < 3) return fail(Error::Kind::Usage, QStringLiteral("Say in a few words why “%1” is to be changed; the journal keeps it.").arg(m_profile));
  JournalEntry entry;
  entry.action = QStringLiteral("unlock");
  entry.phase = QStringLiteral("note");
  entry.profile = m_profile;
  entry.where = environmentKey(m_environment);
  entry.text = text;
  if (const Result<JournalEntry> written = m_journal.append(entry); !written) return written.error();
  m_reason = text;
  m_unlockedUntilNs = clock.now().steadyNs + std::chrono::nanoseconds(unlockedFor).count();
  return {};
}

QString Guard::phraseFor(qint64 keys) const {
  if (m_environment == Environment::Development) return {};
  if (m_environment == Environment::Staging) return QString::number(keys);
  return QStringLiteral("%1 %2").arg(m_profile, QString::number(keys));
}

Result<void> Guard::writable(const QString& what, const Clock& clock) const {
  if (writableForMs(clock) > 0) return {};
  return fail(Error::Kind::Permission, QStringLiteral("“%1” is a production profile and read-only. Unlock it with a reason to %2.").arg(m_profile, what));
}

Result<WritePermit> Guard::permit(const QString& what, const Clock& clock) const {
  if (const Result<void> may = writable(what, clock); !may) return may.error();
  return WritePermit(m_profile, m_reason, m_environment == Environment::Development ? QString() : QStringLiteral(""));
}

Result<WritePermit> Guard::permitOperation(const QString& what, const QString& id, const OperationOwner& owner, qint64 keys, qint64 lookedAtMs, const QString& typed, const Clock& clock) const {
  const Guard strict = forOperation(owner);
  if (const Result<void> may = strict.writable(what, clock); !may) return may.error();
  if (clock.now().wallMs - lookedAtMs > std::chrono::milliseconds(Plan::goodFor).count())
    return fail(Error::Kind::Permission, QStringLiteral("What is left of the operation was looked at over %1 minutes ago. Look again.").arg(Plan::goodFor.count()));
  const QString phrase = strict.phraseFor(keys);
  if (typed.simplified() != phrase.simplified()) return fail(Error::Kind::Permission, QStringLiteral("To %1, type “%2”.").arg(what, phrase));
  return WritePermit(strict.m_profile, m_reason, id);
}

Result<WritePermit> Guard::permitResume(const ResumePreview& preview, const QString& typed, const Clock& clock) const {
  return permitOperation(QStringLiteral("go on with the operation"), preview.id, preview.owner(), preview.remaining, preview.previewedMs, typed, clock);
}

Result<WritePermit> Guard::permitUndo(const UndoPreview& preview, const QString& typed, const Clock& clock) const {
  return permitOperation(QStringLiteral("undo the operation"), preview.id, preview.owner(), preview.keys, preview.previewedMs, typed, clock);
}

Result<WritePermit> Guard::permitDiscard(const DiscardPreview& preview, const QString& typed, const Clock& clock) const {
  if (preview.keys == 0) return WritePermit(preview.owner.profile, m_reason, preview.right());
  return permitOperation(QStringLiteral("discard the images of the operation"), preview.right(), preview.owner, preview.keys, preview.previewedMs, typed, clock);
}

Result<WritePermit> Guard::permit(const Plan& plan, const QString& typed, const Clock& clock) const {
  if (const Result<void> may = writable(QStringLiteral("carry the plan out"), clock); !may) return may.error();
  if (!plan.server.primary)
    return fail(Error::Kind::Permission, QStringLiteral("%1 is a replica: what is changed there is lost or refused. Connect to its primary.").arg(plan.server.text()));
  if (clock.now().wallMs - plan.createdMs > std::chrono::milliseconds(Plan::goodFor).count())
    return fail(Error::Kind::Permission, QStringLiteral("The plan is older than %1 minutes and may no longer be right. Make it again.").arg(Plan::goodFor.count()));
  if (m_environment == Environment::Production && tooWide(plan.selector))
    return fail(Error::Kind::Permission, QStringLiteral("In production a pattern has to begin with at least %1 plain characters; “%2” may match anything.").arg(leastLiteral).arg(plan.selector.text()));
  const QString phrase = phraseFor(plan.keys);
  if (typed.simplified() != phrase.simplified())
    return fail(Error::Kind::Permission, QStringLiteral("To confirm, type “%1”.").arg(phrase));
  return WritePermit(m_profile, m_reason, plan.id);
}

}  // namespace cachedeck::keys
