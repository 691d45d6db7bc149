// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSize>

#include <functional>

class QMimeData;
class QPainter;

namespace cachedeck {

/// Draws on any device, in the units of a window.
using Drawing = std::function<void(QPainter& painter)>;

enum class PictureForm { Png, Svg };

/// The file of a drawing; PNG with twice the dots of a window, SVG as vectors with text.
QByteArray pictureOf(const Drawing& drawing, QSize size, PictureForm form, const QString& title);
/// Both forms, for the clipboard. The caller owns it.
QMimeData* pictureForClipboard(const Drawing& drawing, QSize size, const QString& title);
/// By the end of a file's name: ".svg", else PNG.
PictureForm pictureFormOf(const QString& file);

}  // namespace cachedeck
