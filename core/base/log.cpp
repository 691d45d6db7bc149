// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include "core/base/redactor.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cstdio>
#include <memory>
#include <mutex>

namespace cachedeck {

Q_LOGGING_CATEGORY(lcSource, "cachedeck.source", QtInfoMsg)
Q_LOGGING_CATEGORY(lcSandbox, "cachedeck.sandbox", QtInfoMsg)
Q_LOGGING_CATEGORY(lcApp, "cachedeck.app", QtInfoMsg)

namespace {

constexpr qint64 largestLog = 4 << 20;

struct Sink {
  std::mutex mutex;
  std::unique_ptr<QFile> file;
};

Sink& sink() {
  static Sink* const sink = new Sink;  // messages may still come while statics are destroyed
  return *sink;
}

const char* word(QtMsgType type) {
  switch (type) {
    case QtDebugMsg: return "debug";
    case QtInfoMsg: return "info";
    case QtWarningMsg: return "warning";
    case QtCriticalMsg: return "critical";
    case QtFatalMsg: return "fatal";
  }
  return "";
}

void write(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  // Remarks of Qt's own about the platform that concern nobody: the offscreen one at every resize, root without a session.
  if (message.contains(QLatin1String("propagateSizeHints")) || message.contains(QLatin1String("XDG_RUNTIME_DIR not set"))) return;
  QString text = redact(message);
  text.replace(QLatin1Char('\n'), QLatin1String("\\n"));
  const QByteArray line = QStringLiteral("%1 %2 %3: %4\n")
                              .arg(QDateTime::currentDateTime().toString(Qt::ISODateWithMs), QLatin1String(word(type)),
                                   QLatin1String(context.category ? context.category : "default"), text)
                              .toUtf8();
  const std::lock_guard lock(sink().mutex);
  if (sink().file) {
    sink().file->write(line);
    sink().file->flush();
  }
  if (type != QtDebugMsg && type != QtInfoMsg) std::fputs(line.constData(), stderr);
}

}  // namespace

QString defaultLogFile() {
  QString state = qEnvironmentVariable("XDG_STATE_HOME");
  if (state.isEmpty()) state = QDir::homePath() + QStringLiteral("/.local/state");
  return state + QStringLiteral("/cachedeck/cachedeck.log");
}

void installLog(const QString& path) {
  {
    const std::lock_guard lock(sink().mutex);
    sink().file.reset();
    if (!path.isEmpty()) {
      QDir().mkpath(QFileInfo(path).absolutePath());
      if (QFileInfo(path).size() > largestLog) {
        QFile::remove(path + QStringLiteral(".1"));
        QFile::rename(path, path + QStringLiteral(".1"));
      }
      auto file = std::make_unique<QFile>(path);
      if (file->open(QIODevice::WriteOnly | QIODevice::Append)) {
        file->setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        sink().file = std::move(file);
      }
    }
  }
  qInstallMessageHandler(write);
}

}  // namespace cachedeck
