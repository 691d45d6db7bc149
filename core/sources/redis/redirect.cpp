// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sources/redis/node_address.h"
#include "core/sources/redis/topology.h"

namespace cachedeck {

std::optional<Redirect> redirectOf(QByteArrayView errorReply, const QString& askedHost) {
  Redirect redirect;
  if (errorReply.startsWith("ASK "))
    redirect.ask = true;
  else if (!errorReply.startsWith("MOVED "))
    return std::nullopt;
  const QByteArrayView rest = errorReply.sliced(redirect.ask ? 4 : 6);
  const qsizetype blank = rest.indexOf(' ');
  const qsizetype colon = rest.lastIndexOf(':');  // the last: IPv6 addresses come without brackets
  if (blank < 0 || colon < blank) return std::nullopt;
  const std::optional<int> slot = checkedNumber(rest.first(blank), slotCount - 1);
  const std::optional<quint16> port = checkedPort(rest.sliced(colon + 1));
  const QByteArrayView host = rest.sliced(blank + 1, colon - blank - 1);
  // "?" stands where host names are asked for and this server has announced none.
  const std::optional<QString> checked = host.isEmpty() || host == "?" ? askedHost : checkedHost(host);
  if (!slot || !port || !checked || checked->isEmpty()) return std::nullopt;
  redirect.slot = *slot;
  redirect.port = *port;
  redirect.host = *checked;
  return redirect;
}

}  // namespace cachedeck
