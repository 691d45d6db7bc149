// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/snapshot.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <stop_token>

namespace cachedeck::snapshot {

/// What stands in manifest.json.
struct Manifest : SnapshotHead {
  struct Member {
    QByteArray name;    ///< "series/redis.csv"
    qint64 size = 0;    ///< inflated
    QByteArray sha256;  ///< 64 hexadecimal digits
    bool operator==(const Member&) const = default;
  };
  struct Counts {
    qint64 metrics = 0, rows = 0;  ///< columns and times of all series
    qint64 facts = 0, journal = 0, runs = 0;
    bool operator==(const Counts&) const = default;
  };
  Counts counts;
  QList<Member> members;
  bool operator==(const Manifest&) const = default;
};

/// Of JSON: each object or array takes up to 250 bytes while it is read, other values 20.
struct JsonRoom {
  qint64 values = 0, lists = 0;  ///< lists: objects and arrays; they are values, too
  /// Takes what a text has; false: there was less.
  bool takes(const QByteArray& json);
};

/// What reading a file may cost: more is refused before it is taken. A writer keeps to the same limits.
struct BundleLimits {
  qint64 fileBytes = qint64{64} << 20;
  qint64 memberBytes = qint64{100} << 20;  ///< of one member, inflated
  qint64 totalBytes = qint64{400} << 20;   ///< of all, inflated
  int members = 1000;
  qint64 cells = 16'000'000;            ///< of all series, times among them: a day of the whole catalog at one second and of all own charts has 10 million
  JsonRoom tables{2'000'000, 400'000};  ///< of facts and journal
  JsonRoom runs{6'000'000, 600'000};    ///< of load runs: 500 of ten minutes each
  qint64 histograms = 2000;             ///< of all runs: each takes 270 KB in memory however little it holds
  qint64 seconds = 500'000;             ///< rows of all runs
};

/// What verifyBundle() found.
struct BundleCheck {
  struct Member {
    QByteArray name;
    QString problem;  ///< a clause: "its SHA-256 differs …"; empty: as it was written, and it can be read
  };
  Manifest manifest;
  QList<Member> members;  ///< of the manifest in its order, then what it does not list
  bool intact = false;
  QString problem;  ///< a sentence on the first one that differs; empty when intact
};

// All of these block: they run on a Worker. Errors of kind Protocol: the file is damaged, foreign, too large or of a newer Cachedeck, and the message says
// which, on which file and what to do. Nothing of a file is ever put on disk.

/// Replaces the file in one step (complete or not there), mode 0600, synced. Usage errors name what no file can hold: columns of other length, times that go back, names.
/// Cancelled when `stop` is requested: soon, and the file is not there, or is the one that was there before.
Result<void> writeBundle(const Snapshot& snapshot, const QString& path, const std::stop_token& stop = {});
/// The bytes of that file. The same snapshot gives the same bytes.
Result<QByteArray> encodeBundle(const Snapshot& snapshot, const std::stop_token& stop = {});

/// The whole snapshot; every member is checked against its SHA-256.
Result<Snapshot> readBundle(const QString& path, const BundleLimits& limits = {});
/// The first member alone.
Result<Manifest> readManifest(const QString& path, const BundleLimits& limits = {});
/// Each member against the manifest, and read as readBundle() does: intact is what that takes. An error only where there is no manifest to go by.
Result<BundleCheck> verifyBundle(const QString& path, const BundleLimits& limits = {});

}  // namespace cachedeck::snapshot
