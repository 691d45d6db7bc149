// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_ask.h"

#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace cachedeck {

using namespace keys;

namespace {

Error cancelled() { return fail(Error::Kind::Cancelled, QStringLiteral("Nothing was changed.")); }

/// Nothing where the answer is no.
std::optional<QString> typedNow(const KeysQuestion& question, const QString& phrase) {
  const ProgressPause pause;  // else the progress is drawn over the question and what is typed
  for (const QString& line : question.lines) std::fprintf(stderr, "%s\n", qPrintable(line));
  std::fprintf(stderr, "%s? Type “%s” to carry it out: ", qPrintable(question.action), phrase.isEmpty() ? "yes" : qPrintable(phrase));
  std::string typed;
  std::getline(std::cin, typed);
  if (!phrase.isEmpty()) return QString::fromStdString(typed);
  return typed == "yes" ? std::optional(QString()) : std::nullopt;
}

}  // namespace

bool asksOnTerminal(const KeysArguments& arguments) { return !arguments.yes && arguments.confirm.empty() && isatty(STDIN_FILENO); }

Result<WritePermit> permitAfterConsent(const KeysArguments& arguments, KeysSession& session, const KeysQuestion& question, const std::function<Result<WritePermit>(const QString& typed)>& permit) {
  Guard& guard = session.guard();
  const QString phrase = guard.phraseFor(question.keys);
  if (guard.environment() == Environment::Production && arguments.unlock.empty())
    return fail(Error::Kind::Permission, QStringLiteral("This is a production profile and read-only. Add --unlock 'why' and --confirm '%1'.").arg(phrase));
  if (!arguments.unlock.empty())
    if (const Result<void> unlocked = guard.unlock(QString::fromStdString(arguments.unlock), session.clock()); !unlocked) return unlocked.error();
  if (asksOnTerminal(arguments)) {
    const std::optional<QString> typed = typedNow(question, phrase);
    return typed ? permit(*typed) : cancelled();
  }
  if (guard.environment() != Environment::Development) return permit(QString::fromStdString(arguments.confirm));
  // Development wants no phrase; a count that was typed all the same has to be right.
  if (arguments.confirm.empty() && !arguments.yes)
    return fail(Error::Kind::Usage, QStringLiteral("%1: %2 keys. Add --yes to carry it out, or --dry-run to look only.").arg(question.action).arg(question.keys));
  if (!arguments.confirm.empty() && QString::fromStdString(arguments.confirm).simplified() != QString::number(question.keys))
    return fail(Error::Kind::Permission, QStringLiteral("To confirm, type “%1”.").arg(question.keys));
  return permit({});
}

}  // namespace cachedeck
