// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <chrono>
#include <utility>
#include <vector>

namespace cachedeck {

/// Where an HTTP server is and how to prove who we are.
struct HttpSettings {
  enum class Auth { None, Basic, Bearer };

  QUrl base;  ///< scheme, host, port and path prefix; no user part, query or fragment
  Auth auth = Auth::None;
  QString user;          ///< Basic only
  Secret secret;         ///< password or bearer token
  QByteArray header;     ///< name of one more header ("X-Scope-OrgID"), or empty
  Secret headerValue;
  QString caFile;           ///< PEM; empty = the system's authorities
  QString certificateFile;  ///< PEM chain of the client certificate, or empty
  QString keyFile;          ///< PEM; empty = in the certificate's file
  std::chrono::milliseconds deadline{5000};  ///< total, from the first look-up to the last byte
  qint64 largestBody = 20 * 1000 * 1000;     ///< bytes, after decompression

  bool sendsCredentials() const { return auth != Auth::None || !header.isEmpty(); }
};

/// Names and clear values; the client percent-encodes them ('+' too, which QUrlQuery leaves alone).
using HttpQuery = std::vector<std::pair<QByteArray, QString>>;
QByteArray encodedQuery(const HttpQuery& query);

/// One complete answer, whatever its status.
struct HttpResponse {
  int status = 0;
  QByteArray contentType;  ///< lower case, without parameters
  QByteArray body;         ///< decompressed
  qint64 dateMs = 0;       ///< the server's clock when it answered, to the second; 0 when it did not tell
};

/// "host:port", IPv6 in brackets.
QString endpointOf(const QUrl& url);

}  // namespace cachedeck
