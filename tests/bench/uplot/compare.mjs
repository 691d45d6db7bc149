// SPDX-License-Identifier: GPL-3.0-or-later
// Started by compare.sh: lets the rivals refresh once a second, by turns in blocks, and reads what each block costs all their
// processes from /proc. Nothing is subtracted. Prints the median of the blocks.
// Two uPlot pages: one draws our lines, 1.6 px wide; the other draws 1 px, uPlot's default, which Chromium draws by a much
// cheaper way than any wider line.
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

/// CPU ms per refresh of ours, uPlot with our lines, uPlot with thin lines; PSS in MB of the first two.
async function measure(points, screen) {
  const common = { points, periodMs, folder };
  const rivals = await Promise.all([
    openOurs({ ...common, program, platform, screen }),
    openUplot({ ...common, here, lineWidth: 1.6 }),
    openUplot({ ...common, here, lineWidth: 1 }),
  ]);
  await Promise.all(rivals.map(rival => rival.draw(warmUp)));
  const costs = rivals.map(() => []);
  for (let block = 0; block < blocks; ++block)
    for (const [i, rival] of rivals.entries()) costs[i].push(await costOf(rival, refreshesPerBlock));
  await rivals.pop().close();  // else one Chromium would lend half its pages to the other
  const memory = rivals.map(rival => pssMb(rival.children));
  await Promise.all(rivals.map(rival => rival.close()));
  return { costs: costs.map(median), memory };
}

async function run() {
  console.log(`12 panels × 3 series, 1600×1000, one refresh a second; ours: ${platform}, uPlot: headless Chromium`);
  console.log(`CPU ms of all processes per refresh, median of ${blocks} × ${refreshesPerBlock}, ratio to ours; PSS`);
  console.log('   points   ours ms  uPlot, same lines  uPlot, 1-px lines   ours MB  uPlot MB');
  const screen = platform === 'xcb' ? await openScreen() : null;
  for (const points of [3_600, 100_000, 1_000_000]) {
    const { costs: [ours, same, thin], memory } = await measure(points, screen);
    const against = ms => `${ms.toFixed(1)} (${(ms / ours).toFixed(1)}×)`.padStart(19);
    console.log(String(points).padStart(9) + ours.toFixed(1).padStart(10) + against(same) + against(thin)
                + memory[0].toFixed(0).padStart(10) + memory[1].toFixed(0).padStart(10));
  }
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { interrupted = true; stopAll(); });
try {
  await run();
} catch (error) {
  if (!interrupted) console.error(`compare: ${error.message}`);
  process.exitCode = interrupted ? 130 : 1;
}
await stopAll();
process.exit();
