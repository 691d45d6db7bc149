// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/journal_command.h"

#include "app/cli/journal_table.h"
#include "app/cli/voice.h"
#include "core/journal/journal.h"
#include "core/profiles/privatefile.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonDocument>

#include <memory>
#include <string>

namespace cachedeck {

namespace {

struct Options {
  std::string file, out, format;
  int last = 50;
  bool json = false;

  QString path() const { return file.empty() ? Journal::defaultFile() : QString::fromStdString(file); }
};

QString text(const char* source) { return QCoreApplication::translate("JournalCommand", source); }

constexpr Voice voice("journal");

// A journal or a key that is gone is what a check looks for, and no wrong argument.
int complain(const Error& error) { return voice.complain(error, error.kind == Error::Kind::NotFound ? 1 : exitCodeOf(error)); }

// A journal that was named and is not there is a mistake; the program's own may not have been begun yet.
Result<QList<JournalEntry>> entriesOf(const Options& options, qsizetype limit) {
  if (!options.file.empty() && !QFileInfo::exists(options.path()))
    return fail(Error::Kind::NotFound, text("There is no journal at %1.").arg(options.path()));
  return Journal(options.path(), {}).read(limit);
}

Result<JournalCheck> check(const Options& options) {
  if (!QFileInfo::exists(options.path()))
    return fail(Error::Kind::NotFound, text("There is no journal at %1: nothing was done yet, or it was removed.").arg(options.path()));
  // Never a new key here: no line could fit it.
  const auto key = existingStateKey(configDirectory());
  if (!key && key.error().kind == Error::Kind::NotFound)
    return fail(Error::Kind::NotFound,
                text("There is no state.key in %1, and without the key that the journal was written with it cannot be verified.").arg(configDirectory()));
  if (!key) return key.error();
  return Journal(options.path(), *key).verify();
}

int show(const Options& options) {
  const auto entries = entriesOf(options, options.last > 0 ? options.last : -1);
  if (!entries) return complain(entries.error());
  if (options.json) return voice.print(journalJson(*entries));
  if (entries->isEmpty()) return voice.print(text("The journal has no entries yet.\n").toUtf8());
  const qint64 before = entries->first().sequence - 1;
  QString shown = journalTable(*entries);
  if (before > 0) shown += text("%1 earlier entries are not shown; --last 0 shows all.").arg(before) + QLatin1Char('\n');
  return voice.print(shown.toUtf8());
}

QByteArray checkJson(const JournalCheck& check, const QString& path) {
  return QJsonDocument(QJsonObject{{QStringLiteral("file"), path},
                                   {QStringLiteral("entries"), check.entries},
                                   {QStringLiteral("intact"), check.intact},
                                   {QStringLiteral("broken_at"), check.intact ? QJsonValue() : QJsonValue(check.brokenAt)},
                                   {QStringLiteral("reason"), check.intact ? QJsonValue() : QJsonValue(check.reason)},
                                   {QStringLiteral("head"), check.head.isEmpty() ? QJsonValue() : QJsonValue(QLatin1String(check.head))}})
      .toJson(QJsonDocument::Indented);
}

QString checkText(const JournalCheck& check) {
  const QString head = check.head.isEmpty() ? QString() : text("Head: %1").arg(QLatin1String(check.head)) + QLatin1Char('\n');
  if (check.intact) return text("The journal is intact: %1 entries.").arg(check.entries) + QLatin1Char('\n') + head;
  return text("The journal is broken at line %1. %2").arg(check.brokenAt).arg(check.reason) + QLatin1Char('\n') +
         text("%1 entries before it are good.").arg(check.entries) + QLatin1Char('\n') + head;
}

int verify(const Options& options) {
  const auto found = check(options);
  if (!found) return complain(found.error());
  const int printed = voice.print(options.json ? checkJson(*found, options.path()) : checkText(*found).toUtf8());
  return found->intact ? printed : 1;
}

// Standard error gets what lets a reader tell later that nothing was cut off.
void sayHead(const Options& options, qsizetype entries) {
  const auto found = check(options);
  if (!found) voice.say(text("%1 entries were exported, not verified: %2").arg(entries).arg(found.error().message));
  else if (found->intact) voice.say(text("%1 entries were exported; the journal is intact, head %2").arg(entries).arg(QLatin1String(found->head)));
  else voice.say(text("%1 entries were exported, but the journal is broken at line %2. %3").arg(entries).arg(found->brokenAt).arg(found->reason));
}

int exportTo(const Options& options) {
  const auto entries = entriesOf(options, -1);
  if (!entries) return complain(entries.error());
  const QByteArray bytes = options.format == "csv" ? journalCsv(*entries) : journalJson(*entries);
  if (options.out.empty()) {
    if (const int failed = voice.print(bytes); failed != 0) return failed;
  } else if (const auto written = writePrivateFile(QString::fromStdString(options.out), bytes); !written) {
    return complain(written.error());
  }
  sayHead(options, entries->size());
  return 0;
}

CLI::App* addPart(CLI::App& journal, const char* name, const char* help, const std::shared_ptr<Options>& options, const Choose& choose, int (*run)(const Options&)) {
  CLI::App* part = journal.add_subcommand(name, help);
  part->add_option("--file", options->file, "Another journal than this user's own")->type_name("PATH");
  part->callback([options, choose, run] { choose([options, run] { return run(*options); }); });
  return part;
}

}  // namespace

void addJournalCommand(CLI::App& app, const Choose& choose) {
  const auto options = std::make_shared<Options>();
  CLI::App* journal = app.add_subcommand("journal", "What was done to the servers with this program: show it, verify it, export it");
  journal->require_subcommand(1);
  CLI::App* shown = addPart(*journal, "show", "Print the newest entries", options, choose, show);
  shown->add_option("--last", options->last, "So many entries; 0 = all")->type_name("N")->check(CLI::Range(0, 1'000'000'000))->capture_default_str();
  shown->add_flag("--json", options->json, "Print a JSON array");
  CLI::App* verified = addPart(*journal, "verify", "Check that no entry was changed, removed or put in: exit code 0 intact, 1 broken", options, choose, verify);
  verified->add_flag("--json", options->json, "Print one JSON object");
  CLI::App* exported = addPart(*journal, "export", "Write all entries for another program", options, choose, exportTo);
  exported->add_option("--format", options->format, "csv or json")->required()->check(CLI::IsMember({"csv", "json"}));
  exported->add_option("--out", options->out, "File that is replaced in one step; default: standard output")->type_name("FILE");
}

}  // namespace cachedeck
