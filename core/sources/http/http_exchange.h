// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/sources/http/http_settings.h"

#include <QList>
#include <QSslError>
#include <QUrl>

#include <memory>
#include <stop_token>

class QNetworkReply;

namespace cachedeck {

/// One request under way: waits for its end under a total deadline, a stop token and a cap on the body.
class HttpExchange {
 public:
  HttpExchange(QNetworkReply* reply, qint64 largestBody);
  ~HttpExchange();

  /// Blocks until the answer is whole, or something ended it earlier; `allowed` is the deadline's length for the message.
  Result<HttpResponse> wait(const HttpSettings& settings, std::chrono::milliseconds allowed, const Deadline& deadline,
                            std::stop_token stop);
  /// Where the answer points, resolved; empty when nowhere.
  QUrl redirectTarget() const;

 private:
  void take();
  bool lacksBytes() const;
  Result<HttpResponse> answer(const HttpSettings& settings, std::chrono::milliseconds allowed);

  std::unique_ptr<QNetworkReply> m_reply;
  const qint64 m_largestBody;
  QByteArray m_body;
  QList<QSslError> m_tlsErrors;
  bool m_tooLarge = false;
};

}  // namespace cachedeck
