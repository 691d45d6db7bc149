// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/redis_connection.h"

#include "core/sources/redis/redis_info.h"

#include <hiredis.h>

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

}  // namespace

RedisConnection::RedisConnection(RedisOptions options) : m_options(std::move(options)) {}
RedisConnection::~RedisConnection() = default;

void RedisConnection::close() {
  m_transport.close();
  m_reader.reset();
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
  if (!isOpen()) return fail(Error::Kind::Unreachable, QStringLiteral("There is no connection to %1.").arg(m_options.endpoint()));
  QByteArray bytes;
  for (const RedisCommand& command : commands)
    if (!appendCommand(bytes, command)) return closed(fail(Error::Kind::Io, QStringLiteral("There is not enough memory for a question to %1.").arg(m_options.endpoint())));
  m_transport.write(bytes);
  wipe(bytes);
  return receive(commands.size(), deadline, stop);
}

Result<std::vector<Reply>> RedisConnection::receive(size_t count, const Deadline& deadline, const std::stop_token& stop) {
  const std::chrono::milliseconds waited(deadline.remainingMs());
  std::vector<Reply> replies;
  QByteArray bytes;
  while (replies.size() < count) {
    if (const std::optional<LinkFault> fault = m_transport.read(bytes, deadline, stop)) {
      if (fault->kind != LinkFault::Kind::Cancelled) m_reader->end();
      const bool cut = m_reader->fault() && (m_reader->fault()->kind != ReplyFault::Kind::Cut || fault->kind == LinkFault::Kind::Closed || fault->kind == LinkFault::Kind::Reset);
      return closed(cut ? replyError(m_options, *m_reader->fault()) : linkError(m_options, *fault, m_heard, waited));
    }
    if (!m_reader->feed(bytes)) return closed(replyError(m_options, *m_reader->fault()));
    while (std::optional<Reply> reply = replies.size() < count ? m_reader->take() : std::nullopt) replies.push_back(std::move(*reply));
    m_heard = m_heard || !replies.empty();
  }
  // An answer that nobody asked for would be taken for that of the next question.
  if (m_reader->hasLeftover())
    return closed(replyError(m_options, {ReplyFault::Kind::Broken, QStringLiteral("holds more replies than there were questions")}));
  return replies;
}

}  // namespace cachedeck
