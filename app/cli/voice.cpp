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

Error notWritten() { return fail(Error::Kind::Io, QStringLiteral("Standard output could not be written: %1.").arg(qt_error_string(errno))); }

}  // namespace

int exitCodeOf(const Error& error) {
  switch (error.kind) {
    case Error::Kind::Usage:
    case Error::Kind::NotFound: return 2;
    case Error::Kind::Refused:
    case Error::Kind::Unreachable:
    case Error::Kind::Timeout:
    case Error::Kind::Tls:
    case Error::Kind::Auth: return 3;
    default: return 1;
  }
}

void Voice::say(const QString& sentence) const { std::fprintf(stderr, "cachedeck %s: %s\n", m_command, redact(sentence).toUtf8().constData()); }

int Voice::complain(const QString& sentence, int exitCode) const {
  say(sentence);
  return exitCode;
}

int Voice::print(const QByteArray& bytes) const {
  const Result<void> written = writeOut(bytes);
  return written ? 0 : complain(written.error(), 1);
}

int Voice::printLines(const QStringList& lines) const { return print(lines.isEmpty() ? QByteArray() : lines.join(QLatin1Char('\n')).toUtf8() + '\n'); }

int Voice::printJson(const QJsonObject& object) const { return print(jsonLine(object)); }

Result<void> writeOut(const QByteArray& bytes) {
  if (const Result<void> taken = bufferOut(bytes); !taken) return taken;
  return std::fflush(stdout) == 0 ? Result<void>() : notWritten();
}

Result<void> bufferOut(const QByteArray& bytes) {
  const auto size = static_cast<std::size_t>(bytes.size());
  return std::fwrite(bytes.constData(), 1, size, stdout) == size ? Result<void>() : notWritten();
}

QByteArray jsonLine(const QJsonObject& object) { return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n'; }

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

}  // namespace cachedeck
