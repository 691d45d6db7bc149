// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/resolver.h"

#include <QHostInfo>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace cachedeck {

namespace {

struct Lookup {
  std::mutex mutex;
  std::condition_variable_any answered;
  bool ready = false;
  QHostInfo info;
};

}  // namespace

Result<QList<QHostAddress>> resolveHost(const QString& host, const Deadline& deadline, std::stop_token stop) {
  if (QHostAddress literal; literal.setAddress(host)) return QList<QHostAddress>{literal};
  if (host.isEmpty()) return fail(Error::Kind::Usage, QStringLiteral("No host name is given. Enter a host name or an address."));

  auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, host] {
    QHostInfo info = QHostInfo::fromName(host);
    const std::lock_guard lock(lookup->mutex);
    lookup->info = std::move(info);
    lookup->ready = true;
    lookup->answered.notify_all();
  }).detach();

  std::unique_lock lock(lookup->mutex);
  const bool ready = lookup->answered.wait_for(lock, stop, std::chrono::milliseconds(deadline.remainingMs()),
                                               [&] { return lookup->ready; });
  if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Cancelled."));
  if (!ready)
    return fail(Error::Kind::Timeout, QStringLiteral("The name “%1” could not be resolved in time. Check the name server, or enter an address.").arg(host));
  if (lookup->info.addresses().isEmpty())
    return fail(Error::Kind::Unreachable, QStringLiteral("The host name “%1” is not known. Check its spelling.").arg(host));
  return lookup->info.addresses();
}

}  // namespace cachedeck
