// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/metrics/metric.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <memory>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

namespace cachedeck {

class LookupBook;

/// What a profile holds for one source: the values of its field table, secrets apart.
struct SourceSettings {
  QMap<QString, QString> fields;
  QMap<QString, Secret> secrets;
  /// Where the key look-ups that this program makes itself are noted, so that they do not count as traffic; may be null.
  std::shared_ptr<LookupBook> ownLookups{};

  QString field(const QString& key, const QString& fallback = {}) const {
    const QString value = fields.value(key);
    return value.isEmpty() ? fallback : value;
  }
};

/// One field of a connection form: the form, the profile file and the commands are made from these rows.
struct FieldInfo {
  enum class Kind { Text, Number, Secret, File, Switch, Choice };
  const char* key;
  const char* label;             ///< translatable
  Kind kind = Kind::Text;
  const char* placeholder = "";  ///< also the default that applies when the field is empty
  const char* help = "";         ///< one sentence, translatable
  const char* choices = "";      ///< values of a Choice, parted by |; the first is the default
};

/// Who answered at the other end.
struct Identity {
  QString product;   ///< "Redis"
  QString version;   ///< "7.0.15"
  QString endpoint;  ///< "127.0.0.1:6379" or the socket's path; never a secret
  QString role;      ///< "master", "replica", "primary", "standby"; may be empty
  QString serverId;  ///< tells one server from another over restarts where the server has such a thing; may be empty
};

/// One round of measurement.
struct Sample {
  Instant at;
  /// (metric id, value); NaN or absence = not measured this time, which charts show as a gap.
  std::vector<std::pair<QLatin1String, double>> values;
  double roundTripSeconds = 0;
  /// True when the server's counters started anew (restart, statistics reset): charts break their lines here.
  bool restarted = false;
  /// What keeps figures from being complete, each one sentence with the remedy ("GRANT pg_monitor TO …").
  QStringList notes;
};

/// One connection to one server. Used on its Worker's thread only; every call blocks within its own deadlines and
/// returns soon after `stop` is requested.
class Source {
 public:
  virtual ~Source() = default;
  /// Connects, authenticates and asks who is there. Success means that a real answer came.
  virtual Result<Identity> connect(std::stop_token stop) = 0;
  /// Measures once. After an error other than Busy the connection is closed and connect() comes next.
  virtual Result<Sample> sample(std::stop_token stop) = 0;
  virtual void disconnect() = 0;
};

/// A kind of source: everything that knows it reads this row.
struct SourceInfo {
  const char* id;     ///< "redis"
  const char* title;  ///< "Redis"
  std::span<const FieldInfo> fields;
  int periodMs;       ///< between samples
  std::unique_ptr<Source> (*create)(const SourceSettings& settings, const Clock& clock);
  /// The settings that a URL says, the password among the secrets; an Error names the part that is wrong.
  Result<SourceSettings> (*fromUrl)(const QString& url);
};

/// All kinds, in the order of the window: redis, postgres, prometheus, alertmanager, pushgateway.
std::span<const SourceInfo> sourceRegistry();
const SourceInfo* findSource(const QString& id);

}  // namespace cachedeck
