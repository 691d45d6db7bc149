// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/html_page.h"

#include "core/snapshot/hover_json.h"
#include "core/snapshot/report_text.h"
#include "core/snapshot/svg_chart.h"

#include <QCryptographicHash>

#include <cstring>

namespace cachedeck::snapshot {

namespace {

QString policyHash(const QByteArray& text) { return QStringLiteral("'sha256-%1'").arg(QLatin1String(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toBase64())); }

QString element(const char* name, const char* kind, const QString& text) {
  return QStringLiteral("<%1 class=\"%2\">").arg(QLatin1String(name), QLatin1String(kind)) + markupText(text, 20'000) + QStringLiteral("</%1>\n").arg(QLatin1String(name));
}

/// The class of a cell by its worst word: "good, worst critical", "worse".
QString levelClass(const QString& cell) {
  const QString level = worstOf(cell);
  struct Word {
    const char *word, *kind;
  };
  for (const Word& one : {Word{"good", "good"}, Word{"better", "good"}, Word{"warning", "warning"}, Word{"critical", "critical"}, Word{"worse", "critical"}})
    if (level.startsWith(QLatin1String(one.word))) return QLatin1String(one.kind);
  return {};
}

QString cellMarkup(const QString& cell, bool right, bool band) {
  const QString level = band ? levelClass(cell) : QString();
  const QString text = markupText(cell, 20'000);
  return QStringLiteral("<td%1>").arg(right ? QStringLiteral(" class=\"n\"") : QString()) + (level.isEmpty() ? text : QStringLiteral("<span class=\"band %1\">").arg(level) + text + QStringLiteral("</span>")) +
         QStringLiteral("</td>");
}

}  // namespace

HtmlPage::HtmlPage(QString title, const ReportLook& look, std::optional<bool> dark) : m_title(std::move(title)), m_look(look), m_dark(dark) {}

void HtmlPage::beginGroup(const char* kind) {
  if (m_group && std::strcmp(m_group, kind) == 0) return;
  endGroup();
  m_group = kind;
  m_body += QStringLiteral("<div class=\"%1\">\n").arg(QLatin1String(kind));
}

void HtmlPage::endGroup() {
  if (m_group) m_body += QStringLiteral("</div>\n");
  m_group = nullptr;
}

void HtmlPage::addFacts(const QStringList& facts) {
  endGroup();
  m_body += QStringLiteral("<p class=\"facts\">");
  for (const QString& fact : facts)
    if (!fact.trimmed().isEmpty()) m_body += QStringLiteral("<span>") + markupText(fact, 300) + QStringLiteral("</span> ");
  m_body += QStringLiteral("</p>\n");
}

void HtmlPage::addHeading(const QString& text) {
  endGroup();
  m_body += element("h2", "part", text);
}

void HtmlPage::addText(const QString& text) {
  endGroup();
  m_body += element("p", "text", text);
}

void HtmlPage::addLines(const QStringList& lines) {
  if (lines.isEmpty()) return;
  endGroup();
  QStringList marked;
  for (const QString& line : lines) marked.append(markupText(line, 20'000));
  m_body += QStringLiteral("<p class=\"text\">") + marked.join(QStringLiteral("<br/>\n")) + QStringLiteral("</p>\n");
}

void HtmlPage::addNote(const QString& text) {
  endGroup();
  m_body += element("p", "note", text);
}

void HtmlPage::addTile(const QString& name, const QString& value, const QString& note, std::optional<Level> level) {
  beginGroup("tiles");
  m_body += QStringLiteral("<div class=\"tile %1\">").arg(level ? levelWord(*level) : QString()) + element("span", "name", name) + element("span", "value", value) + element("span", "quiet", note) + QStringLiteral("</div>\n");
}

void HtmlPage::addChart(const ChartData& data) {
  beginGroup("charts");
  ChartStyle style;
  style.colours = pageColours();
  style.inlined = true;
  m_body += QStringLiteral("<figure data-chart=\"%1\">\n").arg(markupText(data.id, 80)) + svgChart(data, style) + QStringLiteral("</figure>\n");
  m_charts[data.id] = hoverJson(data);
}

QString HtmlPage::tableMarkup(const ReportTable& table) const {
  if (table.rows.isEmpty()) return element("p", "text", table.empty);
  QString markup = QStringLiteral("<div class=\"scroll\"><table><thead><tr>");
  for (qsizetype i = 0; i < table.heading.size(); ++i) markup += QStringLiteral("<th%1>").arg(table.right.value(i) ? QStringLiteral(" class=\"n\"") : QString()) + markupText(table.heading[i], 300) + QStringLiteral("</th>");
  markup += QStringLiteral("</tr></thead>\n<tbody>\n");
  for (const QStringList& row : table.rows) {
    markup += QStringLiteral("<tr>");
    for (qsizetype i = 0; i < row.size(); ++i) markup += cellMarkup(row[i], table.right.value(i), i == table.band || i == table.level);
    markup += QStringLiteral("</tr>\n");
  }
  return markup + QStringLiteral("</tbody></table></div>\n");
}

void HtmlPage::addTable(const ReportTable& table) {
  addHeading(table.title);
  m_body += tableMarkup(table);
}

void HtmlPage::addFolded(const ReportTable& table, bool open) {
  endGroup();
  m_body += QStringLiteral("<details%1><summary>").arg(open ? QStringLiteral(" open=\"open\"") : QString()) + markupText(table.title, 300) + QStringLiteral(" <span class=\"quiet\">%1</span></summary>\n").arg(table.rows.size()) +
            tableMarkup(table) + QStringLiteral("</details>\n");
}

QByteArray HtmlPage::html() {
  endGroup();
  const QByteArray script = pageScript(), style = pageStyle(m_look);
  const QString policy = QStringLiteral("default-src 'none'; style-src %1; script-src %2; base-uri 'none'; form-action 'none'").arg(policyHash(style), policyHash(script));
  const QString theme = m_dark ? QStringLiteral(" data-theme=\"%1\"").arg(*m_dark ? QStringLiteral("dark") : QStringLiteral("light")) : QString();
  QByteArray page = "<!DOCTYPE html>\n<html lang=\"en\"" + theme.toLatin1() + ">\n<head>\n<meta charset=\"utf-8\"/>\n";
  page += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy.toLatin1() + "\"/>\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n";
  page += "<title>" + markupText(m_title, 200).toUtf8() + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<main>\n<header><h1>" + markupText(m_title, 200).toUtf8() +
          "</h1><button type=\"button\" id=\"theme\">Dark or light</button></header>\n";
  page += m_body.toUtf8() + "</main>\n<div id=\"card\" hidden=\"hidden\"></div>\n";
  page += "<script type=\"application/json\" id=\"charts\">" + scriptJson(m_charts) + "</script>\n<script>" + script + "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace cachedeck::snapshot
