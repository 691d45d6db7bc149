// SPDX-License-Identifier: GPL-3.0-or-later
// Started by compare.sh: lets both rivals refresh once a second, by turns in blocks, and reads what each block costs all their
// processes from /proc. Nothing is subtracted. Prints the median of the blocks.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuMs, pssMb, stopAll } from './processes.mjs';
import { openOurs, openScreen, openUplot } from './rivals.mjs';

const [program, platform, folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const periodMs = 1000, warmUp = 5, blocks = 3, refreshesPerBlock = 10;

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function costOf(rival, count) {
  const before = cpuMs(rival.children);
  await rival.draw(count);
  return (cpuMs(rival.children) - before) / count;
}

async function measure(points, screen) {
  const rivals = [await openOurs({ program, platform, screen, points, periodMs, folder }), await openUplot({ here, points, periodMs, folder })];
  for (const rival of rivals) await rival.draw(warmUp);
  const costs = [[], []];
  for (let block = 0; block < blocks; ++block)
    for (const [i, rival] of rivals.entries()) costs[i].push(await costOf(rival, refreshesPerBlock));
  const memory = rivals.map(rival => pssMb(rival.children));
  for (const rival of rivals) await rival.close();
  return { costs: costs.map(median), memory };
}

async function run() {
  console.log(`12 panels × 3 series, 1600×1000, one refresh a second; ours: ${platform}, uPlot: headless Chromium`);
  console.log('CPU ms of all processes per refresh, median of 3 × 10; PSS in MB');
  console.log('   points   ours ms  uPlot ms   ratio    ours MB  uPlot MB');
  const screen = platform === 'xcb' ? await openScreen() : null;
  for (const points of [3_600, 100_000, 1_000_000]) {
    const { costs: [ours, uplot], memory } = await measure(points, screen);
    const cells = [[points, 9, 0], [ours, 10, 1], [uplot, 10, 1], [uplot / ours, 8, 1], [memory[0], 11, 0], [memory[1], 10, 0]];
    console.log(cells.map(([value, width, digits]) => value.toFixed(digits).padStart(width)).join(''));
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopAll().finally(() => process.exit(130)));
try {
  await run();
} catch (error) {
  console.error(`compare: ${error.message}`);
  process.exitCode = 1;
} finally {
  await stopAll();
}
process.exit();
