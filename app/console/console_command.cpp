// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console_command.h"

#include "app/cli/duration.h"
#include "app/cli/source_options.h"
#include "app/cli/stop_signals.h"
#include "app/console/console.h"
#include "app/console/grab.h"
#include "core/base/redactor.h"

#include <CLI/CLI.hpp>
#include <QApplication>

#include <cstdio>

namespace cachedeck {

namespace {

struct ConsoleArguments {
  SourceOptions sources;
  bool sandbox = false;
  std::string grab, page = "overview", size, after = "10s", theme, snapshot;
  bool figures = false;
};

int usage(const Error& error) {
  std::fprintf(stderr, "cachedeck: %s\n", qPrintable(redact(error.message)));
  return 2;
}

bool hasDisplay() {
  return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

Result<QSize> parseSize(const std::string& text) {
  const QStringList parts = QString::fromStdString(text).split(QLatin1Char('x'));
  const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
  if (size.width() < 320 || size.height() < 240 || size.width() > 16384 || size.height() > 16384)
    return fail(Error::Kind::Usage, QStringLiteral("“%1” is not a size. Write WIDTHxHEIGHT, from 320x240 to 16384x16384.").arg(QString::fromStdString(text)));
  return size;
}

Result<GrabOptions> grabOptions(const ConsoleArguments& arguments) {
  GrabOptions options;
  options.file = QString::fromStdString(arguments.grab);
  options.figures = arguments.figures;
  const auto after = parseDuration(QString::fromStdString(arguments.after));
  if (!after) return after.error();
  options.after = *after;
  return options;
}

// Opens what the arguments name, or the profile used last.
Result<void> openNamed(Console& console, const ConsoleArguments& arguments) {
  if (arguments.sandbox) {
    console.openSandbox();
  } else if (arguments.sources.isGiven()) {
    const auto profile = arguments.sources.profile(console.secrets());
    if (!profile) return profile.error();
    console.open(*profile);
  } else if (!arguments.snapshot.empty()) {
    console.openFile(QString::fromStdString(arguments.snapshot));
  } else if (!console.openLast()) {
    console.showWelcome();
  }
  return {};
}

int run(const ConsoleArguments& arguments, Program program) {
  const bool offscreen = !arguments.grab.empty();
  const auto grab = grabOptions(arguments);
  if (offscreen && !grab) return usage(grab.error());
  if (offscreen) qputenv("QT_QPA_PLATFORM", "offscreen");
  if (arguments.sandbox && arguments.sources.isGiven())
    return usage(fail(Error::Kind::Usage, QStringLiteral("--sandbox brings its own servers: leave out --profile and the URLs, or --sandbox.")));
  if (!arguments.snapshot.empty() && (arguments.sandbox || arguments.sources.isGiven()))
    return usage(fail(Error::Kind::Usage, QStringLiteral("--open shows a snapshot in place of servers: leave out --sandbox, --profile and the URLs.")));
  if (!hasDisplay()) {
    std::fputs("cachedeck: there is no display. Use --grab FILE, `cachedeck watch`, or a session with DISPLAY or WAYLAND_DISPLAY.\n", stderr);
    return 1;
  }

  QApplication application(program.argc, program.argv);
  QApplication::setApplicationName(QStringLiteral("cachedeck"));
  QApplication::setApplicationDisplayName(QStringLiteral("Cachedeck"));
  QApplication::setDesktopFileName(QStringLiteral("cachedeck"));
  Console console(Secrets::ofThisProcess());
  if (!arguments.theme.empty()) Theme::instance().setScheme(arguments.theme == "light" ? Theme::Scheme::Light : Theme::Scheme::Dark);
  if (!arguments.size.empty()) {
    const auto size = parseSize(arguments.size);
    if (!size) return usage(size.error());
    console.window().resize(*size);
  } else if (offscreen) {
    console.window().resize(1600, 1000);
  }
  const QString page = QString::fromStdString(arguments.page);
  if (!console.setFirstPage(page)) return usage(fail(Error::Kind::Usage, QStringLiteral("There is no page “%1”.").arg(page)));
  if (const auto opened = openNamed(console, arguments); !opened) return usage(opened.error());
  console.window().show();
  std::unique_ptr<Grab> picture;
  if (offscreen) picture = std::make_unique<Grab>(console, *grab);
  onStopSignal([offscreen] { QCoreApplication::exit(offscreen ? 1 : 0); });  // a picture that was not taken is a failure
  return QApplication::exec();
}

}  // namespace

void addConsoleCommand(CLI::App& app, const Program& program, const Choose& choose) {
  const auto arguments = std::make_shared<ConsoleArguments>();
  app.require_subcommand(0, 1);
  arguments->sources.addTo(app);
  app.add_flag("--sandbox", arguments->sandbox, "Start real servers in a private folder and open them");
  app.add_option("--open", arguments->snapshot, "Show this snapshot in place of servers")->type_name("FILE");
  auto* grab = app.add_option("--grab", arguments->grab, "Render the window offscreen into this PNG file and exit")->type_name("FILE");
  app.add_option("--page", arguments->page, "The page to show")->type_name("PAGE")->capture_default_str();
  app.add_option("--size", arguments->size, "Size of the window, for example 1600x1000")->type_name("WxH");
  app.add_option("--after", arguments->after, "Time between connecting and the picture")->type_name("TIME")->needs(grab)->capture_default_str();
  app.add_flag("--figures", arguments->figures, "Also print the live figures")->needs(grab);
  app.add_option("--theme", arguments->theme, "Colours of the window")->check(CLI::IsMember({"dark", "light"}));
  app.callback([&app, arguments, program, choose] {
    if (app.get_subcommands().empty()) choose([arguments, program] { return run(*arguments, program); });
  });
}

}  // namespace cachedeck
