// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an operation until it is killed or its file may not grow: operation_log_writer FOLDER ID [LIMIT].
// Prints the number of each batch once it is durable; with a limit, the error that came and what followed.
#include "tests/core/tst_operation_log_support.h"

#include <csignal>
#include <cstdio>
#include <sys/resource.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

void limitFiles(rlim_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

Result<void> writeBatch(OperationLog& log, qint64 batch) {
  const auto added = log.addBatch(batch * 6, 6, imagesOf(batch));
  if (!added) return added.error();
  if (auto synced = log.sync(); !synced) return synced;
  std::printf("%lld\n", static_cast<long long>(*added));
  std::fflush(stdout);
  return log.addResult({batch, 6, 0, 0, 0, {1, 2}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const QString folder = QString::fromLocal8Bit(argv[1]), id = QString::fromLocal8Bit(argv[2]);
  const bool limited = argc > 3;
  std::signal(SIGXFSZ, SIG_IGN);
  if (limited) limitFiles(static_cast<rlim_t>(std::strtoull(argv[3], nullptr, 10)));
  auto log = OperationLog::create(folder, id, logKey(), {}, wide);
  if (!log) {
    std::printf("%s\n", qPrintable(log.error().message));
    return 3;
  }
  qint64 batch = 0;
  Result<void> written = writeBatch(**log, batch);
  while (written) written = writeBatch(**log, ++batch);
  std::printf("%s: %s\n", qPrintable(kindName(written.error().kind)), qPrintable(written.error().message));
  if (!limited) return 4;
  limitFiles(RLIM_INFINITY);  // somebody made room
  // The batch itself, or only its result, may have been what did not fit.
  const auto read = readOperation(folder, id, logKey());
  if (!read || read->torn) return 5;
  for (qint64 next = read->batches.size(); next < batch + 3; ++next)
    if (!writeBatch(**log, next)) return 6;
  return 0;
}
