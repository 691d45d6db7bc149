// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/rights.h"

#include "core/keys/inspect.h"
#include "core/keys/servers.h"

#include <map>

namespace cachedeck::keys {

namespace {

constexpr std::chrono::milliseconds askDeadline{10000};

struct Needed {
  std::vector<RedisCommand> toAct, toUndo;  ///< without the key, which stands behind the first word
};

/// What the pages and the undo of an action send.
Needed neededBy(const Action& action, bool undo, bool hasExpireTime) {
  const RedisCommand dump{"DUMP"}, expiry{hasExpireTime ? "PEXPIRETIME" : "PTTL"}, retime{"PEXPIREAT", "1"}, persist{"PERSIST"};
  Needed needed;
  if (action.deletes()) needed.toAct = {{"UNLINK"}};
  else needed.toAct = {action.kind == ActionKind::Persist ? persist : retime};
  if (undo && action.deletes()) needed.toAct.push_back(dump);
  if (undo || !(action.deletes() || action.setsOutright())) needed.toAct.push_back(expiry);
  if (!undo) return needed;
  if (action.deletes()) needed.toUndo = {{"RESTORE", "0", ""}};
  else needed.toUndo = {action.kind == ActionKind::Persist ? retime : persist};
  return needed;
}

/// Adds the commands that were refused for good; what a server cannot do just now is no matter of rights.
void addRefused(const std::vector<RedisCommand>& commands, std::span<const Reply> answers, const QByteArray& name, QStringList& missing) {
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const QByteArray text = answers[i].isError() ? answers[i].text().toByteArray() : QByteArray();
    if (!text.startsWith("NOPERM") && !text.startsWith("ERR unknown command")) continue;
    const bool ofKey = text.contains("access") && text.contains("key");
    const QString command = QString::fromLatin1(commands[i].first());
    const QString one = ofKey ? QStringLiteral("%1 of %2").arg(command, escaped(name.left(128))) : command;
    if (!missing.contains(one)) missing += one;
  }
}

std::vector<RedisCommand> about(const std::vector<RedisCommand>& commands, const QByteArray& name) {
  std::vector<RedisCommand> all = commands;
  for (RedisCommand& command : all) command.insert(1, name);
  return all;
}

}  // namespace

Result<MissingRights> askMissingRights(const RedisOptions& entry, const Plan& plan, const Action& action, bool undo, const std::stop_token& stop) {
  MissingRights missing;
  if (plan.samples.isEmpty()) return missing;
  Servers servers(entry);
  if (const Result<void> asked = servers.refresh(stop); !asked) return asked.error();
  const Needed needed = neededBy(action, undo, servers.mark().hasExpireTime());
  std::map<std::size_t, QList<QByteArray>> byServer;
  for (const QByteArray& name : plan.samples) byServer[servers.indexOf(servers.slot(name))] += name;
  for (const auto& [server, names] : byServer) {
    const Result<RedisConnection*> connection = servers.connectionTo(server, stop);
    if (!connection) return connection.error();
    for (const QByteArray& name : names) {
      std::vector<RedisCommand> questions = about(needed.toAct, name);
      const std::vector<RedisCommand> undoing = about(needed.toUndo, name);
      questions.insert(questions.end(), undoing.begin(), undoing.end());
      if (!(*connection)->isOpen())
        if (const Result<void> opened = (*connection)->open(stop); !opened) return opened.error();
      const Result<std::vector<Reply>> answers = (*connection)->rehearse(questions, Deadline(askDeadline), stop);
      if (!answers) return answers.error();
      addRefused(needed.toAct, std::span(*answers).first(needed.toAct.size()), name, missing.toAct);
      addRefused(needed.toUndo, std::span(*answers).subspan(needed.toAct.size()), name, missing.toUndo);
    }
  }
  return missing;
}

}  // namespace cachedeck::keys
