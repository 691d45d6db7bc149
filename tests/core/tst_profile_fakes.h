// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/profiles/secretstore.h"
#include "core/sources/source.h"

#include <QObject>
#include <QUrl>

#include <map>

namespace cachedeck::test {

/// A password with everything that quoting gets wrong.
inline QString canary() { return QStringLiteral("Canary'\"\\%@/ sp\u00e9c-4711"); }

/// A scripted server: its host field says how it behaves.
class FakeSource : public Source {
 public:
  explicit FakeSource(const SourceSettings& settings) : m_settings(settings) {}
  Result<Identity> connect(std::stop_token stop) override;
  Result<Sample> sample(std::stop_token) override {
    Sample sample;
    sample.roundTripSeconds = 0.0004;
    sample.notes = QStringList{QStringLiteral("No limit is set.")};
    return sample;
  }
  void disconnect() override {}

 private:
  SourceSettings m_settings;
};

inline Result<Identity> FakeSource::connect(std::stop_token stop) {
  const QString host = m_settings.field(QStringLiteral("host"));
  while (host == QLatin1String("slow") && !stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  if (stop.stop_requested()) return fail(Error::Kind::Cancelled, QStringLiteral("Stopped."));
  if (host == QLatin1String("bad"))
    return fail(Error::Kind::Refused, QStringLiteral("bad:1 refused the connection. Is it running?"), QStringLiteral("errno 111"));
  const QByteArray password = m_settings.secrets.value(QStringLiteral("password")).reveal();
  if (host == QLatin1String("locked") && password != canary().toUtf8())
    return fail(Error::Kind::Auth, QStringLiteral("The password is wrong."));
  return Identity{QStringLiteral("Fake<b>"), QStringLiteral("7.0.15"), host, QStringLiteral("master"), QStringLiteral("id-1")};
}

inline Result<SourceSettings> fakeFromUrl(const QString& text) {
  const QUrl url(text);
  if (url.scheme() != QLatin1String("fake")) return fail(Error::Kind::Usage, QStringLiteral("A fake:// address is needed."));
  SourceSettings settings;
  settings.fields = {{QStringLiteral("host"), url.host()}, {QStringLiteral("user"), url.userName()}};
  if (url.port() > 0) settings.fields.insert(QStringLiteral("port"), QString::number(url.port()));
  if (!url.password().isEmpty())
    settings.secrets.insert(QStringLiteral("password"), Secret::fromString(url.password(QUrl::FullyDecoded)));
  return settings;
}

/// Two rows with a field of every kind.
inline std::span<const SourceInfo> fakeRegistry() {
  using Kind = FieldInfo::Kind;
  static constexpr FieldInfo fields[] = {
      {"host", "Host", Kind::Text, "127.0.0.1", "Name or address."},
      {"port", "Port", Kind::Number, "6379"},
      {"user", "User"},
      {"password", "Password", Kind::Secret},
      {"ca", "CA file", Kind::File},
      {"tls", "TLS", Kind::Switch},
      {"mode", "Mode", Kind::Choice, "", "", "prefer|require|verify-full"},
  };
  static constexpr FieldInfo webFields[] = {{"url", "Address", Kind::Text, "http://127.0.0.1:9090"},
                                            {"token", "Token", Kind::Secret}};
  static constexpr auto create = [](const SourceSettings& settings, const Clock&) -> std::unique_ptr<Source> {
    return std::make_unique<FakeSource>(settings);
  };
  static const SourceInfo rows[] = {{"fake", "Fake", fields, 1000, create, fakeFromUrl},
                                    {"web", "Web", webFields, 1000, create, fakeFromUrl}};
  return rows;
}

/// A keyring in memory that can be told to fail.
class FakeKeyring : public QObject, public SecretStore {
 public:
  void read(const SecretKey& key, ReadDone done) override {
    ++reads;
    later([this, key, done = std::move(done)] {
      const auto found = entries.find(key);
      if (broken) return done(*broken);
      if (found == entries.end()) return done(fail(Error::Kind::NotFound, QStringLiteral("Not in the keyring.")));
      done(found->second);
    });
  }
  void write(const SecretKey& key, const Secret& secret, Done done) override {
    later([this, key, secret, done = std::move(done)] {
      if (broken) return done(*broken);
      entries[key] = secret;
      done({});
    });
  }
  void remove(const SecretKey& key, Done done) override {
    later([this, key, done = std::move(done)] {
      if (broken) return done(*broken);
      entries.erase(key);
      done({});
    });
  }

  std::map<SecretKey, Secret> entries;
  std::optional<Error> broken;
  int reads = 0;

 private:
  template <typename Call>
  void later(Call call) {
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
  }
};

}  // namespace cachedeck::test
