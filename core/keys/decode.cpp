// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/decode_json.h"
#include "core/keys/decode_packed.h"
#include "core/keys/decode_text.h"
#include "core/keys/inspect.h"

namespace cachedeck::keys {

namespace {

Decoded asText(const PlainText& plain, bool whole) { return {QStringLiteral("text"), plain.text, !whole, plain.exact}; }

Decoded asHex(const QByteArray& bytes, bool whole) { return {QStringLiteral("hex"), hexDump(bytes), !whole, true}; }

std::optional<Decoded> asJson(const QByteArray& bytes, bool whole) {
  const std::optional<QByteArray> indented = whole ? indentedJson(bytes) : std::nullopt;
  if (!indented) return std::nullopt;
  const PlainText plain = plainText(*indented, true);
  return Decoded{QStringLiteral("JSON"), plain.text, false, plain.exact};
}

/// Of bytes that are not compressed, or are not to be opened once more.
Decoded decodePlain(const QByteArray& bytes, bool whole) {
  if (std::optional<Decoded> json = asJson(bytes, whole)) return *json;
  const PlainText plain = plainText(bytes, whole);
  return plain.odd * 10 <= bytes.size() ? asText(plain, whole) : asHex(bytes, whole);
}

/// Nothing when they are not compressed, or nothing could be opened.
std::optional<Decoded> asUnpacked(const QByteArray& bytes, bool whole) {
  const QString format = packedFormat(bytes);
  if (format.isEmpty()) return std::nullopt;
  const Opened opened = format == QLatin1String("zstd") ? unzstd(bytes) : inflated(bytes);
  if (opened.isNothing()) return std::nullopt;
  Decoded decoded = decodePlain(opened.bytes, opened.complete && whole);
  // A dump is five times as long as its bytes: of megabytes only the beginning is of use.
  if (decoded.format == QLatin1String("hex") && opened.bytes.size() > ValuePage::stringPiece) decoded = asHex(opened.bytes.left(ValuePage::stringPiece), false);
  decoded.format = format;
  return decoded;
}

}  // namespace

Decoded decodeBest(const QByteArray& bytes, bool whole) {
  if (const std::optional<Decoded> unpacked = asUnpacked(bytes, whole)) return *unpacked;
  return decodePlain(bytes, whole);
}

Decoded decodeAs(Shown how, const QByteArray& bytes, bool whole) {
  switch (how) {
    case Shown::Text: break;
    case Shown::Json:
      if (const std::optional<Decoded> json = asJson(bytes, whole)) return *json;
      break;
    case Shown::Hex: return asHex(bytes, whole);
    case Shown::Unpacked:
      if (const std::optional<Decoded> unpacked = asUnpacked(bytes, whole)) return *unpacked;
      return asHex(bytes, whole);
  }
  return asText(plainText(bytes, whole), whole);
}

}  // namespace cachedeck::keys
