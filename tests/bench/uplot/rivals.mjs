// SPDX-License-Identifier: GPL-3.0-or-later
// The rivals behind one face: `draw(count)` comes back when that many refreshes are painted, one every `periodMs`.
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { start, stop } from './processes.mjs';

const startMs = 120_000;

/// Fails when `promise` takes longer than `ms`, or when the program cannot run or ends before.
function within(promise, ms, child, what) {
  if (child.exitCode !== null) throw new Error(`${what} ended by itself (${child.exitCode})`);
  const timer = new AbortController();
  const late = sleep(ms, null, { signal: timer.signal }).then(() => { throw new Error(`${what}: no answer in ${ms / 1000} s`); });
  const ended = once(child, 'exit', { signal: timer.signal }).then(([code]) => { throw new Error(`${what} ended by itself (${code})`); });
  return Promise.race([promise, late, ended]).finally(() => timer.abort());
}

const blockMs = (count, periodMs) => 60_000 + count * (periodMs + 10_000);

/// A screen for the platform xcb. The processor time of the X server is ours, too: it takes the pictures.
export async function openScreen() {
  const server = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await within(once(createInterface(server.stdio[3]), 'line'), startMs, server, 'Xvfb');
  return { server, environment: { DISPLAY: `:${number}` } };
}

export async function openOurs({ program, platform, screen, points, periodMs, folder }) {
  const child = start(program, ['--only-ours', String(points), String(periodMs)], {
    env: { ...process.env, ...screen?.environment, QT_QPA_PLATFORM: platform },
    stdio: ['pipe', 'pipe', openSync(`${folder}/ours.log`, 'a')],
  });
  child.stdin.on('error', () => {});  // told by what it does not answer
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const expect = async (word, ms) => {
    const { value } = await within(lines.next(), ms, child, 'bench_charts');
    if (value !== word) throw new Error(value === undefined ? 'bench_charts ended by itself' : `bench_charts said “${value}” instead of “${word}”`);
  };
  await expect('ready', startMs);
  return {
    children: screen ? [child, screen.server] : [child],
    async draw(count) {
      child.stdin.write(`${count}\n`);
      await expect('done', blockMs(count, periodMs));
    },
    close: () => stop(child),
  };
}

// Nothing of Chromium's own may ask the network, nor run beside what is measured.
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
               '--disable-component-update', '--disable-sync', '--disable-breakpad', '--window-size=1600,1200',
               '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

const types = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/// Serves the page on loopback. The page asks for its next block and thereby reports the last one: `onReport(text, answer)`.
async function serve(files, onReport) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://127.0.0.1').pathname;
    if (path === '/next') {
      let body = '';
      for await (const part of request) body += part;
      onReport(body, block => response.end(JSON.stringify(block)));
    } else if (files[path]) {
      response.setHeader('Content-Type', types[path.split('.').pop()]);
      response.end(readFileSync(files[path]));
    } else {
      response.writeHead(404).end();
    }
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export async function openUplot({ here, points, lineWidth, periodMs, folder }) {
  let answer, reported;
  const nextReport = () => new Promise(resolve => { reported = resolve; });
  let report = nextReport();
  const dist = `${folder}/node_modules/uplot/dist`;
  const server = await serve({
    '/page.html': `${here}/page.html`, '/page.js': `${here}/page.js`,
    '/uPlot.iife.min.js': `${dist}/uPlot.iife.min.js`, '/uPlot.min.css': `${dist}/uPlot.min.css`,
  }, (text, give) => { answer = give; reported(text); });
  const log = openSync(`${folder}/chromium.log`, 'a'), home = mkdtempSync(`${folder}/chromium-`);
  const url = `http://127.0.0.1:${server.address().port}/page.html?points=${points}&lineWidth=${lineWidth}`;
  const child = start('chromium', [...flags, `--user-data-dir=${home}/profile`, url], {
    env: { ...process.env, HOME: home, TMPDIR: home },
    stdio: ['ignore', log, log],
  });
  const [word, width, height] = (await within(report, startMs, child, 'Chromium')).split(' ');
  if (word !== 'ready' || width < 1600 || height < 1000) throw new Error(`the page does not show all panels: ${word} ${width} ${height}`);
  return {
    children: [child],
    async draw(count) {
      report = nextReport();
      answer({ count, periodMs });
      const text = await within(report, blockMs(count, periodMs), child, 'Chromium');
      if (text !== 'done') throw new Error(`the page ${text}`);
    },
    async close() {
      await stop(child);
      server.closeAllConnections();
      server.close();
    },
  };
}
