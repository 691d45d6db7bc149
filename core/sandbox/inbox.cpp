// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sandbox/inbox.h"

#include "core/base/log.h"

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

namespace cachedeck {

namespace {

constexpr qsizetype largestBody = 256 * 1024;
constexpr qint64 largestFile = 8 * 1024 * 1024;
constexpr unsigned mostClients = 32, secondsOfPatience = 10;

struct Message {
  QByteArray body;
  bool isTooLarge = false;
};

MHD_Result answer(MHD_Connection* connection, unsigned status, const char* text) {
  MHD_Response* response = MHD_create_response_from_buffer(qstrlen(text), const_cast<char*>(text), MHD_RESPMEM_PERSISTENT);
  if (!response) return MHD_NO;
  const MHD_Result queued = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

/// The library's callbacks; all on its one thread.
struct Inbox::Calls {
  static MHD_Result request(void* self, MHD_Connection* connection, const char* path, const char* method, const char*, const char* data, std::size_t* size, void** context) {
    if (!*context) {
      *context = new Message;
      return MHD_YES;
    }
    auto& message = *static_cast<Message*>(*context);
    if (*size > 0) {
      message.isTooLarge |= message.body.size() + static_cast<qsizetype>(*size) > largestBody;
      if (!message.isTooLarge) message.body.append(data, static_cast<qsizetype>(*size));
      *size = 0;
      return MHD_YES;
    }
    if (qstrcmp(method, "POST") != 0) return answer(connection, 405, "Messages are posted.\n");
    if (message.isTooLarge) return answer(connection, 413, "A message may have 256 KiB.\n");
    return static_cast<Inbox*>(self)->keep(path, message.body) ? answer(connection, 200, "ok") : answer(connection, 507, "The inbox is full.\n");
  }

  static void completed(void*, MHD_Connection*, void** context, MHD_RequestTerminationCode) {
    delete static_cast<Message*>(*context);
    *context = nullptr;
  }
};

Result<std::unique_ptr<Inbox>> Inbox::start(const QString& file) {
  std::unique_ptr<Inbox> inbox(new Inbox(file));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  inbox->m_daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, &Calls::request, inbox.get(),                                         //
                                     MHD_OPTION_SOCK_ADDR, reinterpret_cast<const sockaddr*>(&address), MHD_OPTION_NOTIFY_COMPLETED, &Calls::completed, nullptr,  //
                                     MHD_OPTION_CONNECTION_LIMIT, mostClients, MHD_OPTION_CONNECTION_TIMEOUT, secondsOfPatience, MHD_OPTION_END);
  const MHD_DaemonInfo* info = inbox->m_daemon ? MHD_get_daemon_info(inbox->m_daemon, MHD_DAEMON_INFO_BIND_PORT) : nullptr;
  if (!info || info->port == 0) return fail(Error::Kind::Io, QStringLiteral("The inbox for notifications could not listen on 127.0.0.1."));
  inbox->m_port = info->port;
  return inbox;
}

Inbox::~Inbox() {
  if (m_daemon) MHD_stop_daemon(m_daemon);
}

bool Inbox::keep(const QByteArray& path, const QByteArray& body) {
  const QJsonDocument json = QJsonDocument::fromJson(body);
  const QJsonValue said = json.isObject() ? QJsonValue(json.object()) : QJsonValue(QString::fromUtf8(body));
  const QJsonObject line{{QStringLiteral("at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)}, {QStringLiteral("path"), QString::fromUtf8(path)}, {QStringLiteral("body"), said}};
  QFile file(m_file);
  const bool isOpen = file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
  const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
  if (isOpen && file.size() + bytes.size() > largestFile) return false;
  if (isOpen && file.write(bytes) == bytes.size()) return true;
  qCWarning(lcSandbox).noquote() << "A notification was not written down in" << m_file << ":" << file.errorString();
  return false;
}

}  // namespace cachedeck
