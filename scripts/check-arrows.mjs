// Checks which module of the server uses which: the arrows of docs/architecture.md.
//
// It reads the paths that begin at the crate's root (`crate::store::…`, `use crate::{live, store}`)
// and, so that nobody slips by, chains of `super::` that lead there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

// Leaves that everything may use; they use each other alone.
const LEAVES = ['clock', 'config', 'crypto', 'health', 'ids', 'shards', 'timings'];

// Gathers the errors of the parts behind a request and turns them into answers; those parts
// keep errors of their own, or there is a ring.
const ERRORS = 'error';

// Whom a module may use beside the leaves. One that is not listed here is free but for the
// rules below: nothing uses `http`, and no two modules use each other.
const ALLOWED = {
  // `app` is the handle that every request is given.
  http: ['app', 'pipeline', 'store', 'live', 'twitch', 'eventsub', 'topics', 'tokens'],
  listener: ['eventsub', 'pipeline', 'twitch', 'tokens', 'carriers'],
  topics: ['store', 'twitch', 'live', 'pipeline', 'eventsub', 'carriers'],
  carriers: ['twitch'],
  eventsub: [],
};

// Where everything is put together.
const ROOTS = ['app', 'lib', 'main', 'program'];

const source = process.argv[2] ?? fileURLToPath(new URL('../backend/src', import.meta.url));

/** Without comments and string contents, which may mention any path. */
function code(text) {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/"(?:\\.|[^"\\])*"/g, '""')
    .replace(/\/\/.*$/gm, '');
}

/** The first names of `{a, b::c, d::{e, f}}`, starting behind its brace. */
function groupHeads(text, start) {
  const heads = [];
  let depth = 1;
  let head = '';
  for (let at = start; at < text.length && depth > 0; at += 1) {
    const char = text[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    if (depth > 1) continue;
    if (depth === 0 || char === ',') {
      heads.push(head.trim().match(/^\w+/)?.[0]);
      head = '';
    } else head += char;
  }
  return heads.filter(Boolean);
}

/** The modules at the crate's root that this file names. */
function usedModules(text, depth) {
  const toRoot = new RegExp(`\\b(?:crate::|(?:super::){${depth},})(\\{|\\w+)`, 'g');
  const used = new Set();
  for (const match of text.matchAll(toRoot)) {
    if (match[1] !== '{') used.add(match[1]);
    else groupHeads(text, match.index + match[0].length).forEach((name) => used.add(name));
  }
  return used;
}

/** How many modules lie above this file: 1 for `store.rs` and `store/mod.rs`. */
function depthOf(path) {
  const parts = path.split(sep);
  return basename(path) === 'mod.rs' ? parts.length - 1 : parts.length;
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rs'))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

/** Whom each module uses, and where it says so. */
function graph() {
  const paths = files(source);
  const top = (path) => path.split(sep)[0].replace(/\.rs$/, '');
  const modules = new Set(paths.map(top));
  const uses = new Map();
  for (const path of paths) {
    const from = top(path);
    if (ROOTS.includes(from)) continue;
    const text = code(readFileSync(join(source, path), 'utf8'));
    for (const to of usedModules(text, depthOf(path))) {
      if (to === from || !modules.has(to)) continue;
      if (!uses.has(from)) uses.set(from, new Map());
      if (!uses.get(from).has(to)) uses.get(from).set(to, path);
    }
  }
  return uses;
}

function refusal(from, to) {
  if (to === 'http') return 'nothing uses http';
  if (ALLOWED[from]?.includes(to)) return null;
  if (ROOTS.includes(to)) return `${to} puts the parts together, they do not use it`;
  if (LEAVES.includes(from) && !LEAVES.includes(to)) return `${from} is a leaf`;
  if (from === 'eventsub') return 'eventsub uses nothing of ours but wire';
  if (ALLOWED[from] && to !== ERRORS && !LEAVES.includes(to)) {
    return `${from} may use ${ALLOWED[from].join(', ')} and the leaves`;
  }
  return null;
}

/** A ring of modules that use each other, or null. */
function ring(uses) {
  const done = new Set();
  const walk = (module, path) => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module];
    if (done.has(module)) return null;
    for (const to of uses.get(module)?.keys() ?? []) {
      const found = walk(to, [...path, module]);
      if (found) return found;
    }
    done.add(module);
    return null;
  };
  for (const module of uses.keys()) {
    const found = walk(module, []);
    if (found) return found;
  }
  return null;
}

if (!existsSync(source)) throw new Error(`no such folder: ${source}`);
const uses = graph();
const faults = [];
for (const [from, targets] of uses) {
  for (const [to, path] of targets) {
    const why = refusal(from, to);
    if (why) faults.push(`${join(basename(dirname(source)), 'src', path)}: ${from} → ${to}: ${why}`);
  }
}
const circle = ring(uses);
if (circle) faults.push(`modules use each other in a ring: ${circle.join(' → ')}`);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
