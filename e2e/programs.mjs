// Starts the real release programs on free ports, each in a folder of its own, and stops them
// by process id.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RELEASE = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'release');

const START_DEADLINE_MS = 20_000;
const STOP_DEADLINE_MS = 10_000;

// What a program inherits. Settings of the person who runs the tests must not leak in.
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'RUST_BACKTRACE', 'RUST_LOG', 'TEST_RUN'];

/** @typedef {Record<string, string>} Settings */

/** An empty folder, and how to be rid of it. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'streamer-event-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A running program. */
export class Program {
  /** @type {string[]} */
  #lines = [];
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #exited = false;

  /**
   * @param {string} name of the file in target/release
   * @param {{args?: string[], settings?: Settings, folder: string}} how
   */
  constructor(name, { args = [], settings = {}, folder }) {
    this.name = name;
    /** @type {Settings} */
    const env = {};
    for (const key of INHERITED) {
      const value = process.env[key];
      if (value !== undefined) env[key] = value;
    }
    // The folder is the working directory too, so that no .env is read.
    this.process = spawn(join(RELEASE, name), args, {
      cwd: folder,
      env: { ...env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Promise<number | null>} */
    this.exit = new Promise((resolve) => {
      this.process.once('error', (error) => this.#note(`cannot start: ${error.message}`));
      this.process.once('close', (code) => {
        this.#exited = true;
        this.#note(`exited with ${code}`);
        resolve(code);
      });
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        lines.forEach((line) => this.#note(line));
      });
    }
  }

  /** @param {string} line */
  #note(line) {
    this.#lines.push(line);
    this.#watchers.forEach((watcher) => watcher());
  }

  /** Everything it has printed. */
  get log() {
    return this.#lines.join('\n');
  }

  get pid() {
    return this.process.pid;
  }

  /**
   * Waits until `find` finds something in the lines printed so far.
   * @template T
   * @param {string} what for the message
   * @param {(lines: string[]) => T | undefined} find
   * @returns {Promise<T>}
   */
  async printed(what, find) {
    return new Promise((resolve, reject) => {
      /** @type {() => void} */
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      /** @param {string} why */
      const giveUp = (why) => {
        done();
        reject(new Error(`${this.name} ${why} before it printed ${what}:\n${this.log}`));
      };
      const look = () => {
        const found = find(this.#lines);
        if (found !== undefined) {
          done();
          resolve(found);
        } else if (this.#exited) giveUp('exited');
      };
      const timer = setTimeout(() => giveUp('was given up'), START_DEADLINE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  /** The port it says it listens on. */
  async port() {
    return this.printed('its address', (lines) => {
      const line = lines.find((text) => text.startsWith('listening on http://'));
      return line ? Number(new URL(line.slice('listening on '.length)).port) : undefined;
    });
  }

  /** Asks it to stop, and makes sure that it does. Returns its exit code. */
  async stop() {
    if (!this.#exited) {
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_DEADLINE_MS);
      await this.exit;
      clearTimeout(timer);
    }
    return this.exit;
  }

  /** Ends it without a word, as a power cut would. */
  async cut() {
    this.process.kill('SIGKILL');
    await this.exit;
  }
}

/**
 * The simulator of Twitch, silent unless asked for events.
 * @param {string} folder
 * @param {{args?: string[]}} [how]
 */
export async function startSim(folder, { args = ['--quiet'] } = {}) {
  const program = new Program('twitch-sim', {
    args,
    settings: { SIM_BIND_ADDR: '127.0.0.1:0' },
    folder,
  });
  try {
    const port = await program.port();
    const settings = await program.printed('its settings', settingsBlock);
    return { program, port, settings, url: `http://localhost:${port}` };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/**
 * The `KEY=value` lines among `lines`, once all are there.
 * @param {string[]} lines
 */
function settingsBlock(lines) {
  /** @type {Settings} */
  const settings = {};
  for (const line of lines) {
    const match = line.match(/^\s*(?:export\s+)?(TWITCH_[A-Z_]+)=["']?(.*?)["']?\s*$/);
    if (match) settings[match[1]] = match[2];
  }
  const complete = ['TWITCH_CLIENT_ID', 'TWITCH_CLIENT_SECRET', 'TWITCH_EVENTSUB_WS_URL', 'TWITCH_IMAGE_URL'];
  return complete.every((key) => settings[key]) ? settings : undefined;
}

/**
 * The server, pointed at whatever the settings say. Data lies in `folder`/data.
 * @param {string} folder
 * @param {Settings} settings
 * @param {{port?: number}} [how] the port to take; 0 is any
 */
export async function startServer(folder, settings, { port = 0 } = {}) {
  return startHttp('streamer-event-server', folder, settings, port);
}

/**
 * The demo: the same server with a simulator inside.
 * @param {string} folder
 * @param {{port?: number}} [how]
 */
export async function startDemo(folder, { port = 0 } = {}) {
  return startHttp('streamer-event-demo', folder, { SIM_BIND_ADDR: '127.0.0.1:0' }, port);
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {Settings} settings
 * @param {number} wanted
 */
async function startHttp(name, folder, settings, wanted) {
  const program = new Program(name, {
    settings: { BIND_ADDR: `127.0.0.1:${wanted}`, DATA_DIR: join(folder, 'data'), ...settings },
    folder,
  });
  try {
    const port = await program.port();
    return { program, port, url: `http://localhost:${port}` };
  } catch (error) {
    await program.stop();
    throw error;
  }
}
