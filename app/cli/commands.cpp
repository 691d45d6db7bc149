// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/doctor_command.h"
#include "app/cli/journal_command.h"
#include "app/cli/keys/keys_command.h"
#include "app/cli/load/load_command.h"
#include "app/cli/record_command.h"
#include "app/cli/sandbox_command.h"
#include "app/cli/snapshot/snapshot_command.h"
#include "app/cli/watch_command.h"

namespace cachedeck {

void addCommands(CLI::App& app, const Program& program, const Choose& choose) {
  addWatchCommand(app, program, choose);
  addRecordCommand(app, program, choose);
  addSandboxCommand(app, choose);
  addKeysCommand(app, program, choose);
  addLoadCommand(app, program, choose);
  addJournalCommand(app, choose);
  addDoctorCommand(app, program, choose);
  addSnapshotCommand(app, program, choose);
}

}  // namespace cachedeck
