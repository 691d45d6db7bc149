// SPDX-License-Identifier: GPL-3.0-or-later
// Records until it is killed or its files may not grow: recording_writer FOLDER [LIMIT].
// Prints the number of rows after each commit; with a limit, the sentence that came, and whether it went on when there was room.
#include "core/recording/recording_session.h"
#include "tests/core/tst_recording_support.h"

#include <csignal>
#include <cstdio>
#include <sys/resource.h>

using namespace cachedeck;
using namespace cachedeck::test;

namespace {

constexpr qint64 rowsACommit = 40;

void limitFiles(rlim_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  setrlimit(RLIMIT_FSIZE, &limit);
}

RecorderState commitMore(RecordingSession& session, qint64& next) {
  for (const qint64 end = next + rowsACommit; next < end; ++next) session.put(rowOf(next, 40));
  return session.commit(dayStart + next * 1000);
}

int untilFull(RecordingSession& session, qint64 next) {
  RecorderState state = commitMore(session, next);
  for (int i = 0; i < 10'000 && state.kind == RecorderState::Kind::Recording; ++i) state = commitMore(session, next);
  std::printf("%s\n", state.error ? qPrintable(state.error->message) : "no error");
  if (state.kind != RecorderState::Kind::Paused || commitMore(session, next).kind != RecorderState::Kind::Paused) return 5;
  limitFiles(RLIM_INFINITY);  // somebody made room
  state = commitMore(session, next);
  if (state.kind != RecorderState::Kind::Recording || state.waiting != 0 || state.lost != 0 || state.rows != next) return 6;
  std::printf("%lld\n", static_cast<long long>(next));
  session.finish(dayStart + next * 1000);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  if (argc < 2) return 2;
  std::signal(SIGXFSZ, SIG_IGN);
  if (argc > 2) limitFiles(static_cast<rlim_t>(std::strtoull(argv[2], nullptr, 10)));
  RecordingSession session(placeIn(QString::fromLocal8Bit(argv[1])), {});
  RecorderState state = session.commit(dayStart);
  if (state.kind != RecorderState::Kind::Recording) {
    std::printf("%s\n", state.error ? qPrintable(state.error->message) : "no error");
    return state.error && state.error->kind == Error::Kind::Busy ? 4 : 3;
  }
  qint64 next = state.rows;
  if (argc > 2) return untilFull(session, next);
  while (state.kind == RecorderState::Kind::Recording) {
    state = commitMore(session, next);
    std::printf("%lld\n", static_cast<long long>(state.rows));
    std::fflush(stdout);
  }
  return 7;
}
