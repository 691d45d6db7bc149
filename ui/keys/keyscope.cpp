// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyscope.h"

#include "core/base/amounts.h"
#include "core/base/text.h"
#include "core/cacheaside/glob.h"
#include "core/keys/inspect.h"
#include "core/keys/key_text.h"

#include <QCoreApplication>

namespace cachedeck {

using namespace keys;

namespace {

constexpr qsizetype mostNamesOfACommand = 20;

QString tr(const char* text) { return QCoreApplication::translate("Keys", text); }

/// The text with which exactly the pattern's keys begin; nothing when it says more than that.
std::optional<QByteArray> plainPrefix(const QByteArray& pattern) {
  const QByteArray prefix = QByteArray::fromStdString(cacheaside::globPrefix({pattern.constData(), static_cast<std::size_t>(pattern.size())}));
  return Selector::prefixPattern(prefix) == pattern ? std::optional(prefix) : std::nullopt;
}

QString option(const char* name, const QString& value) { return QLatin1String(name) + QLatin1Char(' ') + shellWord(value); }

QString serverOf(const KeysTarget& target) {
  if (target.saved) return option("--profile", target.profile);
  const RedisOptions& redis = target.redis;
  if (!redis.socketPath.isEmpty()) return option("--redis", QStringLiteral("unix://%1?db=%2").arg(redis.socketPath).arg(redis.database));
  return option("--redis", QStringLiteral("%1://%2/%3").arg(redis.tls ? QStringLiteral("rediss") : QStringLiteral("redis"), redis.endpoint()).arg(redis.database));
}

/// Without a saved profile the query's server has to be named too; a password is asked for.
QStringList queryWords(const KeysTarget& target, const KeyScope& scope) {
  QStringList words;
  if (!target.saved && target.postgres) {
    const auto field = [&](const char* key) { return target.postgres->field(QLatin1String(key)); };
    const QString user = field("user").isEmpty() ? QString() : field("user") + QLatin1Char('@'), port = field("port").isEmpty() ? QStringLiteral("5432") : field("port");
    words << option("--postgres", field("host").startsWith(QLatin1Char('/')) ? QStringLiteral("postgresql://%1/%2?host=%3&port=%4").arg(user, field("database"), field("host"), port)
                                                                            : QStringLiteral("postgresql://%1%2:%3/%4").arg(user, field("host"), port, field("database")));
  }
  words << QStringLiteral("--sql ") + shellWord(scope.sql) << QStringLiteral("--template ") + shellWord(scope.form);
  return words;
}

QStringList selection(const KeysTarget& target, const KeyScope& scope) {
  const Selector& s = scope.selector;
  QStringList words;
  if (scope.kind == KeyScope::Kind::Query) words << queryWords(target, scope);
  else if (scope.kind == KeyScope::Kind::File) words << option("--from-file", scope.file);
  else if (const QString file = keyListFile(target, scope); !file.isEmpty()) words << option("--from-file", file);
  else if (s.byName) for (const QByteArray& name : s.names) words << option("--key", escaped(name));
  else if (scope.kind == KeyScope::Kind::Prefix) words << option("--prefix", escaped(scope.prefix));
  else if (s.patterns.isEmpty()) words << QStringLiteral("--match '*'");
  else for (const QByteArray& pattern : s.patterns) words << option("--match", QString::fromUtf8(pattern));  // as Redis reads it: a backslash is the glob's own
  if (!s.type.isEmpty()) words << option("--type", QString::fromLatin1(s.type));
  if (s.ttlAboveMs) words << option("--ttl-above", commandSpan(*s.ttlAboveMs));
  if (s.ttlBelowMs) words << option("--ttl-below", commandSpan(*s.ttlBelowMs));
  if (s.withoutTtl) words << QStringLiteral("--no-ttl");
  if (s.idleAboveS) words << option("--idle-above", commandSpan(1000 * *s.idleAboveS));
  if (s.bytesAbove) words << option("--larger-than", QString::number(*s.bytesAbove));
  return words;
}

QStringList change(const Action& action) {
  const ActionInfo& info = infoOf(action.kind);
  QStringList words;
  if (action.kind == ActionKind::Delete) return words;
  const QString name = QLatin1String("--") + QLatin1String(info.id);
  const QString jitter = action.jitter > 0 ? QStringLiteral("%1%").arg(100 * action.jitter) : QString();
  const QString time = action.amountMs < 0 ? QLatin1Char('-') + commandSpan(-action.amountMs) : commandSpan(action.amountMs);
  if (info.takesTime) words << name + QLatin1Char(' ') + (jitter.isEmpty() ? time : time + QLatin1Char('~') + jitter);
  else if (info.takesFactor) words << name + QLatin1Char(' ') + QString::number(action.factor);
  else if (action.kind == ActionKind::Jitter) words << name + QLatin1Char(' ') + jitter;
  else words << name;
  static constexpr const char* conditions[] = {"", "nx", "xx", "gt", "lt"};
  if (action.condition != Condition::Always) words << option("--only-if", QLatin1String(conditions[static_cast<int>(action.condition)]));
  return words;
}

QString consentWords(const KeysTarget& target, const Consent& consent) {
  switch (target.environment) {
    case Environment::Development: return QStringLiteral("--yes");
    case Environment::Staging: return option("--confirm", consent.phrase);
    case Environment::Production: break;
  }
  return option("--unlock", consent.reason.isEmpty() ? tr("why") : consent.reason) + QLatin1Char(' ') + option("--confirm", consent.phrase);
}

QString operationCommand(const char* verb, const KeysTarget& target, const QString& id, const Consent& consent) {
  return QStringList{QStringLiteral("cachedeck keys ") + QLatin1String(verb), id, serverOf(target), consentWords(target, consent)}.join(QLatin1Char(' '));
}

}  // namespace

QString KeyScope::blocked() const {
  if (also.isEmpty()) return {};
  return tr("The pattern %1 cuts across this prefix, which no plan can say exactly. Clear the pattern, put both into one, or pick the keys.").arg(shownKey(also, 60));
}

QString KeyScope::title() const {
  switch (kind) {
    case Kind::Picked: return selector.names.size() == 1 ? tr("1 picked key") : tr("%1 picked keys").arg(countText(selector.names.size()));
    case Kind::List: return selector.names.size() == 1 ? tr("1 named key") : tr("%1 named keys").arg(countText(selector.names.size()));
    case Kind::File: return tr("Names in %1").arg(printable(file, 120));
    case Kind::Query: return tr("Names %1 of a query").arg(printable(form, 80));
    case Kind::Prefix: {
      Selector rest = selector;
      rest.patterns = {};
      const QString filters = rest.needsFacts() ? rest.text().section(QStringLiteral(", "), 1) : QString();
      return tr("Prefix %1").arg(shownKey(prefix, 80)) + (filters.isEmpty() ? QString() : QStringLiteral(", ") + filters);
    }
    case Kind::Filter: return selector.matchesAll() ? tr("All keys") : tr("Filter %1").arg(selector.text());
  }
  return {};
}

KeyScope filterScope(const Selector& filter) {
  KeyScope scope;
  scope.selector = filter;
  return scope;
}

KeyScope prefixScope(const Selector& filter, const QByteArray& prefix) {
  KeyScope scope;
  scope.kind = KeyScope::Kind::Prefix;
  scope.prefix = prefix;
  scope.selector = filter;
  scope.selector.patterns = {Selector::prefixPattern(prefix)};
  for (const QByteArray& pattern : filter.patterns) {
    const auto plain = plainPrefix(pattern);
    if (!plain || !prefix.startsWith(*plain)) scope.also = pattern;
  }
  return scope;
}

KeyScope pickedScope(const QList<QByteArray>& names) {
  KeyScope scope;
  scope.kind = KeyScope::Kind::Picked;
  scope.selector.byName = true;
  scope.selector.names = names;
  scope.known = names.size();
  return scope;
}

KeyScope listScope(const QList<QByteArray>& names) {
  KeyScope scope = pickedScope(names);
  scope.kind = KeyScope::Kind::List;
  return scope;
}

KeyScope fileScope(const QString& file) {
  KeyScope scope;
  scope.kind = KeyScope::Kind::File;
  scope.selector.byName = true;
  scope.file = file;
  return scope;
}

KeyScope queryScope(const QString& sql, const QString& form) {
  KeyScope scope;
  scope.kind = KeyScope::Kind::Query;
  scope.selector.byName = true;
  scope.sql = sql;
  scope.form = form;
  return scope;
}

QString keyListFile(const KeysTarget& target, const KeyScope& scope) {
  const bool listed = scope.kind == KeyScope::Kind::Picked || scope.kind == KeyScope::Kind::List;
  if (!listed || scope.selector.names.size() <= mostNamesOfACommand) return {};
  return scope.file.isEmpty() ? target.stateFolder + QStringLiteral("/lists/keys.txt") : scope.file;
}

QString keysCommand(const KeysTarget& target, const KeyScope& scope, const Action& action, const RunOptions& options, const Consent& consent) {
  QStringList words{QStringLiteral("cachedeck keys"), action.deletes() ? QStringLiteral("delete") : QStringLiteral("ttl"), serverOf(target)};
  words += selection(target, scope);
  words += change(action);
  if (options.budgetMs > 0) words << option("--budget-ms", QString::number(options.budgetMs));
  if (options.keysPerSecond > 0) words << option("--rate", QString::number(options.keysPerSecond, 'f', 0));
  if (!options.undo) words << QStringLiteral("--no-undo");
  else if (options.undoCap != RunOptions().undoCap) words << option("--undo-cap", QString::number(options.undoCap >> 20));
  words << consentWords(target, consent);
  return words.join(QLatin1Char(' '));
}

QString undoCommand(const KeysTarget& target, const QString& id, const Consent& consent) { return operationCommand("undo", target, id, consent); }
QString resumeCommand(const KeysTarget& target, const QString& id, const Consent& consent) { return operationCommand("resume", target, id, consent); }

QString flushCommand(const KeysTarget& target, const Consent& consent) {
  return QStringList{QStringLiteral("cachedeck keys flush"), serverOf(target), QStringLiteral("--no-undo"), consentWords(target, consent)}.join(QLatin1Char(' '));
}

QString analyseCommand(const KeysTarget& target, const KeyScope& scope) {
  QStringList words{QStringLiteral("cachedeck keys analyse"), serverOf(target)};
  if (!scope.selector.matchesAll()) words += selection(target, scope);
  if (target.separator != ":" && !target.saved) words << option("--separator", escaped(target.separator));
  return words.join(QLatin1Char(' '));
}

}  // namespace cachedeck
