// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet and the script of pages. Neither has < or &, so that the page is well-formed XML too.
#include "core/snapshot/html_page.h"

namespace cachedeck::snapshot {

namespace {

constexpr char script[] = R"((function () {
'use strict';
var root = document.documentElement, card = document.getElementById('card');
var charts = JSON.parse(document.getElementById('charts').textContent);
document.getElementById('theme').addEventListener('click', function () {
  var dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
});
function timeText(chart, at) {
  var ms = Math.round(chart.from + at * (chart.to - chart.from)), second = Math.floor(ms / 1000);
  if (!chart.relative) return new Date(ms).toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
  return '+' + Math.floor(second / 60) + ' min ' + second % 60 + ' s';
}
function nearest(list, at) {
  var low = 0, high = list.length - 1;
  while (high > low) {
    var middle = Math.floor((low + high) / 2);
    if (at > list[middle]) low = middle + 1; else high = middle;
  }
  return low > 0 ? (list[low] - at > at - list[low - 1] ? low - 1 : low) : 0;
}
function add(parent, name, kind, words) {
  var made = document.createElement(name);
  made.className = kind;
  made.textContent = words;
  parent.appendChild(made);
  return made;
}
function show(chart, at, event) {
  card.textContent = '';
  add(card, 'div', 'when', timeText(chart, at));
  chart.lines.forEach(function (line) {
    if (!line.at.length) return;
    var i = nearest(line.at, at * 10000), near = 200 > Math.abs(line.at[i] - at * 10000);
    var row = add(card, 'div', 'row', '');
    add(row, 'i', 's' + line.colour, '');
    add(row, 'span', 'name', line.name);
    add(row, 'b', '', near ? line.text[i] : '–');
  });
  card.hidden = false;
  var left = event.clientX + 16;
  if (left + card.offsetWidth > window.innerWidth - 8) left = event.clientX - card.offsetWidth - 16;
  card.style.left = Math.max(8, left) + 'px';
  card.style.top = Math.max(8, Math.min(event.clientY - 20, window.innerHeight - card.offsetHeight - 8)) + 'px';
}
document.querySelectorAll('figure[data-chart]').forEach(function (figure) {
  var chart = charts[figure.dataset.chart], svg = figure.querySelector('svg');
  if (!chart) return;
  var rule = document.createElementNS(svg.namespaceURI, 'line');
  rule.setAttribute('y1', chart.top);
  rule.setAttribute('y2', chart.bottom);
  rule.setAttribute('class', 'rule');
  function hide() { card.hidden = true; if (rule.parentNode) svg.removeChild(rule); }
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', function (event) {
    var bounds = svg.getBoundingClientRect(), x = (event.clientX - bounds.left) * chart.w / bounds.width;
    var at = (x - chart.left) / (chart.right - chart.left);
    if (0 > at || at > 1) return hide();
    rule.setAttribute('x1', x);
    rule.setAttribute('x2', x);
    if (!rule.parentNode) svg.appendChild(rule);
    show(chart, at, event);
  });
});
}());
)";

