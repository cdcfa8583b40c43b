// What `make audit` asks of every package in app/package-lock.json: a hash, no other source, a licence.
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../app/package-lock.json', import.meta.url), 'utf8'));
// Licences that ask for no more than a notice.
const allowed = new Set(
  '0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BlueOak-1.0.0 CC0-1.0 ISC MIT MIT-0 Python-2.0 Unlicense'.split(' '),
);
// These lint, build and test the app without being part of it, and are taken unchanged: the Mozilla
// licence covers its own files alone, CC-BY-4.0 is of data, jsonify is nobody's.
const exceptions = new Map([
  ['@axe-core/playwright', 'MPL-2.0'],
  ['axe-core', 'MPL-2.0'],
  ['caniuse-lite', 'CC-BY-4.0'],
  ['jsonify', 'Public Domain'],
  ['lightningcss', 'MPL-2.0'],
  // Below the SPL stake pool's package, which one test reads a view with. The first two have their
  // licence in a file alone: MIT, Unlicense.
  ['eyes', ''],
  ['text-encoding-utf-8', ''],
  ['rpc-websockets', 'LGPL-3.0-only'],
]);

const isAllowed = (name, licence = '') => {
  const choices = licence.replace(/[()]/g, '').split(' OR ');
  if (choices.some((choice) => choice.split(' AND ').every((part) => allowed.has(part)))) return true;
  const known = [...exceptions].find(([of]) => name === of || name.startsWith(`${of}-`));
  return known?.[1] === licence;
};

const faults = [];
let count = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.link || !path.includes('node_modules/')) continue;
  count += 1;
  // What a package bundles has no hash of its own: the bundle's covers it. A source is written down
  // only where it is not the registry that npm is set to.
  if (!entry.inBundle && !entry.integrity?.startsWith('sha512-')) faults.push(`${path}: no hash`);
  if (entry.resolved) faults.push(`${path}: from ${entry.resolved}`);
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (!isAllowed(name, entry.license)) faults.push(`${path}: licence ${entry.license}`);
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`npm: ${count} packages, hashes, sources and licences ok`);
