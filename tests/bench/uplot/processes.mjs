// SPDX-License-Identifier: GPL-3.0-or-later
// Programs with all that they start: their processor time, their memory, their end.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const tickMs = 1000 / Number(execFileSync('getconf', ['CLK_TCK']));
const started = [];

let stopping = false;

/// Starts a program as the head of a process group.
export function start(program, args, options) {
  if (stopping) throw new Error('stopped');
  const child = spawn(program, args, { ...options, detached: true });
  child.on('error', () => {});  // whoever waits for it is told
  started.push(child);
  return child;
}

/// One line of /proc/PID/stat; the name in brackets may hold anything.
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0], parent: Number(fields[1]), group: Number(fields[2]), ticks: fields.slice(11, 15).map(Number) };
  } catch {
    return null;  // it ended meanwhile
  }
}

/// The program, its descendants, and those of its group that no longer have it as a forebear.
function tree(root) {
  const all = new Map(readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(name => [Number(name), stat(name)]).filter(([, s]) => s));
  const belongs = process => {
    for (let p = process; p; p = all.get(p.parent)) if (p.pid === root || p.group === root) return true;
    return false;
  };
  return [...all.values()].filter(process => process.state !== 'Z' && belongs(process));
}

/// Milliseconds of processor time, in user and system mode, of all threads; that of ended children, too.
export function cpuMs(children) {
  let ticks = 0;
  for (const child of children) for (const process of tree(child.pid)) ticks += process.ticks.reduce((sum, value) => sum + value);
  return ticks * tickMs;
}

/// Resident megabytes, pages in common counted in shares.
export function pssMb(children) {
  let kb = 0;
  for (const child of children)
    for (const { pid } of tree(child.pid)) {
      try {
        kb += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))[1]);
      } catch {}  // it ended meanwhile
    }
  return kb / 1024;
}

/// Ends a program and all that it started; waits until they are gone.
export async function stop(child) {
  if (!child.pid) return;
  const send = (pid, signal) => { try { process.kill(pid, signal); } catch {} };  // it ended meanwhile
  for (let round = 0; round < 100; ++round) {
    const left = tree(child.pid).map(process => process.pid);
    if (!left.length) return;
    // Asked first, so that it ends its own children; what is left after five seconds is made to.
    if (round === 0) send(left.includes(child.pid) ? child.pid : left[0], 'SIGTERM');
    if (round >= 50 && round % 10 === 0) for (const pid of left) send(pid, 'SIGKILL');
    await sleep(100);
  }
}

/// Ends everything that start() ever started; nothing can be started from then on.
export async function stopAll() {
  stopping = true;
  await Promise.all(started.map(stop));
}
