// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/matcherlines.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace cachedeck {

namespace {

constexpr QLatin1Char quote('"'), escape('\\');

QString tr(const char* text) { return QCoreApplication::translate("Alerts", text); }

/// What stands between quotes; nothing where they do not close at its end.
std::optional<QString> unquoted(QStringView text) {
  QString out;
  for (qsizetype i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return i == text.size() - 1 ? std::optional(out) : std::nullopt;
    if (text[i] != escape) {
      out += text[i];
    } else if (++i < text.size()) {
      if (text[i] == QLatin1Char('n')) out += QLatin1Char('\n');
      else if (text[i] == quote || text[i] == escape) out += text[i];
      else out += escape, out += text[i];  // of a pattern
    }
  }
  return std::nullopt;
}

QRegularExpression anchored(const QString& pattern) { return QRegularExpression(QRegularExpression::anchoredPattern(pattern), QRegularExpression::DontCaptureOption); }

}  // namespace

QString matcherLine(const Matcher& matcher) {
  Matcher escaped = matcher;
  escaped.value.replace(escape, QLatin1String("\\\\")).replace(quote, QLatin1String("\\\"")).replace(QLatin1Char('\n'), QLatin1String("\\n"));
  return matcherText(escaped);
}

Result<QList<Matcher>> matchersOf(const QString& lines) {
  static const QRegularExpression form(QStringLiteral("\\A([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*(.*)\\z"));
  QList<Matcher> matchers;
  bool named = false;
  for (const QString& raw : lines.split(QLatin1Char('\n'))) {
    const QString line = raw.trimmed();
    if (line.isEmpty()) continue;
    const auto found = form.match(line);
    if (!found.hasMatch()) return fail(Error::Kind::Usage, tr("“%1” is no condition. Write one a line, such as severity=\"warning\" or instance=~\"redis.*\".").arg(printable(line, 80)));
    const QString sign = found.captured(2);
    Matcher matcher{found.captured(1), found.captured(3), sign.endsWith(QLatin1Char('~')), !sign.startsWith(QLatin1Char('!'))};
    if (matcher.value.startsWith(quote)) {
      const std::optional<QString> value = unquoted(matcher.value);
      if (!value) return fail(Error::Kind::Usage, tr("The quotes of “%1” do not close.").arg(printable(line, 80)));
      matcher.value = *value;
    }
    if (matcher.isRegex && !anchored(matcher.value).isValid()) return fail(Error::Kind::Usage, tr("“%1” is no pattern.").arg(printable(matcher.value, 80)));
    named = named || (matcher.isEqual && !matcher.value.isEmpty() && !(matcher.isRegex && anchored(matcher.value).match(QString()).hasMatch()));
    matchers << matcher;
  }
  if (!named) return fail(Error::Kind::Usage, tr("At least one condition has to ask for a value that is not empty: it would silence everything."));
  return matchers;
}

QString matcherLines(const PromLabels& labels) {
  QStringList lines;
  for (auto label = labels.begin(); label != labels.end(); ++label) lines << matcherLine({label.key(), label.value()});
  return lines.join(QLatin1Char('\n'));
}

bool matches(const QList<Matcher>& matchers, const PromLabels& labels) {
  for (const Matcher& matcher : matchers) {
    const QString value = labels.value(matcher.name);
    const bool same = matcher.isRegex ? anchored(matcher.value).match(value).hasMatch() : value == matcher.value;
    if (same != matcher.isEqual) return false;
  }
  return true;
}

}  // namespace cachedeck
