// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_connection.h"

#include "core/sources/redis/command_table.h"
#include "core/sources/redis/redis_info.h"

#include <QRandomGenerator>

#include <hiredis.h>

#include <array>

namespace cachedeck {

namespace {

/// Appends a command as the protocol has it; false without memory. The copy that hiredis makes is wiped, as it may hold a password.
bool appendCommand(QByteArray& out, const RedisCommand& command) {
  std::vector<const char*> arguments;
  std::vector<size_t> sizes;
  for (const QByteArray& argument : command) {
    arguments.push_back(argument.constData());
    sizes.push_back(static_cast<size_t>(argument.size()));
  }
  char* formatted = nullptr;
  const int size = redisFormatCommandArgv(&formatted, static_cast<int>(arguments.size()), arguments.data(), sizes.data());
  if (size < 0) return false;
  out.append(formatted, size);
  wipe(formatted, static_cast<size_t>(size));
  redisFreeCommand(formatted);
  return true;
}

/// The same of a key that is not there and that begins like the real one, so that the account's key patterns say the same of it; empty for a command that would do something all the same.
RedisCommand onAbsentKey(const RedisCommand& command) {
  const QByteArray name = command.first().toUpper();
  const bool harmless = name == "UNLINK" || name == "PERSIST" || name == "DUMP" || name == "PTTL" || name == "PEXPIRETIME" || name == "TYPE" || (name == "PEXPIREAT" && command.size() == 3) ||
                        (name == "RESTORE" && command.size() == 4) || (name == "SET" && command.mid(3).contains("XX"));
  if (!harmless || command.size() < 2) return {};
  std::array<quint64, 2> random{};
  QRandomGenerator::system()->generate(random.begin(), random.end());
  RedisCommand asked = command;
  asked[1] += ":cachedeck-asks-" + QByteArray::number(random[0], 16) + QByteArray::number(random[1], 16);
  if (name == "UNLINK") asked.resize(2);
  if (name == "RESTORE") asked[3].clear();  // no dump: refused when it comes to that
  return asked;
}

/// An error that comes only after the account was found to be allowed the command.
bool isAllowing(QByteArrayView error) { return error.startsWith("ERR DUMP payload") || error.startsWith("ERR Bad data format") || error.startsWith("MOVED ") || error.startsWith("ASK "); }

Reply made(const QByteArray& line) {
  ReplyReader reader;
  reader.feed(line + "\r\n");
  return reader.take().value_or(Reply());
}

ServerLookups* lookupsAt(const RedisOptions& options) { return options.ownLookups ? &options.ownLookups->of(options.endpoint()) : nullptr; }

}  // namespace

RedisConnection::RedisConnection(RedisOptions options) : m_options(std::move(options)), m_lookups(lookupsAt(m_options)) {}
RedisConnection::RedisConnection(RedisOptions options, WritePermit permit)
    : m_options(std::move(options)), m_permit(std::move(permit)), m_lookups(lookupsAt(m_options)) {}
RedisConnection::~RedisConnection() = default;

void RedisConnection::close() {
  m_transport.close();
  m_reader.reset();
  m_lookups.dropped();
  m_underWay = 0;
}

Error RedisConnection::closed(Error error) {
  close();
  return error;
}

Result<void> RedisConnection::open(const std::stop_token& stop) {
  close();
  m_heard = false;
  m_reader = std::make_unique<ReplyReader>();
  Result<void> result = m_transport.open(m_options, Deadline(connectDeadline), stop);
  if (result) result = greet(stop);
  if (!result) close();
  return result;
}

Result<Reply> RedisConnection::ask(const RedisCommand& request, const std::stop_token& stop) {
  return command(request, Deadline(requestDeadline), stop);
}

Result<void> RedisConnection::authenticate(const std::stop_token& stop) {
  if (m_options.user.isEmpty() && m_options.password.isEmpty()) return {};
  RedisCommand auth{"AUTH"};
  if (!m_options.user.isEmpty()) auth += m_options.user.toUtf8();
  auth += m_options.password.reveal();
  const Result<Reply> answer = ask(auth, stop);
  wipe(auth.last());
  if (!answer) return answer.error();
  if (answer->isError()) return error(*answer);
  return {};
}

Result<void> RedisConnection::greet(const std::stop_token& stop) {
  if (const Result<void> result = authenticate(stop); !result) return result;
  const Result<Reply> pong = ask({"PING"}, stop);
  if (!pong) return pong.error();
  if (pong->isError()) {
    if (pong->text().startsWith("LOADING")) return loadingError(*pong, stop);
    if (!isAlive(pong->text())) return error(*pong);
  } else if (pong->type() != Reply::Type::Status) {
    return replyError(m_options, {ReplyFault::Kind::Broken, QStringLiteral("does not fit the question (PING)")});
  }
  if (m_options.database != 0) {
    const Result<Reply> selected = ask({"SELECT", QByteArray::number(m_options.database)}, stop);
    if (!selected) return selected.error();
    if (selected->isError()) return error(*selected);
  }
  // Only a label in CLIENT LIST: an account or a server without this command is as good.
  const Result<Reply> named = ask({"CLIENT", "SETNAME", "cachedeck"}, stop);
  return named ? Result<void>() : Result<void>(named.error());
}

Error RedisConnection::loadingError(const Reply& refusal, const std::stop_token& stop) {
  Error busy = error(refusal);
  const Result<Reply> reply = ask({"INFO", "persistence"}, stop);
  if (!reply || reply->type() != Reply::Type::Text) return busy;
  const QString progress = RedisInfo::parse(reply->text()).loadingProgress();
  if (!progress.isEmpty()) busy.message = QStringLiteral("%1 is loading its data into memory: %2.").arg(m_options.endpoint(), progress);
  return busy;
}

Result<Reply> RedisConnection::command(const RedisCommand& command, const Deadline& deadline, const std::stop_token& stop) {
  Result<std::vector<Reply>> replies = pipeline({&command, 1}, deadline, stop);
  if (!replies) return replies.error();
  return std::move(replies->front());
}

Result<std::vector<Reply>> RedisConnection::pipeline(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop) {
  if (const Result<void> sent = send(commands); !sent) return sent.error();
  return collect(commands.size(), deadline, stop);
}

Result<void> RedisConnection::allowed(const RedisCommand& command) const {
  const CommandAccess access = commandAccess(command);
  if (access == CommandAccess::Read || (access == CommandAccess::Write && m_permit)) return {};
  const QString name = QString::fromLatin1(command.value(0)).toUpper();
  if (access == CommandAccess::Write)
    return fail(Error::Kind::Permission, QStringLiteral("This connection to %1 only reads; %2 was not sent.").arg(m_options.endpoint(), name));
  return fail(Error::Kind::Permission, QStringLiteral("%2 is not among the commands that Cachedeck sends to %1.").arg(m_options.endpoint(), name));
}

Result<void> RedisConnection::send(std::span<const RedisCommand> commands) {
  for (const RedisCommand& command : commands)
    if (const Result<void> may = allowed(command); !may) return may;
  return sendUnchecked(commands);
}

Result<void> RedisConnection::sendUnchecked(std::span<const RedisCommand> commands) {
  if (!isOpen()) return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to %1.").arg(m_options.endpoint()));
  QByteArray bytes;
  for (const RedisCommand& command : commands)
    if (!appendCommand(bytes, command)) return closed(fail(Error::Kind::Io, QStringLiteral("There is not enough memory for a question to %1.").arg(m_options.endpoint())));
  m_lookups.asked(commands);
  m_transport.write(bytes);
  wipe(bytes);
  m_underWay += commands.size();
  return {};
}

Result<std::vector<Reply>> RedisConnection::exchangeUnchecked(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop) {
  if (const Result<void> sent = sendUnchecked(commands); !sent) return sent.error();
  return collect(commands.size(), deadline, stop);
}

Result<std::vector<Reply>> RedisConnection::rehearse(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop) {
  for (const RedisCommand& command : commands)
    if (commandAccess(command) == CommandAccess::Unknown) return allowed(command).error();
  // Nothing may leave before this answer is here: to an account without MULTI the server would carry the commands out.
  const RedisCommand multi{"MULTI"};
  const Result<std::vector<Reply>> opened = exchangeUnchecked({&multi, 1}, deadline, stop);
  if (!opened) return opened.error();
  const Reply& answer = opened->front();
  if (answer.isError()) return answer.text().startsWith("NOPERM") || answer.text().startsWith("ERR unknown command") ? askWithAbsentKeys(commands, deadline, stop) : error(answer);
  if (answer.type() != Reply::Type::Status || answer.text() != QByteArrayView("OK"))
    return closed(replyError(m_options, {ReplyFault::Kind::Broken, QStringLiteral("does not fit the question (MULTI)")}));
  std::vector<RedisCommand> all(commands.begin(), commands.end());
  all.push_back({"DISCARD"});
  Result<std::vector<Reply>> replies = exchangeUnchecked(all, deadline, stop);
  if (!replies) return replies;
  if (replies->back().isError()) close();  // discards too; nothing of it must be left to an EXEC
  replies->pop_back();
  return replies;
}

Result<std::vector<Reply>> RedisConnection::askWithAbsentKeys(std::span<const RedisCommand> commands, const Deadline& deadline, const std::stop_token& stop) {
  std::vector<RedisCommand> asked;
  std::vector<bool> isAsked;
  for (const RedisCommand& command : commands) {
    asked.push_back(onAbsentKey(command));
    isAsked.push_back(!asked.back().isEmpty());
    if (!isAsked.back()) asked.pop_back();
  }
  const Result<std::vector<Reply>> answers = asked.empty() ? Result<std::vector<Reply>>(std::vector<Reply>()) : exchangeUnchecked(asked, deadline, stop);
  if (!answers) return answers.error();
  std::vector<Reply> replies;
  std::size_t at = 0;
  for (const bool was : isAsked) {
    const bool refused = was && (*answers)[at].isError() && !isAllowing((*answers)[at].text());
    replies.push_back(made(!was ? QByteArray("-NOPERM This account may not use MULTI, so it cannot be asked without doing it") : refused ? '-' + (*answers)[at].text().toByteArray() : "+QUEUED"));
    at += was;
  }
  return replies;
}

Result<std::vector<Reply>> RedisConnection::collect(size_t count, const Deadline& deadline, const std::stop_token& stop) {
  if (!isOpen()) return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to %1.").arg(m_options.endpoint()));
  const std::chrono::milliseconds waited(deadline.remainingMs());
  std::vector<Reply> replies;
  QByteArray bytes;
  replies.reserve(count);
  const auto takeReady = [&] {
    while (std::optional<Reply> reply = replies.size() < count ? m_reader->take() : std::nullopt) replies.push_back(std::move(*reply));
  };
  for (takeReady(); replies.size() < count; takeReady()) {
    if (const std::optional<LinkFault> fault = m_transport.read(bytes, deadline, stop)) {
      if (fault->kind != LinkFault::Kind::Cancelled) m_reader->end();
      const bool cut = m_reader->fault() && (m_reader->fault()->kind != ReplyFault::Kind::Cut || fault->kind == LinkFault::Kind::Closed || fault->kind == LinkFault::Kind::Reset);
      return closed(cut ? replyError(m_options, *m_reader->fault()) : linkError(m_options, *fault, m_heard || !replies.empty(), waited));
    }
    if (!m_reader->feed(bytes)) return closed(replyError(m_options, *m_reader->fault()));
  }
  m_heard = m_heard || !replies.empty();
  m_lookups.answered(replies);
  m_underWay -= std::min(m_underWay, count);
  // An answer that nobody asked for would be taken for that of the next question.
  if (m_underWay == 0 && m_reader->hasLeftover())
    return closed(replyError(m_options, {ReplyFault::Kind::Broken, QStringLiteral("holds more replies than there were questions")}));
  return replies;
}

}  // namespace cachedeck
