// SPDX-License-Identifier: GPL-3.0-or-later
// The window that bench_charts draws (12 panels × 3 series, moving by one sample a refresh), drawn by uPlot the way it is
// fastest: typed arrays that move without a copy, one time column for all, a fixed value axis, neither legend nor cursor. Refreshes come in blocks, so that talking to compare.mjs costs the browser next to nothing.
const panels = 12, seriesPerPanel = 3, width = 1600 / 4, height = Math.floor(1000 / 3);
const wanted = new URLSearchParams(location.search);
const points = Number(wanted.get('points')), lineWidth = Number(wanted.get('lineWidth'));
const room = points + 4096;  // for the refreshes of one run

function sample(row, series) {
  const mixed = Math.imul(row * 31 + series, 0x9E3779B1) >>> 8;
  return 50 + 20 * Math.sin(row / 97 + series) + 10 * mixed / (1 << 24);
}

const times = new Float64Array(room);
const values = Array.from({ length: panels * seriesPerPanel }, () => new Float64Array(room));
const began = Math.floor(Date.now() / 1000) - points;
let row = 0;

function push() {
  if (row === room) throw new Error('the run is longer than its room');
  times[row] = began + row;
  values.forEach((column, series) => { column[row] = sample(row, series); });
  ++row;
}

function windowOf(panel) {
  const own = values.slice(panel * seriesPerPanel, (panel + 1) * seriesPerPanel);
  return [times, ...own].map(column => column.subarray(row - points, row));
}

while (row < points) push();
const axis = { stroke: '#aab', grid: { stroke: '#2a2f38', width: 1 }, ticks: { show: false } };
const charts = Array.from({ length: panels }, (_, panel) => new uPlot({
  width, height,
  legend: { show: false },
  cursor: { show: false },
  scales: { x: { time: true }, y: { range: [0, 100] } },
  axes: [axis, axis],
  series: [{}, ...['#4c9be8', '#e8a24c', '#6cc98a'].map(stroke => ({ stroke, width: lineWidth, points: { show: false } }))],
}, windowOf(panel), document.getElementById('panels')));

function refresh() {
  push();
  charts.forEach((chart, panel) => chart.setData(windowOf(panel)));
}

const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
const until = time => new Promise(resolve => setTimeout(resolve, time - performance.now()));

async function run() {
  await frame();
  let report = `ready ${innerWidth} ${innerHeight}`;
  for (;;) {
    const { count, periodMs } = await (await fetch('/next', { method: 'POST', body: report })).json();
    let next = performance.now();
    for (let i = 0; i < count; ++i) {
      await until(next += periodMs);
      refresh();
    }
    await frame();
    await frame();  // the second one comes after the first is drawn
    report = 'done';
  }
}

run().catch(error => fetch('/next', { method: 'POST', body: `failed ${error}` }));
