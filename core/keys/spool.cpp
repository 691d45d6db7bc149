// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/spool.h"

#include "core/profiles/privatefile.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QtEndian>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cachedeck::keys {

namespace {

constexpr qsizetype bufferBytes = 256 << 10;
constexpr quint32 longestName = 512u << 20;  // what Redis allows

Error ioError(const QFile& file) {
  return fail(Error::Kind::Io, QStringLiteral("The list of key names %1 could not be written or read: %2. Free space there, or set XDG_STATE_HOME to another place.").arg(file.fileName(), file.errorString()));
}

Error damaged(const QFile& file) {
  return fail(Error::Kind::Protocol, QStringLiteral("The list of key names %1 is not the one that was planned. Make a new plan.").arg(file.fileName()));
}

/// A shared lock that ends with the process or the last copy.
class Hold {
 public:
  explicit Hold(const QString& file) : m_fd(::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    if (m_fd >= 0) ::flock(m_fd, LOCK_SH | LOCK_NB);
  }
  ~Hold() {
    if (m_fd >= 0) ::close(m_fd);
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  const int m_fd;
};

constexpr qint64 youngMs = 60'000;
const QString spoolEnding = QStringLiteral(".names");

bool removeUnheld(const QString& file) {
  const int fd = ::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  const bool removed = ::flock(fd, LOCK_EX | LOCK_NB) == 0 && QFile::remove(file);
  ::close(fd);
  return removed;
}

}  // namespace

std::shared_ptr<const void> SpoolWriter::hold() const { return std::make_shared<Hold>(m_file.fileName()); }

QStringList pruneSpools(const QString& folder, const std::function<bool(const QString& id)>& isNeeded) {
  QStringList removed;
  const QDateTime youngest = QDateTime::currentDateTime().addMSecs(-youngMs);
  for (const QFileInfo& file : QDir(folder).entryInfoList({QLatin1Char('*') + spoolEnding}, QDir::Files | QDir::NoSymLinks)) {
    if (file.lastModified() > youngest || isNeeded(file.fileName().chopped(spoolEnding.size()))) continue;
    if (removeUnheld(file.filePath())) removed += file.filePath();
  }
  return removed;
}

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::create(const QString& file) {
  if (const Result<void> made = makePrivateFolder(QFileInfo(file).path()); !made) return made.error();
  std::unique_ptr<SpoolWriter> writer(new SpoolWriter(file));
  if (!writer->m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered, QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
    writer->keep();  // it is somebody else's
    return ioError(writer->m_file);
  }
  ::flock(writer->m_file.handle(), LOCK_SH | LOCK_NB);
  writer->m_buffer.reserve(2 * bufferBytes);
  return writer;
}

SpoolWriter::~SpoolWriter() {
  if (!m_kept) m_file.remove();
}

Result<void> SpoolWriter::add(QByteArrayView name) {
  const quint32 size = qToLittleEndian(static_cast<quint32>(name.size()));
  m_buffer.append(reinterpret_cast<const char*>(&size), sizeof size);
  m_buffer.append(name.data(), name.size());
  ++m_count;
  return m_buffer.size() < bufferBytes ? Result<void>() : flush();
}

Result<void> SpoolWriter::flush() {
  m_hash.addData(m_buffer);
  if (m_file.write(m_buffer) != m_buffer.size()) return ioError(m_file);
  m_bytes += m_buffer.size();
  m_buffer.resize(0);
  return {};
}

Result<QByteArray> SpoolWriter::finish() {
  if (const Result<void> flushed = flush(); !flushed) return flushed.error();
  m_file.close();
  return m_hash.result().toHex();
}

Result<std::unique_ptr<SpoolReader>> SpoolReader::open(const QString& file, const QByteArray& digest) {
  std::unique_ptr<SpoolReader> reader(new SpoolReader(file));
  if (!reader->m_file.open(QIODevice::ReadOnly)) return ioError(reader->m_file);
  ::flock(reader->m_file.handle(), LOCK_SH | LOCK_NB);
  QCryptographicHash hash(QCryptographicHash::Sha256);
  if (!hash.addData(&reader->m_file)) return ioError(reader->m_file);
  if (hash.result().toHex() != digest) return damaged(reader->m_file);
  reader->m_file.seek(0);
  return reader;
}

Result<QByteArray> SpoolReader::name() {
  quint32 size = 0;
  if (m_file.read(reinterpret_cast<char*>(&size), sizeof size) != sizeof size) return damaged(m_file);
  size = qFromLittleEndian(size);
  if (size > longestName) return damaged(m_file);
  QByteArray name(static_cast<qsizetype>(size), Qt::Uninitialized);
  if (m_file.read(name.data(), name.size()) != name.size()) return damaged(m_file);
  ++m_position;
  return name;
}

Result<std::vector<QByteArray>> SpoolReader::next(qsizetype most) {
  std::vector<QByteArray> names;
  names.reserve(static_cast<std::size_t>(most));
  while (static_cast<qsizetype>(names.size()) < most && !m_file.atEnd()) {
    Result<QByteArray> one = name();
    if (!one) return one.error();
    names.push_back(std::move(*one));
  }
  return names;
}

Result<void> SpoolReader::seek(qint64 number) {
  if (number < m_position) {
    m_file.seek(0);
    m_position = 0;
  }
  while (m_position < number)
    if (const Result<QByteArray> one = name(); !one) return one.error();
  return {};
}

}  // namespace cachedeck::keys
