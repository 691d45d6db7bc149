// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/grab.h"

#include "app/cli/voice.h"
#include "core/base/whole_file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QPixmap>

#include <cstdio>

namespace cachedeck {

Grab::Grab(Console& console, const GrabOptions& options) : m_console(console), m_options(options) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(options.after);
  connect(&m_timer, &QTimer::timeout, this, &Grab::take);
  // In the middle of the wait: a stack that has just been started has something to show then.
  connect(&console, &Console::opened, this, [this] { QTimer::singleShot(m_options.after / 2, &m_console, &Console::fillForPicture); });
  const auto giveUp = [](const QString& sentence) {
    std::fprintf(stderr, "cachedeck: %s\n", qPrintable(sentence));
    QCoreApplication::exit(1);
  };
  connect(&console, &Console::sandboxFailed, this, [giveUp](const Error& error) { giveUp(error.message); });
  connect(&console, &Console::fileFailed, this, giveUp);
  connect(&console, &Console::opened, this, [this] {
    for (const auto& [id, poller] : m_console.pollers())
      connect(poller.get(), &Poller::sampled, this, [this, source = id](const Sample& sample) { m_figures.update(source, sample); });
    m_timer.start();
  });
  // Without servers there is nothing to wait for: the welcome page is the picture.
  if (m_console.window().currentPage().isEmpty() && !m_console.isStartingSandbox()) m_timer.start();
}

void Grab::take() {
  m_console.drawNow();
  QBuffer picture;
  picture.open(QIODevice::WriteOnly);
  m_console.window().grab().save(&picture, "PNG");
  Result<void> written = writeWhole(picture.data(), m_options.file);
  if (written && m_options.figures) written = printFigures();
  if (!written) {
    std::fprintf(stderr, "cachedeck: %s\n", qPrintable(written.error().message));
    QCoreApplication::exit(1);
    return;
  }
  QCoreApplication::exit(exitCode());
}

Result<void> Grab::printFigures() const {
  LiveFigures figures = m_figures;
  for (const auto& [id, poller] : m_console.pollers()) figures.update(id, QString::fromLatin1(poller->info().title), poller->state());
  return writeOut((figures.toText(QDateTime::currentMSecsSinceEpoch()) + QStringLiteral("Picture: %1\n").arg(QFileInfo(m_options.file).absoluteFilePath())).toUtf8());
}

int Grab::exitCode() const {
  const auto& pollers = m_console.pollers();
  if (!m_console.hasSources()) return 0;
  const bool anyLive = std::any_of(pollers.begin(), pollers.end(),
                                   [](const auto& entry) { return entry.second->state().lastGoodMs > 0; });
  return anyLive ? 0 : 3;
}

}  // namespace cachedeck
