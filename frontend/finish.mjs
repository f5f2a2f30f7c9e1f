// After a release build: one style sheet of several, the sheet and the hash in the names of the second bundle, and
// a .br and a .gz beside every text and wasm file of the page. trunk calls it on the folder it is about to move to dist/.

import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = new Set(['.js', '.wasm', '.css', '.html', '.svg', '.json', '.txt']);

// Below this a compressed answer saves no packet.
const MIN_BYTES = 1024;

/** The bundle of all pages, as index.html names it. */
const ALL_PAGES = 'frontend-all';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Sheets that the Livestream page does without; they come with the bundle of all pages. */
const LATER = /^history-/;

/** Links to style sheets, and their names. */
function linksOf(html) {
  return [...html.matchAll(/<link\b[^>]*\bhref="?\/?([\w-]+\.css)"?[^>]*>/g)];
}

/** Of eight sheets each compresses worse than all as one, and each is a request. */
async function joinStyles(folder) {
  const index = join(folder, 'index.html');
  const html = await readFile(index, 'utf8');
  const links = linksOf(html).filter(([, name]) => !LATER.test(name));
  if (links.length < 2) throw new Error('index.html links no style sheets that could be joined');
  const sheets = await Promise.all(links.map(([, name]) => readFile(join(folder, name), 'utf8')));
  const joined = sheets.join('\n');
  const name = `styles-${createHash('sha256').update(joined).digest('hex').slice(0, 16)}.css`;
  const page = links.reduce(
    (page, [link], place) => page.replace(link, place === 0 ? `<link rel="stylesheet" href="/${name}">` : ''),
    html,
  );
  await writeFile(join(folder, name), joined);
  await writeFile(index, page);
  await Promise.all(links.map(([, sheet]) => rm(join(folder, sheet))));
}

async function compress(path) {
  const plain = await readFile(path);
  if (plain.length < MIN_BYTES) return;
  const brotli = toBrotli(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
  const gzipped = toGzip(plain, { level: constants.Z_BEST_COMPRESSION });
  await Promise.all([
    writeFile(`${path}.br`, await brotli),
    writeFile(`${path}.gz`, await gzipped),
  ]);
}

/** The sheets of the bundle of all pages become one, and are linked no more: index.html loads it with the bundle. */
async function joinLaterStyles(folder) {
  const index = join(folder, 'index.html');
  let html = await readFile(index, 'utf8');
  const links = linksOf(html).filter(([, name]) => LATER.test(name));
  const sheets = await Promise.all(links.map(([, name]) => readFile(join(folder, name), 'utf8')));
  for (const [link] of links) html = html.replace(link, '');
  const last = `/${ALL_PAGES}_bg.wasm`;
  await writeFile(index, html.replace(last, `${last} /${ALL_PAGES}.css`));
  await writeFile(join(folder, `${ALL_PAGES}.css`), sheets.join('\n'));
  await Promise.all(links.map(([, sheet]) => rm(join(folder, sheet))));
}

/** trunk leaves a "worker" its plain names, which would be asked for again with each visit. */
async function hashBundle(folder) {
  const index = join(folder, 'index.html');
  let html = await readFile(index, 'utf8');
  const endings = ['.js', '_bg.wasm', '.css'];
  const hash = createHash('sha256');
  for (const ending of endings) hash.update(await readFile(join(folder, `${ALL_PAGES}${ending}`)));
  const hashed = `${ALL_PAGES}-${hash.digest('hex').slice(0, 16)}`;
  for (const ending of endings) {
    if (!html.includes(`/${ALL_PAGES}${ending}`)) throw new Error(`index.html does not name ${ALL_PAGES}${ending}`);
    html = html.replace(`/${ALL_PAGES}${ending}`, `/${hashed}${ending}`);
    await rename(join(folder, `${ALL_PAGES}${ending}`), join(folder, `${hashed}${ending}`));
  }
  await writeFile(index, html);
}

const { TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: folder } = process.env;
if (profile === 'release') {
  await joinStyles(folder);
  await joinLaterStyles(folder);
  await hashBundle(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)));
  await Promise.all(files.map((file) => compress(join(file.parentPath ?? file.path, file.name))));
}
