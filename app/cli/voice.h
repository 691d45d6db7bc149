// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

namespace cachedeck {

/// What an error means as an exit code, where a command's page says nothing else: 2 an argument that is wrong or names what is not there, 3 no server was reached, else 1.
int exitCodeOf(const Error& error);

/// How a subcommand speaks: complaints to standard error behind its name and without passwords, results to standard output.
class Voice {
 public:
  constexpr explicit Voice(const char* command) : m_command(command) {}

  /// "cachedeck COMMAND: sentence"
  void say(const QString& sentence) const;
  /// Says what went wrong, and hands back the exit code that it means.
  int complain(const QString& sentence, int exitCode) const;
  int complain(const Error& error, int exitCode) const { return complain(error.message, exitCode); }
  int complain(const Error& error) const { return complain(error.message, exitCodeOf(error)); }
  /// Writes all of it and returns 0, or says that standard output could not be written and returns 1.
  int print(const QByteArray& bytes) const;
  int printLines(const QStringList& lines) const;
  int printJson(const QJsonObject& object) const;

 private:
  const char* m_command;
};

/// Standard output takes all of it at once, or the error says why not.
Result<void> writeOut(const QByteArray& bytes);
/// The same of one of many lines, which may wait in a buffer: `writeOut`, also of nothing, sends what is left.
Result<void> bufferOut(const QByteArray& bytes);
/// One object on one line, as a program reads it from standard output.
QByteArray jsonLine(const QJsonObject& object);
/// A progress line on a terminal's standard error, rewritten in place; an empty one clears it.
void progressLine(const QString& text);
/// While one lives no progress is drawn, whoever draws it: a person is asked something on this terminal.
class ProgressPause {
 public:
  ProgressPause();
  ~ProgressPause();
  ProgressPause(const ProgressPause&) = delete;
  ProgressPause& operator=(const ProgressPause&) = delete;
};

}  // namespace cachedeck
