// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/lines_from_end.h"

#include <cerrno>
#include <unistd.h>

namespace cachedeck {

namespace {

constexpr qint64 blockSize = 64 << 10;

}  // namespace

LinesFromEnd::LinesFromEnd(int fd, qint64 fileSize, qsizetype largestLine)
    : m_fd(fd), m_largest(largestLine), m_begin(fileSize), m_end(fileSize) {}

bool LinesFromEnd::readBlockBefore() {
  const qint64 size = qMin(blockSize, m_begin);
  QByteArray block(size, Qt::Uninitialized);
  qint64 done = 0;
  while (done < size) {
    const ssize_t got = pread(m_fd, block.data() + done, static_cast<size_t>(size - done), m_begin - size + done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      m_error = got < 0 ? errno : EIO;
      return false;
    }
    done += got;
  }
  if (m_bytes.size() > m_largest) {
    m_tooLong = true;
    m_bytes.clear();
  }
  m_bytes.prepend(block);
  m_begin -= size;
  return true;
}

FileLine LinesFromEnd::cut(qsizetype at) {
  FileLine line{m_begin + at, m_end - m_begin - at, {}};
  if (!m_tooLong && line.size <= m_largest) line.bytes = m_bytes.mid(at);
  m_bytes.truncate(qMax<qsizetype>(at - 1, 0));
  m_end = line.begin - 1;
  m_tooLong = false;
  return line;
}

std::optional<FileLine> LinesFromEnd::next() {
  while (!m_done && m_error == 0) {
    if (const qsizetype newline = m_bytes.lastIndexOf('\n'); newline >= 0) return cut(newline + 1);
    if (m_begin == 0) {
      m_done = true;
      return cut(0);
    }
    if (!readBlockBefore()) break;
  }
  return std::nullopt;
}

}  // namespace cachedeck
