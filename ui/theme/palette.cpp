// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

namespace cachedeck {

namespace {

constexpr QColor hex(int rgb) { return QColor((rgb >> 16) & 0xFF, (rgb >> 8) & 0xFF, rgb & 0xFF); }

// Series colours were searched for contrast with the card and distance under protan, deutan and tritan vision.
const Palette dark{
    hex(0x0B0E14), hex(0x0E121A), hex(0x131822), hex(0x1A2130),
    hex(0x212938), hex(0x222B3A), hex(0x2E394B),
    hex(0xE8ECF3), hex(0xA3ADBD), hex(0x758195),
    hex(0x6A9BFF), hex(0x5CCB95), hex(0xFACB64), hex(0xFF6B57), hex(0x7CC4FF), hex(0x8A94A6),
    {hex(0x6089E7), hex(0xFACB64), hex(0x80D399), hex(0xCF77B5), hex(0xE76C4F), hex(0x0FE7F5), hex(0xE8ECF3), hex(0x93A0B5)}};

const Palette light{
    hex(0xF3F5F8), hex(0xFFFFFF), hex(0xFFFFFF), hex(0xF1F4F9),
    hex(0xDDE3EC), hex(0xEBEFF5), hex(0xCBD4E1),
    hex(0x131A26), hex(0x4A5568), hex(0x68748A),
    hex(0x1769D2), hex(0x0B8A63), hex(0xA86A00), hex(0xCF3A2B), hex(0x1769D2), hex(0x68748A),
    {hex(0x1C61BB), hex(0xA08243), hex(0x0A5A30), hex(0x783364), hex(0xB72F00), hex(0x0092B9), hex(0x131A26), hex(0x5B6880)}};

}  // namespace

const Palette& Theme::paletteOf(bool isDark) { return isDark ? dark : light; }

}  // namespace cachedeck
