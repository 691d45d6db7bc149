// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_packed.h"

#include "core/keys/decode_text.h"
#include "core/keys/inspect.h"

#include <zlib.h>
#include <zstd.h>

#include <array>

namespace cachedeck::keys {

namespace {

using Chunk = std::array<char, 64 << 10>;

/// False when the end of what may come out is reached.
bool take(Opened& opened, const Chunk& chunk, size_t size) {
  const qsizetype room = Opened::longest - opened.bytes.size();
  opened.bytes.append(chunk.data(), qMin(room, static_cast<qsizetype>(size)));
  return static_cast<qsizetype>(size) <= room;
}

bool isGzip(const QByteArray& bytes) {
  return bytes.size() >= 4 && bytes.startsWith("\x1f\x8b\x08") && (static_cast<unsigned char>(bytes[3]) & 0xE0) == 0;
}

/// The header of zlib is two bytes with a check of five bits, which text such as "x^2" passes: what reads as text is none.
bool isZlib(const QByteArray& bytes) {
  if (bytes.size() < 3) return false;
  const auto method = static_cast<unsigned char>(bytes[0]), flags = static_cast<unsigned char>(bytes[1]);
  const bool header = (method & 0xF) == 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 == 0 && (flags & 0x20) == 0;
  return header && plainText(bytes.left(256), bytes.size() <= 256).odd > 0;
}

}  // namespace

QString packedFormat(const QByteArray& bytes) {
  if (isGzip(bytes)) return QStringLiteral("gzip");
  if (bytes.startsWith("\x28\xB5\x2F\xFD")) return QStringLiteral("zstd");
  return isZlib(bytes) ? QStringLiteral("zlib") : QString();
}

Opened inflated(const QByteArray& bytes) {
  Opened opened;
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return opened;  // 32: gzip or zlib, by the header
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  Chunk chunk;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (!take(opened, chunk, chunk.size() - stream.avail_out)) break;
    if (result == Z_STREAM_END) {
      opened.complete = stream.avail_in == 0;
      if (opened.complete || !isGzip(QByteArray::fromRawData(reinterpret_cast<const char*>(stream.next_in), static_cast<qsizetype>(stream.avail_in)))) break;
      if (inflateReset(&stream) != Z_OK) break;
    } else if (result != Z_OK) {
      break;
    }
  }
  inflateEnd(&stream);
  return opened;
}

Opened unzstd(const QByteArray& bytes) {
  Opened opened;
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), &ZSTD_freeDStream);
  if (!stream) return opened;
  ZSTD_inBuffer in{bytes.constData(), static_cast<size_t>(bytes.size()), 0};
  Chunk chunk;
  for (;;) {
    ZSTD_outBuffer out{chunk.data(), chunk.size(), 0};
    const size_t before = in.pos;
    const size_t left = ZSTD_decompressStream(stream.get(), &out, &in);
    if (!take(opened, chunk, out.pos) || ZSTD_isError(left)) break;
    opened.complete = left == 0 && in.pos == in.size;
    if (opened.complete || (out.pos == 0 && in.pos == before)) break;
  }
  return opened;
}

}  // namespace cachedeck::keys
