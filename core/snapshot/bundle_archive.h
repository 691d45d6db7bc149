// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/snapshot/bundle.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

struct zip;

namespace cachedeck::snapshot {

/// A zip that somebody gave us, open for reading: names, kinds and sizes of its members are checked before any is inflated.
class Archive {
 public:
  struct Member {
    QByteArray name;
    quint64 index = 0;
    qint64 size = 0;  ///< as it says, inflated
  };

  /// Reasons (bundle_reason.h), and Errors that name the path.
  static Result<Archive> open(const QString& path, const BundleLimits& limits);

  const std::vector<Member>& members() const { return m_members; }
  const Member* find(const QByteArray& name) const;
  QByteArray comment() const;
  /// Exactly as many bytes as it says, never more in memory; a reason where there are more or fewer, or its checksum differs.
  Result<QByteArray> read(const Member& member) const;

 private:
  struct Close {
    void operator()(zip* archive) const;
  };
  explicit Archive(zip* archive) : m_zip(archive) {}
  Result<void> list(const BundleLimits& limits);

  std::unique_ptr<zip, Close> m_zip;
  std::vector<Member> m_members;
};

}  // namespace cachedeck::snapshot
