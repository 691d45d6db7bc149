// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/page_runner.h"

#include "core/base/text.h"
#include "core/keys/inspect.h"
#include "core/keys/plan.h"

#include <algorithm>
#include <array>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds exchangeDeadline{20000};

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
  static constexpr std::array waits{"LOADING", "BUSY", "OOM", "MISCONF", "READONLY", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN"};
  constexpr QByteArrayView aborted = "EXECABORT Transaction discarded because of: ";
  if (error.startsWith(aborted)) error = error.sliced(aborted.size());  // EXEC's own refusal
  const QByteArray word = error.toByteArray().split(' ').value(0);
  if (word == "NOPERM") return Refusal::Forbidden;
  if (word == "MOVED" || word == "ASK") return Refusal::Moved;
  if (word == "TRYAGAIN") return Refusal::Alone;
  return std::ranges::any_of(waits, [&](const char* one) { return word == one; }) ? Refusal::Wait : Refusal::Other;
}

Result<void> PageRunner::send(const Way& way, std::vector<RedisCommand> commands) {
  if (!way.asking) return way.connection->send(commands);
  std::vector<RedisCommand> marked;
  for (RedisCommand& command : commands) {
    marked.push_back({"ASKING"});
    marked.push_back(std::move(command));
  }
  return way.connection->send(marked);
}

/// The replies to what send() was given, without those to ASKING.
Result<std::vector<Reply>> PageRunner::collect(const Way& way, std::size_t count) const {
  Result<std::vector<Reply>> replies = way.connection->collect(way.asking ? 2 * count : count, Deadline(exchangeDeadline), m.now);
  if (!replies || !way.asking) return replies;
  std::vector<Reply> answers;
  for (std::size_t i = 1; i < replies->size(); i += 2) answers.push_back(std::move((*replies)[i]));
  return answers;
}

Result<std::vector<Reply>> PageRunner::exchange(const Way& way, std::vector<RedisCommand> commands) const {
  const std::size_t count = commands.size();
  const Result<void> sent = send(way, std::move(commands));
  return sent ? collect(way, count) : Result<std::vector<Reply>>(sent.error());
}

Result<std::vector<Reply>> PageRunner::askAll(std::span<const RedisCommand> commands) const { return m.servers.ask(commands, exchangeDeadline, m.now); }

/// Absolute, KeyImage::noExpiry without one; -2: the key is not there.
qint64 PageRunner::expiryOf(const Reply& reply) const {
  const qint64 value = reply.integer();
  if (value < 0) return value;
  return m.hasExpireTime ? value : m.clock.nowMs() + value;
}

Result<PageOutcome> PageRunner::run(const Way& way, std::span<const QByteArray> names, qint64 first) {
  if (!isDirect()) return transaction(way, names, first);
  return m.servers.isCluster() ? spread(names, first) : direct(way, names, first);
}

