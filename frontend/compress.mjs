// After a release build: writes a .br and a .gz beside every text and wasm file of the page.
// trunk calls it on the folder it is about to move to dist/.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = new Set(['.js', '.wasm', '.css', '.html', '.svg', '.json', '.txt']);

// Below this a compressed answer saves no packet.
const MIN_BYTES = 1024;

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

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

const { TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: folder } = process.env;
if (profile === 'release') {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)));
  await Promise.all(files.map((file) => compress(join(file.parentPath ?? file.path, file.name))));
}
