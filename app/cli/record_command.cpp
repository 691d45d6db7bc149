// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_command.h"

#include "app/cli/duration.h"
#include "app/cli/record.h"
#include "app/cli/record_text.h"
#include "app/cli/source_options.h"
#include "core/base/redactor.h"
#include "core/profiles/profilestore.h"
#include "core/profiles/prompt.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QFileInfo>

#include <cstdio>

namespace cachedeck {

namespace {

struct RecordArguments {
  SourceOptions sources;
  std::string length, file;
  RecordOptions options;
};

int complain(const Error& error, int exitCode) {
  std::fprintf(stderr, "cachedeck record: %s\n", qPrintable(redact(error.message)));
  return exitCode;
}

bool isSaved(const Profile& profile) {
  ProfileStore store;
  return store.load() && store.find(profile.id);
}

Result<recording::RecordingPlace> placeOf(const RecordArguments& arguments, const Profile& profile) {
  recording::RecordingPlace place = recording::recordingPlace(profile, isSaved(profile));
  if (arguments.file.empty()) return place;
  place.file = QFileInfo(QString::fromLocal8Bit(arguments.file.c_str())).absoluteFilePath();
  place.isOwn = false;
  if (QFileInfo(QFileInfo(place.file).absolutePath()).isDir()) return place;
  return fail(Error::Kind::Usage, QStringLiteral("The folder of %1 does not exist. Make it first.").arg(place.file));
}

int run(RecordArguments& arguments, Program program) {
  QCoreApplication application(program.argc, program.argv);
  if (!arguments.length.empty()) {
    const auto length = parseDuration(QString::fromStdString(arguments.length));
    if (!length) return complain(length.error(), 2);
    arguments.options.length = *length;
  }
  const auto secrets = Secrets::ofThisProcess();
  const auto profile = arguments.sources.profile(*secrets);
  if (!profile) return complain(profile.error(), 2);
  const auto place = placeOf(arguments, *profile);
  if (!place) return complain(place.error(), 2);
  const auto resolved = resolveOrAsk(*secrets, *profile);
  if (!resolved) return complain(resolved.error(), resolved.error().isCancelled() ? 1 : 3);
  if (resolved->sources.isEmpty()) return complain(fail(Error::Kind::Usage, QStringLiteral("The profile has no enabled source.")), 2);
  return recordSources(resolved->sources, *place, arguments.options);
}

int list(bool json, Program program) {
  QCoreApplication application(program.argc, program.argv);
  const auto all = recording::listRecordings();
  if (!all) return complain(all.error(), 1);
  const QByteArray bytes = json ? recordingsJson(*all) : all->isEmpty() ? QByteArray("Nothing was recorded yet.\n") : recordingTable(*all).toUtf8();
  std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
  return std::fflush(stdout) == 0 ? 0 : 1;
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
