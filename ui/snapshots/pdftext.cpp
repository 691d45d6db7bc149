// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/snapshots/pdftext.h"

#include <algorithm>

namespace cachedeck {

namespace {

constexpr qsizetype longestText = 4000;  // no cell shows more, and measuring costs time

bool endsPiece(QChar c) {
  static const QString ends = QStringLiteral("._-/:;,=|@?&)]}>+");
  return ends.contains(c);
}

QStringList piecesOf(const QString& word) {
  QStringList pieces;
  qsizetype from = 0;
  for (qsizetype i = 0; i + 1 < word.size(); ++i)
    if (endsPiece(word[i]) && !endsPiece(word[i + 1])) {
      pieces.append(word.mid(from, i + 1 - from));
      from = i + 1;
    }
  pieces.append(word.mid(from));
  return pieces;
}

/// How many characters of a piece fit, at least one; no pair and no mark of its own loses what it belongs to.
qsizetype fitting(const QString& piece, const QFontMetricsF& metrics, double width) {
  qsizetype low = 1, high = piece.size();
  while (low < high) {
    const qsizetype middle = (low + high + 1) / 2;
    if (metrics.horizontalAdvance(piece.left(middle)) <= width) low = middle;
    else high = middle - 1;
  }
  while (low > 1 && low < piece.size() && (piece[low].isLowSurrogate() || piece[low].isMark())) --low;
  return low == 1 && piece.size() > 1 && piece[1].isLowSurrogate() ? 2 : low;
}

class Lines {
 public:
  Lines(const QFontMetricsF& metrics, double width) : m_metrics(metrics), m_width(width) {}

  void add(const QString& word) {
    const QString spaced = m_line.isEmpty() ? word : QLatin1Char(' ') + word;
    if (fits(m_line + spaced)) m_line += spaced;
    else if (m_metrics.horizontalAdvance(word) <= m_width) end(), m_line = word;
    else addPieces(word);
  }
  void end() {
    if (!m_line.isEmpty()) m_lines.append(m_line);
    m_line.clear();
  }
  const QStringList& lines() const { return m_lines; }

 private:
  bool fits(const QString& line) const { return m_metrics.horizontalAdvance(line) <= m_width; }

  void addPieces(const QString& word) {
    QString before = m_line.isEmpty() ? QString() : QStringLiteral(" ");
    for (QString piece : piecesOf(word)) {
      if (!fits(m_line + before + piece)) end(), before.clear();
      while (!fits(piece) && piece.size() > 1) {
        const qsizetype count = fitting(piece, m_metrics, m_width);
        m_lines.append(piece.left(count));
        piece = piece.mid(count);
      }
      m_line += before + piece;
      before.clear();
    }
  }

  const QFontMetricsF& m_metrics;
  const double m_width;
  QStringList m_lines;
  QString m_line;
};

}  // namespace

QStringList brokenLines(const QString& text, const QFontMetricsF& metrics, double width, int most) {
  Lines lines(metrics, width);
  bool cut = text.size() > longestText;
  for (const QString& paragraph : text.left(longestText).split(QLatin1Char('\n'))) {
    for (const QString& word : paragraph.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
      if (lines.lines().size() > most) break;
      lines.add(word);
    }
    lines.end();
  }
  QStringList all = lines.lines();
  cut = cut || all.size() > most;
  all = all.mid(0, most);
  if (!cut || all.isEmpty()) return all.isEmpty() ? QStringList{QString()} : all;
  const QChar ellipsis(0x2026);
  QString& last = all.last();
  while (!last.isEmpty() && metrics.horizontalAdvance(last + ellipsis) > width) last.chop(last.back().isLowSurrogate() ? 2 : 1);
  last = last.trimmed() + ellipsis;
  return all;
}

double longestPiece(const QString& text, const QFontMetricsF& metrics) {
  double longest = 0;
  for (const QString& word : text.left(longestText).split(QLatin1Char(' '), Qt::SkipEmptyParts))
    for (const QString& piece : piecesOf(word)) longest = std::max(longest, metrics.horizontalAdvance(piece));
  return longest;
}

}  // namespace cachedeck
