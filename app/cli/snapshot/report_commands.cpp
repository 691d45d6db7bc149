// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/snapshot/report_commands.h"

#include "app/cli/snapshot/compare_sides.h"
#include "app/cli/voice.h"
#include "core/base/whole_file.h"
#include "core/snapshot/bundle.h"
#include "core/snapshot/compare.h"
#include "ui/snapshots/render.h"
#include "ui/snapshots/reportlook.h"

#include <CLI/CLI.hpp>
#include <QFileInfo>
#include <QGuiApplication>
#include <QJsonDocument>

#include <memory>
#include <optional>
#include <string>

namespace cachedeck {

namespace {

struct ExportArguments {
  std::string file, format, panel, theme, out;
};
struct CompareArguments {
  std::string before, after, first, second, format, theme, out = "-";
};

constexpr Voice voice("snapshot");

std::optional<bool> darkOf(const std::string& theme) { return theme.empty() ? std::nullopt : std::optional(theme == "dark"); }

bool isSameFile(const QString& one, const QString& other) {
  const QString a = QFileInfo(one).canonicalFilePath(), b = QFileInfo(other).canonicalFilePath();
  return !a.isEmpty() && a == b;
}

/// Facts of servers are nobody else's: the file is for its owner alone, and is replaced whole or not at all. What a device or pipe does with them is for the person to know.
int deliver(const QByteArray& bytes, const std::string& out) {
  if (out == "-") return voice.print(bytes);
  const auto written = writeWholeForOwner(bytes, QString::fromStdString(out));
  return written ? 0 : voice.complain(written.error());
}

/// The format that is named, or that the file's name ends in; however it is written.
QString wantedFormat(const std::string& named, const std::string& out) { return (named.empty() ? QFileInfo(QString::fromStdString(out)).suffix() : QString::fromStdString(named)).toLower(); }

Result<const snapshot::ReportFormat*> formatOf(const ExportArguments& arguments) {
  const QString id = wantedFormat(arguments.format, arguments.out);
  const snapshot::ReportFormat* format = findReportFormat(id);
  QStringList names;
  for (const snapshot::ReportFormat& one : reportFormats()) names.append(QLatin1String(one.id));
  if (!format) return fail(Error::Kind::Usage, QStringLiteral("“%1” is no format of exports. Write --format and one of: %2.").arg(id, names.join(QStringLiteral(", "))));
  if (!arguments.panel.empty() && !format->isPicture) return fail(Error::Kind::Usage, QStringLiteral("--panel is for pictures of one chart: png and svg."));
  if (arguments.out == "-" && !format->isText) return fail(Error::Kind::Usage, QStringLiteral("%1 is no text: name a file with --out.").arg(id));
  return format;
}

int exportSnapshot(const ExportArguments& arguments) {
  const auto format = formatOf(arguments);
  if (!format) return voice.complain(format.error());
  const QString file = QString::fromStdString(arguments.file);
  if (isSameFile(file, QString::fromStdString(arguments.out))) return voice.complain(fail(Error::Kind::Usage, QStringLiteral("--out names the snapshot itself, which would be lost.")));
  const auto read = snapshot::readBundle(file);
  if (!read) return voice.complain(read.error());
  std::unique_ptr<QGuiApplication> fonts;
  if (!(*format)->isText) {  // drawing needs fonts, and those a platform; there may be no display
    static int argc = 1;
    static char name[] = "cachedeck";
    static char* argv[] = {name, nullptr};
    qputenv("QT_QPA_PLATFORM", "offscreen");
    fonts = std::make_unique<QGuiApplication>(argc, argv);
  }
  const auto bytes = (*format)->write(*read, reportLook(), {QString::fromStdString(arguments.panel), darkOf(arguments.theme)});
  return bytes ? deliver(*bytes, arguments.out) : voice.complain(bytes.error());
}

using Comparison = snapshot::SnapshotComparison;
using snapshot::Snapshot;

/// A format of comparisons.
struct CompareFormat {
  const char* id;
  const char* suffix;  ///< what names of files end in, without the dot
  QByteArray (*write)(const Comparison&, const Snapshot& before, const Snapshot& after, std::optional<bool> dark);
};
constexpr CompareFormat compareFormats[] = {
    {"text", "txt", [](const Comparison& comparison, const Snapshot& before, const Snapshot& after, std::optional<bool>) { return comparisonText(comparison, before, after).toUtf8(); }},
    {"md", "md", [](const Comparison& comparison, const Snapshot& before, const Snapshot& after, std::optional<bool>) { return comparisonMarkdown(comparison, before, after).toUtf8(); }},
    {"json", "json", [](const Comparison& comparison, const Snapshot& before, const Snapshot& after, std::optional<bool>) { return QJsonDocument(comparisonJson(comparison, before, after)).toJson(); }},
    {"html", "html", [](const Comparison& comparison, const Snapshot& before, const Snapshot& after, std::optional<bool> dark) { return comparisonHtml(comparison, before, after, reportLook(), dark); }}};

/// A name without an ending is for a person who reads it at once.
Result<const CompareFormat*> formatOf(const CompareArguments& arguments) {
  const QString wanted = wantedFormat(arguments.format, arguments.out);
  for (const CompareFormat& format : compareFormats)
    if (wanted == QLatin1String(format.id) || wanted == QLatin1String(format.suffix)) return &format;
  if (wanted.isEmpty()) return &compareFormats[0];
  return fail(Error::Kind::Usage, QStringLiteral("“%1” is no format of comparisons. Write --format and one of: text, md, json, html.").arg(wanted));
}

/// Two files, or one and two ranges of it.
Result<ComparedSides> sidesOf(const CompareArguments& arguments) {
  const bool isOneFile = arguments.after.empty(), hasRange = !arguments.first.empty() || !arguments.second.empty();
  if (isOneFile && arguments.second.empty()) return fail(Error::Kind::Usage, QStringLiteral("Name a second file, or two ranges of this one: --first 12:40..12:55 --second 12:55..13:10."));
  if (!isOneFile && hasRange) return fail(Error::Kind::Usage, QStringLiteral("--first and --second are ranges of one file. Name only that."));
  const QString before = QString::fromStdString(arguments.before);
  return isOneFile ? sidesOfRanges(before, QString::fromStdString(arguments.first), QString::fromStdString(arguments.second)) : sidesOfFiles(before, QString::fromStdString(arguments.after));
}

int compareFiles(const CompareArguments& arguments) {
  const auto format = formatOf(arguments);
  if (!format) return voice.complain(format.error());
  for (const std::string& file : {arguments.before, arguments.after})
    if (isSameFile(QString::fromStdString(file), QString::fromStdString(arguments.out))) return voice.complain(fail(Error::Kind::Usage, QStringLiteral("--out names one of the snapshots, which would be lost.")));
  const auto sides = sidesOf(arguments);
  if (!sides) return voice.complain(sides.error());
  return deliver((*format)->write(sides->comparison, sides->before, sides->after, darkOf(arguments.theme)), arguments.out);
}

void addTheme(CLI::App& part, std::string& theme, const char* help) { part.add_option("--theme", theme, help)->check(CLI::IsMember({"light", "dark"})); }

}  // namespace

void addSnapshotReportCommands(CLI::App& snapshot, const Choose& choose) {
  const auto exported = std::make_shared<ExportArguments>();
  CLI::App* writing = snapshot.add_subcommand("export", "Write a snapshot as a report, a document, pictures, or for another program");
  writing->add_option("file", exported->file, "File of a snapshot")->type_name("FILE")->required();
  writing->add_option("--format", exported->format, "html, pdf, png, svg, md, csv or json; default: what the name after --out ends in")->type_name("FORMAT");
  writing->add_option("--panel", exported->panel, "Only this panel of the Overview, by its id: png and svg")->type_name("ID");
  addTheme(*writing, exported->theme, "Colours of html, pdf, png and svg: light or dark");
  writing->add_option("--out", exported->out, "File that is replaced in one step, for its owner alone; - writes text to standard output")->type_name("FILE")->required();
  writing->callback([exported, choose] { choose([exported] { return exportSnapshot(*exported); }); });

  const auto compared = std::make_shared<CompareArguments>();
  CLI::App* comparing = snapshot.add_subcommand("compare", "What changed from one snapshot to another, or between two ranges of one snapshot or recording: figures, settings, statements, the scorecard");
  comparing->add_option("before", compared->before, "File of the first")->type_name("FILE")->required();
  comparing->add_option("after", compared->after, "File of the second; none: two ranges of the first")->type_name("FILE");
  comparing->add_option("--first", compared->first, "Range of the one file, 12:40..12:55 or 2026-11-29 12:40..12:55; local time, UTC with a Z behind each; default: the same length just before --second")->type_name("RANGE");
  comparing->add_option("--second", compared->second, "The other range of it")->type_name("RANGE");
  comparing->add_option("--format", compared->format, "text, md, json or html; default: what the name after --out ends in, else text")->type_name("FORMAT");
  addTheme(*comparing, compared->theme, "Colours of html: light or dark; default: the reader's");
  comparing->add_option("--out", compared->out, "File that is replaced in one step, for its owner alone; -: standard output")->type_name("FILE")->capture_default_str();
  comparing->callback([compared, choose] { choose([compared] { return compareFiles(*compared); }); });
}

}  // namespace cachedeck