constexpr char style[] = R"(
*{box-sizing:border-box}
body{margin:0;background:var(--window);color:var(--text1);font:13px/1.45 Inter,system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1720px;margin:0 auto;padding:16px 16px 48px}
header{display:flex;align-items:center;gap:12px;justify-content:space-between}
h1{font-size:20px;font-weight:600;margin:4px 0}
h2{font-size:15px;font-weight:600;margin:28px 0 10px}
button{font:inherit;color:var(--text2);background:var(--card);border:1px solid var(--border);border-radius:8px;padding:6px 12px;cursor:pointer}
button:hover{color:var(--text1)}
button:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.facts{display:flex;flex-wrap:wrap;gap:6px 8px;margin:6px 0 14px;padding:0}
.facts span{color:var(--text2);background:var(--card);border:1px solid var(--border);border-radius:14px;padding:3px 11px;font-size:12px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:0 0 12px}
.tile{background:var(--card);border:1px solid var(--border);border-radius:10px;padding:12px 14px;display:flex;flex-direction:column;gap:2px}
.tile.warning{border-color:var(--warning)}
.tile.critical{border-color:var(--critical)}
.tile .name{color:var(--text2);font-weight:500;font-size:12px}
.tile .value{font-size:22px;font-weight:600;line-height:1.35}
.quiet{color:var(--text3);font-size:11px;font-weight:400}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:12px}
figure{margin:0;min-width:0}
svg{display:block;width:100%;height:auto}
.rule{stroke:var(--text3);stroke-width:1}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--border);border-radius:10px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:6px 14px;border-bottom:1px solid var(--grid);vertical-align:top;max-width:640px;overflow-wrap:anywhere}
th{color:var(--text2);font-size:12px;font-weight:500;white-space:nowrap}
tbody tr:last-child td{border-bottom:0}
.n{text-align:right;white-space:nowrap}
.band::before{margin-right:6px}
.band.good{color:var(--good)}
.band.good::before{content:'●'}
.band.warning{color:var(--warning)}
.band.warning::before{content:'▲'}
.band.critical{color:var(--critical)}
.band.critical::before{content:'◆'}
details{margin:8px 0}
summary{cursor:pointer;padding:8px 14px;background:var(--card);border:1px solid var(--border);border-radius:10px;font-weight:500}
details[open] summary{margin-bottom:8px}
.text{color:var(--text2);margin:8px 0}
.note{color:var(--text2);border-left:3px solid var(--warning);padding:4px 12px;margin:8px 0}
#card{position:fixed;z-index:9;pointer-events:none;background:var(--raised);border:1px solid var(--border);border-radius:8px;padding:8px 12px;font-size:12px;min-width:150px}
#card[hidden]{display:none}
#card .when{color:var(--text3);font-size:11px;margin-bottom:4px}
#card .row{display:flex;align-items:center;gap:8px}
#card .name{color:var(--text2);flex:1}
#card i{width:9px;height:9px;border-radius:3px}
@media print{button{display:none}details{break-inside:avoid}figure{break-inside:avoid}}
)";

struct Name {
  const char* name;
  QString ChartColours::* colour;
};
constexpr Name names[] = {{"window", &ChartColours::window}, {"card", &ChartColours::card},       {"raised", &ChartColours::raised}, {"border", &ChartColours::border},     {"grid", &ChartColours::grid},
                          {"axis", &ChartColours::axis},     {"text1", &ChartColours::text1},     {"text2", &ChartColours::text2},   {"text3", &ChartColours::text3},       {"accent", &ChartColours::accent},
                          {"good", &ChartColours::good},     {"warning", &ChartColours::warning}, {"critical", &ChartColours::critical}, {"stale", &ChartColours::stale}};

QByteArray variables(const ChartColours& colours, const char* scheme) {
  QByteArray text = "color-scheme:" + QByteArray(scheme);
  for (const Name& one : names) text += ";--" + QByteArray(one.name) + ':' + (colours.*one.colour).toLatin1();
  for (int i = 1; i <= 8; ++i) text += ";--s" + QByteArray::number(i) + ':' + colours.ofSeries(i).toLatin1();
  return '{' + text + '}';
}

}  // namespace

QByteArray pageScript() { return script; }

QByteArray pageStyle(const ReportLook& look) {
  QByteArray sheet = "\n:root" + variables(look.light, "light") + "\n@media (prefers-color-scheme: dark){:root:not([data-theme=light])" + variables(look.dark, "dark") + "}\n:root[data-theme=dark]" + variables(look.dark, "dark");
  sheet += style;
  for (int i = 1; i <= 8; ++i) sheet += "#card .s" + QByteArray::number(i) + "{background:var(--s" + QByteArray::number(i) + ")}\n";
  return sheet;
}

ChartColours pageColours() {
  ChartColours colours;
  for (const Name& one : names) colours.*one.colour = QStringLiteral("var(--%1)").arg(QLatin1String(one.name));
  for (int i = 1; i <= 8; ++i) colours.series.append(QStringLiteral("var(--s%1)").arg(i));
  return colours;
}

}  // namespace cachedeck::snapshot
