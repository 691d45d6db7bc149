// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/page_runner.h"

#include "core/base/text.h"
#include "core/keys/inspect.h"

#include <algorithm>
#include <array>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds exchangeDeadline{20000};
constexpr qint64 largestImage = 8 << 20;  // bytes of MEMORY USAGE

void add(BatchResult& sum, const BatchResult& part) {
  sum.done += part.done;
  sum.gone += part.gone;
  sum.changed += part.changed;
  sum.refused += part.refused;
}

const Reply* firstError(std::span<const Reply> replies) {
  const auto found = std::ranges::find_if(replies, [](const Reply& reply) { return reply.isError(); });
  return found == replies.end() ? nullptr : &*found;
}

QString shown(const Reply& error) { return printable(error.text().toByteArray()); }

}  // namespace

Refusal refusalOf(QByteArrayView error) {
  static constexpr std::array waits{"LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN"};
  const QByteArray word = error.toByteArray().split(' ').value(0);
  if (word == "NOPERM") return Refusal::Forbidden;
  return std::ranges::any_of(waits, [&](const char* one) { return word == one; }) ? Refusal::Wait : Refusal::Other;
}

Result<std::vector<Reply>> PageRunner::exchange(RedisConnection& connection, std::span<const RedisCommand> commands) const {
  return connection.pipeline(commands, Deadline(exchangeDeadline), m.now);
}

/// Absolute, KeyImage::noExpiry without one; -2: the key is not there.
qint64 PageRunner::expiryOf(const Reply& reply) const {
  const qint64 value = reply.integer();
  if (value < 0) return value;
  return m.hasExpireTime ? value : m.clock.nowMs() + value;
}

Result<PageOutcome> PageRunner::run(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  return isDirect() ? direct(connection, names, first) : watched(connection, names, first);
}

Result<PageOutcome> PageRunner::direct(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(names.size()), {});
  if (!batch) return batch.error();
  const std::vector<RedisCommand> commands = directCommands(names);
  const Result<std::vector<Reply>> replies = exchange(connection, commands);
  if (!replies) return replies.error();
  const std::size_t each = names.size() / commands.size();  // names of one command: one, or all
  PageOutcome outcome;
  outcome.counts.batch = *batch;
  for (const Reply& reply : *replies) {
    if (reply.isError()) {
      const Refusal refusal = refusalOf(reply.text());
      if (refusal == Refusal::Forbidden && each > 1) return halves(connection, names, first);
      if (refusal == Refusal::Wait) {
        outcome.waits = shown(reply);
        break;
      }
      outcome.counts.refused += static_cast<qint64>(each);
      if (outcome.refusal.isEmpty()) outcome.refusal = shown(reply);
    }
    outcome.handled += each;
    outcome.counts.done += reply.integer();
  }
  outcome.counts.gone = static_cast<qint64>(outcome.handled) - outcome.counts.done - outcome.counts.refused;
  if (const Result<void> kept = m.log.addResult(outcome.counts); !kept) return kept.error();
  return outcome;
}

/// Somebody wrote one of the keys, or the account may not touch one: the others are found by halving.
Result<PageOutcome> PageRunner::halves(RedisConnection& connection, std::span<const QByteArray> names, qint64 first) {
  const std::size_t middle = names.size() / 2;
  PageOutcome sum;
  for (const auto& [part, from] : {std::pair{names.first(middle), first}, std::pair{names.subspan(middle), first + static_cast<qint64>(middle)}}) {
    const Result<PageOutcome> outcome = run(connection, part, from);
    if (!outcome) return outcome;
    add(sum.counts, outcome->counts);
    sum.handled += outcome->handled;
    sum.waits = outcome->waits;
    if (sum.refusal.isEmpty()) sum.refusal = outcome->refusal;
    if (!sum.waits.isEmpty()) break;
  }
  return sum;
}

/// A DUMP of such a key would hold the server up for long (a hash of a million fields: 0.8 s).
Result<std::vector<QByteArray>> PageRunner::withoutLarge(RedisConnection& connection, std::span<const QByteArray> names, PageOutcome& outcome) const {
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : names) questions.push_back({"MEMORY", "USAGE", name});
  const Result<std::vector<Reply>> replies = exchange(connection, questions);
  if (!replies) return replies.error();
  std::vector<QByteArray> rest;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((*replies)[i].integer() <= largestImage) {
      rest.push_back(names[i]);
      continue;
    }
    ++outcome.counts.refused;
    outcome.refusal = QStringLiteral("%1 is larger than %2 MB, which no image is kept of. Delete it without undo.").arg(escaped(names[i])).arg(largestImage >> 20);
  }
  return rest;
}