Result<PageOutcome> PageRunner::direct(const Way& way, std::span<const QByteArray> names, qint64 first) {
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(names.size()), {});
  if (!batch) return batch.error();
  const std::vector<RedisCommand> commands = directCommands(names);
  const Result<std::vector<Reply>> replies = exchange(way, commands);
  if (!replies) return replies.error();
  const std::size_t each = names.size() / commands.size();  // names of one command: one, or all
  PageOutcome outcome;
  outcome.counts.batch = *batch;
  for (const Reply& reply : *replies) {
    if (reply.isError()) {
      const Refusal refusal = refusalOf(reply.text());
      if (refusal == Refusal::Forbidden && each > 1) return halves(way, names, first);
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

/// On a cluster: each key for itself, on its own server. Those that a server cannot do now wait while the batch stays open.
Result<PageOutcome> PageRunner::spread(std::span<const QByteArray> names, qint64 first) {
  const Result<qint64> batch = m.log.addBatch(first, static_cast<qint64>(names.size()), {});
  if (!batch) return batch.error();
  PageOutcome outcome;
  outcome.counts.batch = *batch;
  outcome.handled = names.size();
  std::vector<RedisCommand> commands;
  for (const QByteArray& name : names) commands.push_back(std::move(directCommands({&name, 1}).front()));
  while (!commands.empty()) {
    const Result<std::vector<Reply>> replies = askAll(commands);
    if (!replies) return replies.error();
    std::vector<RedisCommand> again;
    QString waits;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const Reply& reply = (*replies)[i];
      if (!reply.isError()) {
        ++(reply.integer() != 0 ? outcome.counts.done : outcome.counts.gone);
      } else if (refusalOf(reply.text()) == Refusal::Wait) {
        waits = shown(reply);
        again.push_back(std::move(commands[i]));
      } else {
        ++outcome.counts.refused;
        if (outcome.refusal.isEmpty()) outcome.refusal = shown(reply);
      }
    }
    commands = std::move(again);
    if (commands.empty()) break;
    if (const Result<void> waited = m.wait(waits); !waited) return waited.error();
  }
  if (const Result<void> kept = m.log.addResult(outcome.counts); !kept) return kept.error();
  return outcome;
}

Result<PageOutcome> PageRunner::refuse(const QString& reason, qint64 number) {
  const Result<qint64> batch = m.log.addBatch(number, 1, {});
  if (!batch) return batch.error();
  PageOutcome outcome;
  outcome.handled = 1;
  outcome.counts.batch = *batch;
  outcome.counts.refused = 1;
  outcome.refusal = reason;
  if (const Result<void> kept = m.log.addResult(outcome.counts); !kept) return kept.error();
  return outcome;
}

/// Somebody wrote one of the keys, or the account may not touch one: the others are found by halving.
Result<PageOutcome> PageRunner::halves(const Way& way, std::span<const QByteArray> names, qint64 first) {
  const std::size_t middle = names.size() / 2;
  PageOutcome sum;
  for (const auto& [part, from] : {std::pair{names.first(middle), first}, std::pair{names.subspan(middle), first + static_cast<qint64>(middle)}}) {
    const Result<PageOutcome> outcome = run(way, part, from);
    if (!outcome) return outcome;
    add(sum.counts, outcome->counts);
    sum.handled += outcome->handled;
    sum.waits = outcome->waits;
    sum.redirect = outcome->redirect;
    if (sum.refusal.isEmpty()) sum.refusal = outcome->refusal;
    if (!sum.waits.isEmpty() || sum.redirect) break;
  }
  return sum;
}

Result<PageOutcome> PageRunner::transaction(const Way& way, std::span<const QByteArray> names, qint64 first) {
  if (names.size() > longestPage()) return halves(way, names, first);
  Lane lane;
  lane.way = way;
  lane.page.assign(names.begin(), names.end());
  lane.first = first;
  Result<void> step = ask(lane);
  if (step) step = take(lane);
  if (step) step = keep(lane);
  if (step && lane.state == Lane::State::Ready && m.options.undo) step = m.log.sync();
  if (step) step = act(lane);
  if (step) step = conclude(lane);
  if (!step) return step.error();
  return lane.state == Lane::State::Alone ? alone(lane) : Result<PageOutcome>(std::move(lane.outcome));
}

/// A DUMP of such a key would hold the server up for long (a hash of a million fields: 0.8 s).
Result<void> PageRunner::leaveOutLarge(Lane& lane) const {
  std::vector<RedisCommand> questions;
  for (const QByteArray& name : lane.page) questions.push_back({"MEMORY", "USAGE", name});
  const Result<std::vector<Reply>> replies = exchange(lane.way, std::move(questions));
  if (!replies) return replies.error();
  for (std::size_t i = 0; i < lane.page.size(); ++i) {
    if ((*replies)[i].integer() <= Plan::largestImage) {
      lane.asked.push_back(lane.page[i]);
      continue;
    }
    ++lane.outcome.counts.refused;
    lane.outcome.refusal = QStringLiteral("%1 is larger than %2 MB, which no image is kept of. Delete it without undo.").arg(escaped(lane.page[i])).arg(Plan::largestImage >> 20);
  }
  return {};
}

Result<void> PageRunner::ask(Lane& lane) {
  lane.outcome.handled = lane.page.size();
  if (m.mayBeLarge && m.action.deletes()) {
    if (const Result<void> left = leaveOutLarge(lane); !left) return left;
  } else {
    lane.asked = lane.page;
  }
  if (lane.asked.empty()) {
    lane.state = Lane::State::Over;
    return {};
  }
  std::vector<RedisCommand> commands;
  if (watches()) {
    commands.push_back({"WATCH"});
    for (const QByteArray& name : lane.asked) commands.front().append(name);
  }
  for (const QByteArray& name : lane.asked) ask(name, commands);
  commands.push_back({"MULTI"});  // its answer has come before a write leaves: without MULTI the server would carry that out at once, unguarded
  return send(lane.way, std::move(commands));
}

/// Sets what becomes of a lane that the server does not take as it is; false when that is the only key, and refused for good.
bool PageRunner::hinders(Lane& lane, const Reply& error) const {
  const Refusal refusal = refusalOf(error.text());
  const std::optional<Redirect> redirect = refusal == Refusal::Moved ? redirectOf(error.text(), lane.way.connection->options().host) : std::nullopt;
  const bool many = lane.page.size() > 1;
  if (refusal == Refusal::Wait || (redirect && !(redirect->ask && many))) {
    lane.state = Lane::State::Over;
    lane.outcome = PageOutcome{{}, 0, redirect ? QString() : shown(error), redirect, {}};
    return true;
  }
  if (many) lane.state = Lane::State::Alone;
  return many;
}

Result<void> PageRunner::take(Lane& lane) {
  if (lane.state != Lane::State::Asked) return {};
  const std::size_t each = questions(), before = watches() ? 1 : 0;
  const Result<std::vector<Reply>> replies = collect(lane.way, before + lane.asked.size() * each + 1);
  if (!replies) return replies.error();
  lane.state = Lane::State::Over;
  lane.open = !replies->back().isError();
  lane.watching = before > 0 && !replies->front().isError();
  if (const Reply* error = firstError(*replies)) {
    if (!hinders(lane, *error)) {
      lane.outcome.refusal = shown(*error);
      lane.outcome.counts.refused = 1;
    }
    return unwatch(lane);
  }
  for (std::size_t i = 0; i < lane.asked.size(); ++i) {
    Seen seen = look(lane.asked[i], std::span(*replies).subspan(before + i * each, each));
    if (seen.what == Seen::What::Act) lane.images.push_back(std::move(seen.image));
    if (seen.what == Seen::What::Gone) ++lane.outcome.counts.gone;
  }
  if (lane.images.empty()) return unwatch(lane);
  lane.state = Lane::State::Ready;
  return {};
}

Result<void> PageRunner::unwatch(Lane& lane) const {
  if (!lane.open && !lane.watching) return {};
  return release(lane.way, std::exchange(lane.open, false) ? "DISCARD" : "UNWATCH");
}

/// Where that is refused, the end of the connection does the same.
Result<void> PageRunner::release(const Way& way, const char* command) const {
  const Result<std::vector<Reply>> replies = exchange(way, {{command}});
  if (!replies) return replies.error();
  return replies->back().isError() ? way.connection->open(m.now) : Result<void>();
}

/// Into the log before anything is touched: whatever happens then, the key is in the server or in the log. Pages that wait or stand alone too, so that none is passed over.
Result<void> PageRunner::keep(Lane& lane) {
  if (lane.state == Lane::State::Over && lane.outcome.handled > 0) return logOver(lane);
  const bool kept = lane.state == Lane::State::Ready && m.options.undo;
  const Result<qint64> batch = m.log.addBatch(lane.first, static_cast<qint64>(lane.page.size()), kept ? std::span<const KeyImage>(lane.images) : std::span<const KeyImage>());
  if (!batch) return batch.error();
  lane.batch = *batch;
  lane.outcome.counts.batch = *batch;
  return {};
}

/// A page of which nothing is touched.
Result<void> PageRunner::logOver(Lane& lane) {
  const Result<qint64> batch = m.log.addBatch(lane.first, static_cast<qint64>(lane.page.size()), {});
  if (!batch) return batch.error();
  lane.outcome.counts.batch = *batch;
  return m.log.addResult(lane.outcome.counts);
}

Result<void> PageRunner::act(Lane& lane) {
  if (lane.state != Lane::State::Ready) return {};
  std::vector<RedisCommand> transaction = commands(lane.images);
  transaction.push_back({"EXEC"});
  lane.replies = transaction.size();
  return lane.way.connection->send(transaction);  // ASKING in front of MULTI was good for the whole transaction
}

Result<void> PageRunner::conclude(Lane& lane) {
  if (lane.state != Lane::State::Ready) return {};
  const Result<std::vector<Reply>> replies = lane.way.connection->collect(lane.replies, Deadline(exchangeDeadline), m.now);
  if (!replies) return replies.error();
  const Reply& exec = replies->back();
  if (exec.type() != Reply::Type::Array) {  // nothing was done
    const Reply* error = firstError(*replies);
    if (exec.isError() && exec.text().startsWith("NOPERM"))  // EXEC itself, and not as an EXECABORT: the transaction may still be open
      if (const Result<void> freed = unwatch(lane); !freed) return freed;
    // The batch stays open until one that is tried later stands in for it.
    if (error && hinders(lane, *error)) return {};
    if (lane.page.size() > 1) {
      lane.state = Lane::State::Alone;
      return {};
    }
    ++(error ? lane.outcome.counts.refused : lane.outcome.counts.changed);
    if (error) lane.outcome.refusal = shown(*error);
    lane.state = Lane::State::Over;
    BatchResult result = lane.outcome.counts;
    result.batch = lane.batch;
    for (std::uint32_t i = 0; m.options.undo && i < lane.images.size(); ++i) result.notDone.push_back(i);
    return m.log.addResult(result);
  }
  if (settle(exec, lane.images, lane.outcome.counts) && m.options.undo)  // stands in for the batch with the older images
    if (const Result<void> kept = keep(lane); !kept) return kept;
  return m.log.addResult(lane.outcome.counts);
}

bool PageRunner::settle(const Reply& exec, std::vector<KeyImage>& images, BatchResult& counts) {
  qint64 done = 0, refused = 0;
  for (const Reply::Item item : exec.root()) {
    done += item.integer();
    refused += item.isError();
  }
  counts.done += done;
  counts.refused += refused;
  counts.gone += static_cast<qint64>(images.size()) - done - refused;  // expired between the look and the act
  return false;
}

/// Each part has a batch of its own in the log, which stands in for the lane's.
Result<PageOutcome> PageRunner::alone(Lane& lane) { return halves(lane.way, lane.page, lane.first); }

}  // namespace cachedeck::keys
