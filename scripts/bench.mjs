// `make bench`: what can be measured of the programs without a load: P6 (size of the page)
// and P7 (time to ready, idle memory). Prints a table and keeps it in bench/results/.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer, startSim, temporaryFolder } from '../e2e/programs.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'frontend', 'dist');
const STARTS = 9;
const READY_DEADLINE_MS = 20_000;
// Memory is read when start-up work is over.
const SETTLE_MS = 3_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const rounded = (value) => Math.round(value * 10) / 10;

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function untilReady(url) {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(2);
  }
  throw new Error(`${url}/readyz was not 200 within ${READY_DEADLINE_MS} ms`);
}

/** Resident memory in MiB, where the system tells. */
async function residentMib(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1];
  return kib ? Number(kib) / 1024 : null;
}

/** The server's start-up, again and again on the same database. */
async function startUp() {
  const folder = await temporaryFolder();
  const sim = await startSim(folder.path);
  try {
    const times = [];
    let memory = null;
    // The first one makes the database and is not counted.
    for (let round = 0; round <= STARTS; round += 1) {
      const begin = performance.now();
      const server = await startServer(folder.path, { ...sim.settings, RUST_LOG: 'warn' });
      try {
        await untilReady(server.url);
        if (round > 0) times.push(performance.now() - begin);
        if (round === STARTS) {
          await pause(SETTLE_MS);
          memory = await residentMib(server.program.pid);
        }
      } finally {
        await server.program.stop();
      }
    }
    return { ready_ms: median(times), idle_mib: memory };
  } finally {
    await sim.program.stop();
    await folder.remove();
  }
}

/** Bytes over the wire of each file of the page, as a browser with brotli gets it. */
async function pageFiles() {
  if (!existsSync(DIST)) throw new Error(`${DIST} is missing: run make build`);
  const names = (await readdir(DIST)).filter((name) => !/\.(br|gz)$/.test(name));
  const files = [];
  for (const name of names) {
    const sent = existsSync(join(DIST, `${name}.br`)) ? `${name}.br` : name;
    files.push({ name, bytes: (await stat(join(DIST, sent))).size });
  }
  return files;
}

const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

const files = await pageFiles();
const { ready_ms: ready, idle_mib: memory } = await startUp();
const figures = [
  {
    id: 'P6',
    what: 'page, all files, brotli',
    value: rounded(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000),
    unit: 'KB',
    bar: 200,
  },
  { id: 'P7', what: `start to /readyz, median of ${STARTS}`, value: rounded(ready), unit: 'ms', bar: 500 },
  { id: 'P7', what: 'idle memory', value: memory === null ? null : rounded(memory), unit: 'MiB', bar: 60 },
];
const result = {
  date: new Date().toISOString(),
  commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ' with changes' : ''),
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
  },
  conditions: 'release build, new database, no events, quiet simulator on the same machine',
  figures,
  files,
};

console.table(Object.fromEntries(figures.map(({ id, what, ...rest }) => [`${id} ${what}`, rest])));
console.log(`${result.commit}; ${result.machine.cpu}, ${result.machine.cores} cores; ${result.conditions}`);
const folder = join(ROOT, 'bench', 'results');
await mkdir(folder, { recursive: true });
const path = join(folder, `${result.date.slice(0, 19).replaceAll(':', '')}-start.json`);
await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
console.log(`written to ${path.slice(ROOT.length)}`);
