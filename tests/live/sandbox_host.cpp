// SPDX-License-Identifier: GPL-3.0-or-later
// A console without a window, for tst_sandbox: the sandbox commands, and `own`, which holds a sandbox until it is killed.
#include "app/cli/sandbox_command.h"
#include "core/sandbox/sandbox.h"

#include <CLI/CLI.hpp>
#include <QJsonDocument>

#include <cstdio>
#include <unistd.h>

using namespace cachedeck;

static int own(const std::string& dir) {
  const auto sandbox = Sandbox::startOwned({QString::fromStdString(dir), {}}, {}, {});
  if (!sandbox) {
    std::fprintf(stderr, "%s\n", qPrintable(sandbox.error().message));
    return 1;
  }
  std::puts(QJsonDocument((*sandbox)->info().toJson()).toJson(QJsonDocument::Compact).constData());
  std::fflush(stdout);
  char byte;
  while (::read(STDIN_FILENO, &byte, 1) > 0) continue;  // until the test closes it
  return 0;
}

int main(int argc, char** argv) {
  CLI::App app;
  app.require_subcommand(1);
  std::function<int()> run;
  addSandboxCommand(app, [&run](std::function<int()> chosen) { run = std::move(chosen); });
  std::string dir;
  CLI::App* ownCommand = app.add_subcommand("own");
  ownCommand->add_option("--dir", dir);
  ownCommand->callback([&] { run = [&dir] { return own(dir); }; });
  CLI11_PARSE(app, argc, argv);
  return run();
}
