// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "core/base/log.h"
#include "core/profiles/fromurls.h"
#include "ui/window/welcomepage.h"

namespace cachedeck {

void Console::openSandbox() {
  if (m_startingSandbox) return;
  if (m_sandbox) return openSandboxServers();
  m_startingSandbox = true;
  m_window->showWelcome();
  m_window->welcome()->reset();
  const auto progress = [this](const QString& step) {
    QMetaObject::invokeMethod(this, [this, step] { m_window->welcome()->addProgress(step); }, Qt::QueuedConnection);
  };
  using Started = Result<std::unique_ptr<Sandbox>>;
  m_sandboxWorker.post(
      this, [progress](std::stop_token stop) { return Sandbox::startOwned({}, progress, std::move(stop)); },
      [this](Started started) {
        m_startingSandbox = false;
        if (!started) return sandboxLost(started.error());
        m_sandbox = std::move(*started);
        openSandboxServers();
      });
}

void Console::openSandboxServers() {
  auto made = profileFromUrls(tr("Sandbox"), m_sandbox->info().urls);
  if (!made) return sandboxLost(made.error());
  made->handOver(*m_secrets);
  m_sandboxProfile = made->profile.id;
  open(made->profile);
}

void Console::sandboxLost(const Error& error) {
  qCWarning(lcSandbox).noquote() << error.message << error.detail;
  m_window->welcome()->showError(error);
  Q_EMIT sandboxFailed(error);
}

}  // namespace cachedeck
