// After a release build: one style sheet of several, the hash in the names of the second bundle, and
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

/** Of eight sheets each compresses worse than all as one, and each is a request. */
async function joinStyles(folder) {
  const index = join(folder, 'index.html');
  const html = await readFile(index, 'utf8');
  const links = [...html.matchAll(/<link\b[^>]*\bhref="?\/?([\w-]+\.css)"?[^>]*>/g)];
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

/** trunk leaves a "worker" its plain names, which would be asked for again with each visit. */
async function hashBundle(folder) {
  const index = join(folder, 'index.html');
  let html = await readFile(index, 'utf8');
  const endings = ['.js', '_bg.wasm'];
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
  await hashBundle(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)));
  await Promise.all(files.map((file) => compress(join(file.parentPath ?? file.path, file.name))));
}
