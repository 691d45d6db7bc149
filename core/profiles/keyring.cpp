// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profiles/keyring.h"

#include "core/base/text.h"

#include <QTimer>

#include <qt6keychain/keychain.h>

namespace cachedeck {

namespace {

const QString service = QStringLiteral("cachedeck");

Error unavailable(Error::Kind kind, const QString& reason, const QString& detail = {}) {
  return fail(kind, QStringLiteral("The keyring %1. Passwords are kept for this session only.").arg(reason), printable(detail));
}

Result<void> outcome(const QKeychain::Job& job) {
  switch (job.error()) {
    case QKeychain::NoError: return {};
    case QKeychain::EntryNotFound:
      return fail(Error::Kind::NotFound, QStringLiteral("The keyring does not hold this password, or it is locked."));
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
      return unavailable(Error::Kind::Permission, QStringLiteral("did not give access"), job.errorString());
    default: break;
  }
  // Without a D-Bus session QtKeychain says OtherError, not NoBackendAvailable (measured with 0.13.2).
  return unavailable(Error::Kind::Unreachable, QStringLiteral("does not answer: this session has no secret service, or that has no keyring yet"),
                     job.errorString());
}

}  // namespace

KeyringStore::KeyringStore(QObject* parent) : QObject(parent) {}

void KeyringStore::run(QKeychain::Job* job, const QString& entry, std::chrono::milliseconds deadline, Done done) {
  job->setKey(entry);
  auto* const timer = new QTimer(this);
  timer->setSingleShot(true);
  // Whoever comes first, the job or the deadline, takes the callback; a late job ends unheard and deletes itself.
  auto callback = std::make_shared<Done>(std::move(done));
  const auto finish = [timer, callback](Result<void> result) {
    if (!*callback) return;
    timer->deleteLater();
    std::exchange(*callback, nullptr)(std::move(result));
  };
  connect(job, &QKeychain::Job::finished, this, [finish](QKeychain::Job* ended) { finish(outcome(*ended)); });
  connect(timer, &QTimer::timeout, this, [finish, deadline] {
    finish(unavailable(Error::Kind::Timeout,
                       QStringLiteral("has not answered in %1 s: is it waiting to be unlocked?").arg(deadline.count() / 1000)));
  });
  timer->start(deadline);
  job->start();
}

void KeyringStore::read(const SecretKey& key, ReadDone done) {
  auto* const job = new QKeychain::ReadPasswordJob(service);
  run(job, key.entry(), readDeadline, [job, done = std::move(done)](Result<void> result) {
    if (!result) return done(result.error());
    Secret secret = Secret::fromString(job->textData());
    if (secret.isEmpty())  // never a try without the password that belongs there
      return done(fail(Error::Kind::NotFound, QStringLiteral("The keyring's entry for this password is empty.")));
    done(std::move(secret));
  });
}

void KeyringStore::write(const SecretKey& key, const Secret& secret, Done done) {
  if (secret.isEmpty()) {
    QMetaObject::invokeMethod(
        this,
        [done = std::move(done)] {
          done(fail(Error::Kind::Usage, QStringLiteral("An empty password is not stored.")));
        },
        Qt::QueuedConnection);
    return;
  }
  auto* const job = new QKeychain::WritePasswordJob(service);
  job->setTextData(QString::fromUtf8(secret.data(), secret.size()));
  run(job, key.entry(), writeDeadline, std::move(done));
}

void KeyringStore::remove(const SecretKey& key, Done done) {
  run(new QKeychain::DeletePasswordJob(service), key.entry(), writeDeadline, [done = std::move(done)](Result<void> result) {
    // An entry that is not there is as gone as one that was deleted.
    if (result.ok()) return done({});
    const Error error = result.error();
    done(error.kind == Error::Kind::NotFound ? Result<void>() : Result<void>(error));
  });
}

}  // namespace cachedeck
