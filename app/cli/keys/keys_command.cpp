// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/keys/keys_command.h"

#include "app/cli/keys/keys_query.h"
#include "app/cli/keys/keys_verbs.h"

#include <CLI/CLI.hpp>

namespace cachedeck {

namespace {

using Verb = int (*)(const KeysArguments&, KeysSession&);

int deleteKeys(const KeysArguments& arguments, KeysSession& session) {
  const Result<keys::Action> action = arguments.deleteAction();
  return action ? keysAct(arguments, session, *action) : complainKeys(action.error());
}

int retimeKeys(const KeysArguments& arguments, KeysSession& session) {
  const Result<keys::Action> action = arguments.ttlAction();
  return action ? keysAct(arguments, session, *action) : complainKeys(action.error());
}

/// What a subcommand takes, as bits.
enum Takes : unsigned { Selection = 1, Acting = 2, Ttl = 4, Soft = 8, Limit = 16, Operation = 32, Resume = 64, Flush = 128, Analyse = 256, List = 512 };

struct Row {
  const char* name;
  const char* help;
  unsigned takes;
  Verb verb;
};

constexpr Row rows[] = {
    {"count", "Count keys", Selection, keysCount},
    {"list", "Print the names of keys", Selection | Limit, keysList},
    {"plan", "Show what an action would touch: count, bytes, types, TTLs, prefixes, samples", Selection, keysPlan},
    {"analyse", "Figures of the keyspace: prefixes, types, TTLs and when they end together, largest keys", Selection | Analyse, keysAnalyse},
    {"delete", "Remove keys, by a plan, with undo", Selection | Acting | Soft, deleteKeys},
    {"ttl", "Change when keys expire, by a plan, with undo", Selection | Acting | Ttl, retimeKeys},
    {"flush", "Remove every key of the database: as a deletion with undo, or by FLUSHDB or FLUSHALL without", Acting | Flush, keysFlush},
    {"undo", "Put back what an operation took away", Operation, keysUndo},
    {"resume", "Carry an interrupted operation to its end", Operation | Resume, keysResume},
    {"operations", "List the operations that can be undone or resumed, or discard one; servers need not be named", List, keysOperations},
};

void addOptions(const Row& row, CLI::App& command, KeysArguments& arguments) {
  if (row.takes & Selection) {
    arguments.addSelection(command);
  } else {
    arguments.sources.addTo(command);
    command.add_flag("--json", arguments.json, "One JSON object, and nothing else on standard output");
  }
  if (row.takes & Acting) arguments.addRun(command);
  if (row.takes & Ttl) arguments.addTtl(command);
  if (row.takes & Soft)
    command.add_option("--soft-expire", arguments.softExpire, "Instead of removing them now, let each key expire at a random moment within this time")->type_name("TIME");
  if (row.takes & Flush) command.add_flag("--all-databases", arguments.everyDatabase, "Every database of the server (FLUSHALL); only without undo");
  if (row.takes & Resume) arguments.addPages(command);
  if (row.takes & Analyse) command.add_option("--replica", arguments.replica, "Ask this replica; else the one that the profile names, if it does")->type_name("HOST:PORT");
  if (row.takes & List) {
    command.add_option("--discard", arguments.discard, "Remove the log and the images of this operation, which is over")->type_name("ID");
    arguments.addConsent(command);
  }
  if (row.takes & Limit) command.add_option("--limit", arguments.limit, "Stop after so many")->type_name("N")->check(CLI::PositiveNumber);
  if (row.takes & Operation) {
    command.add_option("id", arguments.id, "The operation, as `cachedeck keys operations` shows it")->type_name("ID");
    command.add_flag("--last", arguments.last, "The newest of this profile and server that can be");
    command.add_flag("--dry-run", arguments.dryRun, "Only show what is left to do");
    arguments.addConsent(command);
    arguments.addPace(command);
  }
}

int run(const Row& row, KeysArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto secrets = Secrets::ofThisProcess();
  if (!arguments.sql.empty() || !arguments.keyTemplate.empty()) {
    Result<QList<QByteArray>> names = namesOfQuery(arguments, *secrets);
    if (!names) return complainKeys(names.error());
    arguments.queried = std::move(*names);
  }
  const bool writes = row.takes & Acting && !arguments.dryRun;
  const Result<std::unique_ptr<KeysSession>> session = row.takes & List ? KeysSession::local(*secrets) : KeysSession::open(arguments.sources, *secrets, writes);
  return session ? row.verb(arguments, **session) : complainKeys(session.error());
}

}  // namespace

void addKeysCommand(CLI::App& app, const Program& program, const Choose& choose) {
  auto* keys = app.add_subcommand("keys", "Find, delete and re-time keys, safely");
  keys->require_subcommand(1);
  for (const Row& row : rows) {
    auto* command = keys->add_subcommand(row.name, row.help);
    const auto arguments = std::make_shared<KeysArguments>();
    addOptions(row, *command, *arguments);
    command->callback([&row, arguments, program, choose] { choose([&row, arguments, program] { return run(row, *arguments, program); }); });
  }
}

}  // namespace cachedeck
