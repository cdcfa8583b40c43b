// Fails when the JavaScript that a first visit loads is larger than it should be.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of JavaScript before the first page, compressed. */
const LIMIT = 250 * 1024;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** The chunks that `key` imports statically, and itself. */
function reach(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) reach(next, found);
  return found;
}

const packed = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const shown = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = [...reach(entry)].map((key) => manifest[key].file);
// The first page is lazy too; the start page counts as part of the first visit.
const start = [...reach('src/pages/stake/index.tsx')].map((key) => manifest[key].file);
const files = [...new Set([...first, ...start])];
const total = files.reduce((sum, file) => sum + packed(file), 0);
for (const file of files) console.log(`${shown(packed(file)).padStart(10)}  ${file}`);
console.log(`${shown(total).padStart(10)}  initial JavaScript, gzip, of at most ${shown(LIMIT)}`);
if (total > LIMIT) {
  console.error('The initial JavaScript is too large: load more of it lazily.');
  process.exit(1);
}
