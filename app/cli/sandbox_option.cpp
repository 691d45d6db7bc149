// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_option.h"

#include "core/sandbox/sandbox.h"

#include <CLI/CLI.hpp>

namespace cachedeck {

namespace {

constexpr char dirOption[] = "--sandbox-dir";

}  // namespace

void SandboxOption::addTo(CLI::App& command, const std::string& what) {
  command.add_flag("--sandbox", m_any, what + " of the running sandbox");
  command.add_option(dirOption, m_dir, what + " of the sandbox that was started with --dir DIR")->type_name("DIR")->check([](const std::string& dir) { return std::string(dir.empty() ? "is empty" : ""); });
}

Result<SandboxInfo> SandboxOption::running() const {
  Result<SandboxInfo> found = sandboxStatus(QString::fromStdString(m_dir), QString::fromLatin1(dirOption));
  if (found || !m_dir.empty() || found.error().kind != Error::Kind::NotFound) return found;
  // Without its directory nobody can see one that was started with --dir.
  return fail(Error::Kind::NotFound, found.error().message + QStringLiteral(", or name the directory of one that was started with --dir: %1 DIR").arg(QLatin1String(dirOption)));
}

}  // namespace cachedeck
