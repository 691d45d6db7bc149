// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <memory>

struct MHD_Daemon;

namespace cachedeck {

/// Stands for Slack in the sandbox: an HTTP server on loopback that takes what is posted to it and writes it down, a JSON object {"at", "path", "body"} a line. Thread-safe.
class Inbox {
 public:
  /// `file`: made when the first message comes, 0600, and at most 8 MiB; what comes then is answered 507. A body may have 256 KiB.
  static Result<std::unique_ptr<Inbox>> start(const QString& file);
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  quint16 port() const { return m_port; }

 private:
  struct Calls;
  explicit Inbox(QString file) : m_file(std::move(file)) {}
  bool keep(const QByteArray& path, const QByteArray& body);

  const QString m_file;
  MHD_Daemon* m_daemon = nullptr;
  quint16 m_port = 0;
};

}  // namespace cachedeck