Result<PageOutcome> PageRunner::watched(RedisConnection& connection, std::span<const QByteArray> page, qint64 first) {
  PageOutcome outcome;
  outcome.handled = page.size();
  std::vector<QByteArray> small;
  std::span<const QByteArray> names = page;
  if (m.mayBeLarge && m.action.deletes()) {
    Result<std::vector<QByteArray>> rest = withoutLarge(connection, page, outcome);
    if (!rest) return rest.error();
    small = std::move(*rest);
    names = small;
    if (names.empty()) return logged(page, first, std::move(outcome));
  }
  std::vector<RedisCommand> questions{{"WATCH"}};
  for (const QByteArray& name : names) questions.front().append(name);
  for (const QByteArray& name : names) ask(name, questions);
  const Result<std::vector<Reply>> replies = exchange(connection, questions);
  if (!replies) return replies.error();
  if (const Reply* error = firstError(*replies)) {
    const Result<std::vector<Reply>> unwatched = exchange(connection, std::vector<RedisCommand>{{"UNWATCH"}});
    if (!unwatched) return unwatched.error();
    const Refusal refusal = refusalOf(error->text());
    if (refusal == Refusal::Wait) {
      outcome.waits = shown(*error);
      outcome.handled = 0;
      return outcome;
    }
    if (page.size() > 1) return halves(connection, page, first);
    outcome.refusal = shown(*error);
    outcome.counts.refused = 1;
    return logged(page, first, std::move(outcome));
  }
  std::vector<KeyImage> images;
  images.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    Seen seen = look(names[i], std::span(*replies).subspan(1 + i * this->questions(), this->questions()));
    if (seen.what == Seen::What::Act) images.push_back(std::move(seen.image));
    if (seen.what == Seen::What::Gone) ++outcome.counts.gone;
    if (seen.what == Seen::What::Refuse) ++outcome.counts.refused;
    if (outcome.refusal.isEmpty()) outcome.refusal = seen.refusal;
  }
  if (!images.empty()) return act(connection, page, first, images, std::move(outcome));
  const Result<std::vector<Reply>> unwatched = exchange(connection, std::vector<RedisCommand>{{"UNWATCH"}});
  if (!unwatched) return unwatched.error();
  return logged(page, first, std::move(outcome));
}

/// A page of which nothing was touched.
Result<PageOutcome> PageRunner::logged(std::span<const QByteArray> page, qint64 first, PageOutcome outcome) const {
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(page.size()), {});
  if (!batch) return batch.error();
  outcome.counts.batch = *batch;
  if (const Result<void> kept = m.log.addResult(outcome.counts); !kept) return kept.error();
  return outcome;
}

Result<PageOutcome> PageRunner::act(RedisConnection& connection, std::span<const QByteArray> names, qint64 first, std::span<const KeyImage> images, PageOutcome outcome) {
  // On the disk before anything is touched: whatever happens now, the key is in the server or in the log.
  const std::span<const KeyImage> kept = m.options.undo ? images : std::span<const KeyImage>();
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(names.size()), kept);
  if (!batch) return batch.error();
  if (m.options.undo)
    if (const Result<void> synced = m.log.sync(); !synced) return synced.error();
  outcome.counts.batch = *batch;
  std::vector<RedisCommand> transaction{{"MULTI"}};
  for (RedisCommand& command : commands(images)) transaction.push_back(std::move(command));
  transaction.push_back({"EXEC"});
  const Result<std::vector<Reply>> replies = exchange(connection, transaction);
  if (!replies) return replies.error();

  const Reply& exec = replies->back();
  const bool nothingDone = exec.type() != Reply::Type::Array;
  if (nothingDone) {
    BatchResult none;
    none.batch = *batch;
    for (std::uint32_t i = 0; i < kept.size(); ++i) none.notDone.push_back(i);
    if (const Result<void> said = m.log.addResult(none); !said) return said.error();
    const Reply* error = firstError(*replies);
    const Refusal refusal = error ? refusalOf(error->text()) : Refusal::Other;
    if (refusal == Refusal::Wait) return PageOutcome{{}, 0, shown(*error), {}};
    if (names.size() > 1) return halves(connection, names, first);
    (error ? outcome.counts.refused : outcome.counts.changed) += 1;
    if (error) outcome.refusal = shown(*error);
    return logged(names, first, std::move(outcome));
  }
  qint64 done = 0, refused = 0;
  for (const Reply::Item item : exec.root()) {
    done += item.integer();
    refused += item.isError();
  }
  outcome.counts.done += done;
  outcome.counts.refused += refused;
  outcome.counts.gone += static_cast<qint64>(images.size()) - done - refused;  // expired between the look and the act
  if (const Result<void> said = m.log.addResult(outcome.counts); !said) return said.error();
  return outcome;
}

}  // namespace cachedeck::keys
