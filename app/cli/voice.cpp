// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/voice.h"

#include "core/base/redactor.h"

#include <QJsonDocument>

#include <cerrno>
#include <cstdio>
#include <mutex>
#include <unistd.h>

namespace cachedeck {

namespace {

// The lines come from a timer's thread, the questions from a job's.
std::mutex terminalMutex;
int pauses = 0;

void rewriteLine(const QString& text) {
  static const bool terminal = isatty(STDERR_FILENO);
  if (!terminal) return;
  std::fprintf(stderr, "\r\033[K%s", qPrintable(text));
  std::fflush(stderr);
}

}  // namespace

void Voice::say(const QString& sentence) const { std::fprintf(stderr, "cachedeck %s: %s\n", m_command, redact(sentence).toUtf8().constData()); }

int Voice::complain(const QString& sentence, int exitCode) const {
  say(sentence);
  return exitCode;
}

int Voice::print(const QByteArray& bytes) const {
  const auto size = static_cast<std::size_t>(bytes.size());
  if (std::fwrite(bytes.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0) return 0;
  return complain(QStringLiteral("Standard output could not be written: %1.").arg(qt_error_string(errno)), 1);
}

void printJson(const QJsonObject& object) {
  std::fputs(QJsonDocument(object).toJson(QJsonDocument::Compact).constData(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void progressLine(const QString& text) {
  const std::scoped_lock lock(terminalMutex);
  if (pauses == 0) rewriteLine(text);
}

ProgressPause::ProgressPause() {
  const std::scoped_lock lock(terminalMutex);
  if (pauses++ == 0) rewriteLine({});
}

ProgressPause::~ProgressPause() {
  const std::scoped_lock lock(terminalMutex);
  --pauses;
}

bool isOfConnection(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::Refused:
    case Error::Kind::Unreachable:
    case Error::Kind::Timeout:
    case Error::Kind::Tls:
    case Error::Kind::Auth: return true;
    default: return false;
  }
}

}  // namespace cachedeck
