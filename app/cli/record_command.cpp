// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_command.h"

#include "app/cli/duration.h"
#include "app/cli/named_servers.h"
#include "app/cli/record.h"
#include "app/cli/record_text.h"
#include "app/cli/voice.h"
#include "core/profiles/profilestore.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QFileInfo>

namespace cachedeck {

namespace {

struct RecordArguments {
  SourceOptions sources;
  std::string length, file;
  RecordOptions options;
};

constexpr Voice voice("record");

bool isSaved(const Profile& profile) {
  ProfileStore store;
  return store.load() && store.find(profile.id);
}

QString fileOf(const RecordArguments& arguments) { return QFileInfo(QString::fromLocal8Bit(arguments.file.c_str())).absoluteFilePath(); }

/// Said before anybody is asked for a password.
Result<void> checkFolder(const RecordArguments& arguments) {
  if (arguments.file.empty() || QFileInfo(QFileInfo(fileOf(arguments)).absolutePath()).isDir()) return {};
  return fail(Error::Kind::Usage, QStringLiteral("The folder of %1 does not exist. Make it first.").arg(fileOf(arguments)));
}

recording::RecordingPlace placeOf(const RecordArguments& arguments, const Profile& profile) {
  recording::RecordingPlace place = recording::recordingPlace(profile, isSaved(profile));
  if (arguments.file.empty()) return place;
  place.file = fileOf(arguments);
  place.isOwn = false;
  return place;
}

int run(RecordArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  if (!arguments.length.empty()) {
    const auto length = parseDuration(QString::fromStdString(arguments.length));
    if (!length) return voice.complain(length.error(), 2);
    arguments.options.length = *length;
  }
  if (const Result<void> folder = checkFolder(arguments); !folder) return voice.complain(folder.error(), 2);
  const auto secrets = Secrets::ofThisProcess();
  const auto servers = namedServers(arguments.sources, *secrets);
  if (!servers) return voice.complain(servers.error().error, servers.error().exitCode);
  return recordSources(servers->sources, placeOf(arguments, servers->profile), arguments.options);
}

int list(bool json, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto all = recording::listRecordings();
  if (!all) return voice.complain(all.error(), 1);
  return voice.print(json ? recordingsJson(*all) : all->isEmpty() ? QByteArray("Nothing was recorded yet.\n") : recordingTable(*all).toUtf8());
}

}  // namespace

void addRecordCommand(CLI::App& app, const Program& program, const Choose& choose) {
  auto* command = app.add_subcommand("record", "Keep every sample on disk: 24 hours and more, bounded in size");
  const auto arguments = std::make_shared<RecordArguments>();
  arguments->sources.addTo(*command);
  command->add_option("--for", arguments->length, "Stop after so long: 90m, 24h, 7d; default: until Ctrl-C")->type_name("TIME");
  command->add_option("--file", arguments->file, "Another file than the profile's own")->type_name("FILE");
  command->add_flag("--json", arguments->options.json, "One JSON object a line, and nothing else on standard output");
  auto* listed = command->add_subcommand("list", "Print what was recorded, and whether it goes on");
  const auto json = std::make_shared<bool>(false);
  listed->add_flag("--json", *json, "Print a JSON array");
  const auto isListed = [listed] { return listed->parsed(); };
  command->callback([=] {
    if (isListed()) choose([json, program] { return list(*json, program); });
    else choose([arguments, program] { return run(*arguments, program); });
  });
}

}  // namespace cachedeck
