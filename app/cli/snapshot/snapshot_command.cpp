// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/snapshot_command.h"

#include "app/cli/snapshot/report_commands.h"
#include "app/cli/snapshot/snapshot_look.h"
#include "app/cli/snapshot/snapshot_take.h"

#include <CLI/CLI.hpp>

namespace cachedeck {

namespace {

void addTake(CLI::App& snapshot, const Program& program, const Choose& choose) {
  CLI::App* take = snapshot.add_subcommand("take", "Sample the servers for a time, ask them for their settings and figures, and write it all into one file");
  const auto arguments = std::make_shared<SnapshotTakeArguments>();
  arguments->sources.addTo(*take);
  take->add_option("--for", arguments->sampleFor, "Sample for so long, up to a day; 0: not at all")->type_name("TIME")->capture_default_str();
  CLI::Option* const range = take->add_option("--range", arguments->range, "With what was recorded and what Prometheus knows of so long before, up to a day")->type_name("TIME");
  take->add_option("--recording", arguments->recording, "Read this recording, as of “cachedeck record --file”, in place of the profile's own")->type_name("FILE")->needs(range);
  take->add_option("--title", arguments->title, "A line that says what it is about")->type_name("TEXT");
  take->add_option("--note", arguments->note, "What a reader should know")->type_name("TEXT");
  take->add_flag("--slowlog-arguments", arguments->slowLogArguments, "Keep the arguments of slow commands, which are production data: names of keys, values");
  take->add_option("--out", arguments->out, "File NAME.cdsnap, which is replaced in one step")->type_name("FILE")->required();
  take->callback([arguments, program, choose] { choose([arguments, program] { return takeSnapshotCommand(*arguments, program); }); });
}

CLI::App* addLook(CLI::App& snapshot, const char* name, const char* help, const std::shared_ptr<SnapshotLookArguments>& arguments, const Choose& choose, int (*look)(const SnapshotLookArguments&)) {
  CLI::App* part = snapshot.add_subcommand(name, help);
  part->add_option("file", arguments->file, "File of a snapshot")->type_name("FILE")->required();
  part->add_flag("--json", arguments->json, "Print one JSON object");
  part->callback([arguments, choose, look] { choose([arguments, look] { return look(*arguments); }); });
  return part;
}

}  // namespace

void addSnapshotCommand(CLI::App& app, const Program& program, const Choose& choose) {
  CLI::App* snapshot = app.add_subcommand("snapshot", "What the servers said over a stretch of time, as one file: take it, look at it, verify it, export it, compare it");
  snapshot->require_subcommand(1);
  const auto look = std::make_shared<SnapshotLookArguments>();
  addTake(*snapshot, program, choose);
  addLook(*snapshot, "show", "Print what a file holds: servers, tables of facts, and the figures of each series", look, choose, showSnapshot);
  addLook(*snapshot, "verify", "Check that all that a file holds is as it was written, and can be read: exit code 0 intact, 1 not", look, choose, verifySnapshot);
  addSnapshotReportCommands(*snapshot, choose);
}

}  // namespace cachedeck
