// Writes src/generated from the committed IDL. With --check it writes elsewhere and fails where the
// committed files differ: CI runs that.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import { createFromRoot, updateDefinedTypesVisitor } from 'codama';

const here = fileURLToPath(new URL('.', import.meta.url));
const committed = join(here, 'src', 'generated');
const isCheck = process.argv.includes('--check');

const target = isCheck ? mkdtempSync(join(tmpdir(), 'thaw-generated-')) : here;
try {
  const idl = readIdl();
  const folder = await generate(idl, target);
  addRules(idl, folder);
  addExtensions(folder);
  if (isCheck) compare(folder);
} finally {
  if (isCheck) rmSync(target, { recursive: true, force: true });
}

/** The IDL, long messages on one line: they are wrapped in the program's source. A type with two
 * serializations has a twin there, with the same fields: in TypeScript both are one. */
function readIdl() {
  const text = readFileSync(join(here, '..', '..', 'idls', 'thaw.json'), 'utf8');
  const names = new Set(JSON.parse(text).types.map(({ name }) => name));
  const own = (name) => {
    const twin = /^(.+)Values$/.exec(name);
    return twin && names.has(twin[1]) ? twin[1] : name;
  };
  const idl = JSON.parse(text, (key, value) =>
    key === 'defined' ? { ...value, name: own(value.name) } : value,
  );
  idl.types = idl.types.filter(({ name }) => name === own(name));
  for (const error of idl.errors) error.msg = error.msg.replace(/\s*\\?\s*\n\s*/g, ' ');
  return idl;
}

async function generate(idl, folder) {
  const codama = createFromRoot(rootNodeFromAnchor(idl));
  // What the views answer: the client's quotes have the shorter names.
  codama.update(
    updateDefinedTypesVisitor({
      depositQuote: { name: 'depositAnswer' },
      exitQuote: { name: 'exitAnswer' },
      ticketQuote: { name: 'ticketAnswer' },
      withdrawQuote: { name: 'withdrawAnswer' },
    }),
  );
  await codama.accept(
    renderVisitor(folder, {
      generatedFolder: 'src/generated',
      deleteFolderBeforeRendering: true,
      formatCode: true,
      prettierOptions: JSON.parse(readFileSync(join(here, '..', '.prettierrc.json'), 'utf8')),
      kitImportStrategy: 'rootOnly',
      syncPackageJson: false,
    }),
  );
  return join(folder, 'src', 'generated');
}

/** The rules by code, names and words as the program has them: the rendered messages are left out of
 * production bundles. */
function addRules(idl, folder) {
  const quote = (text) =>
    text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`;
  const lines = idl.errors.map(({ code, name, msg }) => `  [${code}, '${name}', ${quote(msg)}],`);
  const text = `/**
 * Written by codama.mjs from the IDL. Please do not edit.
 */

/** Code, name and words of every rule of the program, ordered by code. */
// prettier-ignore
export const RULES = [
${lines.join('\n')}
] as const;

/** Name of a rule of the program. */
export type RuleName = (typeof RULES)[number][1];
`;
  writeFileSync(join(folder, 'rules.ts'), text);
}

/** Names files in full, as Node.js wants imports. */
function addExtensions(folder) {
  for (const file of files(folder)) {
    const text = readFileSync(file, 'utf8').replace(/from '(\.[^']*)'/g, (_, path) => {
      const found = statSync(join(dirname(file), path), { throwIfNoEntry: false });
      return `from '${path}${found?.isDirectory() ? '/index.js' : '.js'}'`;
    });
    writeFileSync(file, text);
  }
}

function compare(fresh) {
  const names = (folder) => files(folder).map((file) => relative(folder, file));
  const all = [...new Set([...names(fresh), ...names(committed)])].sort();
  const read = (folder, name) => {
    const path = join(folder, name);
    return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8') : null;
  };
  const stale = all.filter((name) => read(fresh, name) !== read(committed, name));
  if (stale.length === 0) return;
  console.error('client/src/generated is not what idls/thaw.json gives:');
  for (const name of stale) console.error(`  ${name}`);
  console.error('Run `npm run generate` in app/ and commit what it writes.');
  process.exitCode = 1;
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
