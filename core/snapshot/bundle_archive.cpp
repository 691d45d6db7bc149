// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/bundle_archive.h"

#include "core/base/text.h"
#include "core/journal/owned_file.h"
#include "core/snapshot/bundle_names.h"
#include "core/snapshot/bundle_reason.h"
#include "core/snapshot/bundle_tail.h"

#include <QFileInfo>
#include <QSet>

#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

namespace cachedeck::snapshot {

namespace {

QString foreignAdvice() { return QStringLiteral("No Cachedeck writes such a file. Do not trust where it came from; nothing of it was unpacked."); }

struct CloseMember {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using OpenMember = std::unique_ptr<zip_file_t, CloseMember>;

Error damaged(const QByteArray& name, const QString& how) { return reason(QStringLiteral("its member %1 %2").arg(printable(name, 80), how)); }

/// The file behind a link as well: a person chose it.
Result<FileHandle> openBundle(const QString& path) {
  const QFileInfo info(path);
  if (info.isDir()) return fail(Error::Kind::Io, QStringLiteral("%1 is a folder, not a snapshot. Choose the .cdsnap file in it.").arg(path));
  const QString real = info.canonicalFilePath();
  auto file = openRegular(real.isEmpty() ? path : real, O_RDONLY);
  if (file || file.error().kind != Error::Kind::Permission) return file;
  return fail(Error::Kind::Permission, file.error().message + QStringLiteral(" Ask its owner for a copy, or for the right to read it."));
}

Error openFailure(int code) {
  if (code == ZIP_ER_EXISTS) return reason(QStringLiteral("it has two members of one name"), foreignAdvice());
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const QString text = QString::fromUtf8(zip_error_strerror(&error));
  zip_error_fini(&error);
  return reason(QStringLiteral("the directory of its members cannot be read (%1)").arg(text));
}

/// A stream of its own for libzip, which closes it.
Result<zip*> zipOf(const FileHandle& file) {
  const int own = fcntl(file.fd(), F_DUPFD_CLOEXEC, 0);
  std::FILE* stream = own >= 0 ? fdopen(own, "rb") : nullptr;
  if (!stream) {
    if (own >= 0) close(own);
    return openFailure(ZIP_ER_OPEN);
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_filep_create(stream, 0, -1, &error);
  if (!source) std::fclose(stream);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr;
  if (source && !archive) zip_source_free(source);
  const int code = zip_error_code_zip(&error);
  zip_error_fini(&error);
  if (!archive) return openFailure(code);
  return archive;
}

Result<void> checkKind(zip_t* archive, const zip_stat_t& stat, const QByteArray& name) {
  const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & needed) != needed) return damaged(name, QStringLiteral("has no size"));
  if (stat.encryption_method != ZIP_EM_NONE) return reason(QStringLiteral("its member %1 is encrypted").arg(printable(name, 80)), QStringLiteral("Snapshots never are: unpack it with the program that encrypted it, and open the .cdsnap file inside."));
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) return reason(QStringLiteral("its member %1 is compressed by another method than deflate").arg(printable(name, 80)), foreignAdvice());
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, stat.index, 0, &system, &attributes) != 0) return damaged(name, QStringLiteral("has no attributes"));
  const mode_t kind = (attributes >> 16) & S_IFMT;
  if (kind == S_IFLNK) return reason(QStringLiteral("its member %1 is a symbolic link").arg(printable(name, 80)), foreignAdvice());
  if (kind != 0 && kind != S_IFREG) return reason(QStringLiteral("its member %1 is not a file").arg(printable(name, 80)), foreignAdvice());
  return {};
}

Error tooLarge(const QString& what, qint64 most) {
  return reason(QStringLiteral("%1 would take more than %2 of memory").arg(what, sizeText(most)), foreignAdvice());
}

}  // namespace

void Archive::Close::operator()(zip* archive) const { zip_discard(archive); }

Result<Archive> Archive::open(const QString& path, const BundleLimits& limits) {
  const auto file = openBundle(path);
  if (!file) return file.error();
  struct stat found {};
  if (fstat(file->fd(), &found) != 0) return fileError(path, "read", errno);
  if (found.st_size > limits.fileBytes)
    return reason(QStringLiteral("it has %1; at most %2 are read").arg(sizeText(found.st_size), sizeText(limits.fileBytes)), QStringLiteral("Choose a file that Cachedeck saved, *.cdsnap."));
  if (auto fits = checkTail(file->fd(), found.st_size, limits.members); !fits) return fits.error();
  const auto opened = zipOf(*file);
  if (!opened) return opened.error();
  Archive archive(*opened);
  if (auto listed = archive.list(limits); !listed) return listed.error();
  return archive;
}

Result<void> Archive::list(const BundleLimits& limits) {
  const zip_int64_t count = zip_get_num_entries(m_zip.get(), 0);
  QSet<QByteArray> names;
  qint64 total = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const auto index = static_cast<zip_uint64_t>(i);
    const char* raw = zip_get_name(m_zip.get(), index, ZIP_FL_ENC_RAW);
    if (!raw || zip_stat_index(m_zip.get(), index, 0, &stat) != 0) return reason(QStringLiteral("the directory of its members cannot be read"));
    const QByteArray name(raw);
    if (auto good = checkMemberName(name); !good) return good;
    if (names.contains(name)) return reason(QStringLiteral("it has two members of the name %1").arg(printable(name, 80)), foreignAdvice());
    names.insert(name);
    if (auto good = checkKind(m_zip.get(), stat, name); !good) return good;
    if (stat.size > static_cast<zip_uint64_t>(limits.memberBytes)) return tooLarge(QStringLiteral("its member %1").arg(printable(name, 80)), limits.memberBytes);
    total += static_cast<qint64>(stat.size);
    if (total > limits.totalBytes) return tooLarge(QStringLiteral("what it holds"), limits.totalBytes);
    m_members.push_back({name, index, static_cast<qint64>(stat.size)});
  }
  return {};
}

const Archive::Member* Archive::find(const QByteArray& name) const {
  for (const Member& member : m_members)
    if (member.name == name) return &member;
  return nullptr;
}

QByteArray Archive::comment() const {
  int size = 0;
  const char* text = zip_get_archive_comment(m_zip.get(), &size, ZIP_FL_ENC_RAW);
  return text ? QByteArray(text, size) : QByteArray();
}

Result<QByteArray> Archive::read(const Member& member) const {
  const OpenMember file(zip_fopen_index(m_zip.get(), member.index, 0));
  if (!file) return damaged(member.name, QStringLiteral("cannot be read (%1)").arg(QString::fromUtf8(zip_strerror(m_zip.get()))));
  QByteArray bytes(member.size, Qt::Uninitialized);
  qint64 done = 0;
  while (done < member.size) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + done, static_cast<zip_uint64_t>(member.size - done));
    if (got < 0) return damaged(member.name, QStringLiteral("is damaged (%1)").arg(QString::fromUtf8(zip_file_strerror(file.get()))));
    if (got == 0) return damaged(member.name, QStringLiteral("is shorter than it says"));
    done += got;
  }
  // Beyond its last byte: the checksum is compared there, and a bomb that lied about its size shows.
  char more = 0;
  const zip_int64_t beyond = zip_fread(file.get(), &more, 1);
  if (beyond > 0) return damaged(member.name, QStringLiteral("holds more than the %1 it says").arg(sizeText(member.size)));
  if (beyond < 0) return damaged(member.name, QStringLiteral("is damaged (%1)").arg(QString::fromUtf8(zip_file_strerror(file.get()))));
  return bytes;
}

}  // namespace cachedeck::snapshot
