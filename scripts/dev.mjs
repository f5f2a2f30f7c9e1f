// `make dev`: the demo and the page, both following the source.
//
// The server is built and started again when its source changes; while a build fails, the
// last good one goes on running. trunk serves the page on a port of its own and reloads it in
// the browser. The page talks to the server across origins, which ALLOWED_ORIGINS permits.

import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
const TOOLS = [join(ROOT, '.tools/bin'), join(ROOT, '.tools/npm/node_modules/.bin')];

const PROGRAM = join(TARGET, 'debug', 'streamer-event-demo');
const WATCHED = ['backend', 'wire', 'twitch-sim', 'demo', 'Cargo.toml', 'Cargo.lock'];

// Looking at some hundred files is cheaper and surer than watching: no event is missed, on
// any kind of file system.
const LOOK_EVERY_MS = 500;

const STOP_DEADLINE_MS = 10_000;

const pagePort = Number(process.env.DEV_PORT || 8080);
const bindAddr = process.env.BIND_ADDR || '127.0.0.1:7001';
const server = `http://localhost:${bindAddr.split(':').pop()}`;
const page = `http://localhost:${pagePort}`;

const env = { ...process.env, PATH: [...TOOLS, process.env.PATH].join(':') };
// trunk reads it as a boolean and stops at "1".
delete env.NO_COLOR;

/** Everything that is running, by process. */
const running = new Set();
let stopping = false;

function say(text) {
  console.log(`\x1b[1m==>\x1b[0m ${text}`);
}

function start(command, args, extra = {}) {
  const child = spawn(command, args, {
    cwd: extra.cwd ?? ROOT,
    env: { ...env, ...extra.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  running.add(child);
  child.exited = new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  }).finally(() => running.delete(child));
  return child;
}

async function stop(child) {
  if (!running.has(child)) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  await child.exited;
  clearTimeout(timer);
}

async function stopAll(code) {
  if (stopping) return;
  stopping = true;
  await Promise.all([...running].map(stop));
  process.exit(code);
}

/** Changes whenever a watched file appears, goes, or is written. */
async function fingerprint() {
  const lines = [];
  for (const name of WATCHED) {
    const path = join(ROOT, name);
    if ((await stat(path)).isFile()) lines.push(`${name} ${(await stat(path)).mtimeMs}`);
    else {
      for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = join(entry.parentPath ?? entry.path, entry.name);
        // A file that went between the two looks is a change that the next look sees.
        const seen = await stat(file).catch(() => null);
        lines.push(`${file} ${seen?.mtimeMs}`);
      }
    }
  }
  return lines.sort().join('\n');
}

function startServer() {
  const child = start(PROGRAM, [], {
    env: { BIND_ADDR: bindAddr, ALLOWED_ORIGINS: page },
  });
  child.exited.then((code) => {
    if (!stopping && code !== 0) say(`the server ended with ${code}; it starts again with the next change`);
  });
  return child;
}

async function followServer() {
  let built = '';
  let program = null;
  let startedFrom = null;
  while (!stopping) {
    const now = await fingerprint();
    if (now === built) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      continue;
    }
    built = now;
    const code = await start('cargo', ['build', '--locked', '-p', 'demo']).exited;
    if (stopping) return;
    if (code !== 0) {
      say('the server does not build; waiting for a change');
      continue;
    }
    // A changed test or comment leaves the program as it was.
    const { mtimeMs } = await stat(PROGRAM);
    if (program && running.has(program) && mtimeMs === startedFrom) continue;
    if (program) await stop(program);
    if (stopping) return;
    startedFrom = mtimeMs;
    program = startServer();
    say(`server on ${server}, page on ${page}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll(0));

const trunk = start(
  'trunk',
  // The server carries frontend/dist; what is served here must not change it.
  ['serve', '--port', String(pagePort), '--dist', join(TARGET, 'dev-dist')],
  { cwd: join(ROOT, 'frontend'), env: { API_BASE: server } },
);
trunk.exited.then((code) => {
  if (!stopping) {
    say(`trunk ended with ${code}`);
    stopAll(1);
  }
});
await followServer();
