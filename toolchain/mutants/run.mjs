// Leaves out one check of the program at a time and looks for a test that notices. Results are kept
// beside the build, so that a run that was stopped goes on where it was.
// `MUTANTS_QUICK=1` runs the first two stages alone, and leaves what they miss to another run.
// Usage: run.mjs WORK_DIR [FILE_PREFIX]
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MARK } from './plant.mjs';

const [work, prefix = ''] = process.argv.slice(2);
const root = new URL('../..', import.meta.url).pathname;
const mutants = JSON.parse(readFileSync(join(work, 'mutants.json'), 'utf8'));
const planted = readFileSync(join(work, 'thaw.so'));
const results = join(work, 'results.jsonl');
const isQuick = process.env.MUTANTS_QUICK === '1';
const SUITES = ['admin', 'user', 'crank', 'operate', 'view', 'review', 'edges', 'incidents'];
const explained = new Map(
  readFileSync(new URL('explained.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(' | '))
    .map(([file, check, reason]) => [`${file} | ${check}`, reason]),
);

// The test programs, as cargo has built them.
const built = execFileSync(
  'cargo',
  ['test', '--locked', '--workspace', '--no-run', '--message-format', 'json', '--quiet',
    ...SUITES.flatMap((suite) => ['--test', suite])],
  { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
);
const programs = new Map(
  built
    .split('\n')
    .filter((line) => line.includes('"executable":"'))
    .map((line) => JSON.parse(line))
    .map(({ target, executable }) => [target.name, executable]),
);

// Runs tests of a suite under a mutant; the names of those that failed.
const so = join(work, 'mutant.so');
const failures = (number, suite, filters) => {
  const bytes = Buffer.from(planted);
  const at = bytes.indexOf(MARK);
  if (at < 0 || bytes.indexOf(MARK, at + 1) >= 0) throw new Error('the switch is not there once');
  bytes.writeUInt32LE(number, at + MARK.length);
  writeFileSync(so, bytes);
  const run = spawnSync(programs.get(suite), [...filters, '--quiet', '--test-threads', '2'], {
    // Not the tests' own folder, where property tests would keep what fails.
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 900_000,
    env: { ...process.env, THAW_PROGRAM: so, RUST_BACKTRACE: '0' },
  });
  if (run.error) return ['(stopped)'];
  const list = run.stdout.split('\nfailures:\n').at(-1);
  return run.status === 0 ? [] : [...list.matchAll(/^ {4}(\S+)$/gm)].map((found) => found[1]);
};

// Tests that the planted program fails with every check in its place (they count units or bytes).
const baseline = new Map();
const NONE = 0xffffffff;
const fails = (number, suite, filters) => {
  const key = `${suite} ${filters}`;
  if (!baseline.has(key)) baseline.set(key, new Set(failures(NONE, suite, filters)));
  return failures(number, suite, filters).filter((test) => !baseline.get(key).has(test));
};

// What files that serve several instructions are tested by first.
const OWN = {
  as_admin: ['nominate_authority', 'propose_config', 'cancel_config'],
  accounts: ['delegate', 'merge', 'collect', 'sweep'],
  open_slot: ['delegate'],
  way: ['undelegate'],
  room: ['deposit_stake', 'withdraw_stake'],
};

// First the tests of the instruction itself and those of wrong accounts, then its group's, then all.
const stages = (file) => {
  const group = basename(dirname(file));
  const name = basename(file, '.rs');
  if (!SUITES.includes(group)) {
    const first = ['user', 'crank'];
    const others = SUITES.filter((suite) => !first.includes(suite));
    return [...first, ...others].map((suite) => [suite, []]);
  }
  const others = SUITES.filter((suite) => suite !== group).map((suite) => [suite, []]);
  return [[group, OWN[name] ?? [name]], ['incidents', ['impostors']], [group, []], ...others];
};

const id = ({ file, line, check }) => `${file}:${line} ${check}`;
const done = new Map();
if (existsSync(results)) {
  const lines = readFileSync(results, 'utf8').split('\n').filter(Boolean);
  for (const result of lines.map((line) => JSON.parse(line))) done.set(result.id, result);
}
for (const [number, mutant] of mutants.entries()) {
  if (!mutant.file.startsWith(prefix) || done.has(id(mutant))) continue;
  let found;
  for (const [suite, filters] of stages(mutant.file).slice(0, isQuick ? 2 : undefined)) {
    const [test] = fails(number, suite, filters);
    if (test !== undefined) {
      found = `${suite}::${test}`;
      break;
    }
  }
  if (!found && isQuick) {
    console.log(`later    ${id(mutant)}`);
    continue;
  }
  const result = { id: id(mutant), ...mutant, found: found ?? null };
  done.set(result.id, result);
  appendFileSync(results, `${JSON.stringify(result)}\n`);
  console.log(`${found ? 'noticed ' : 'SURVIVED'} ${result.id}${found ? `  by ${found}` : ''}`);
}

const judged = mutants.filter((mutant) => done.has(id(mutant)));
const survivors = judged.filter((mutant) => !done.get(id(mutant)).found);
const open = survivors.filter(({ file, check }) => !explained.has(`${file} | ${check}`));
console.log(
  `${mutants.length} checks: ${judged.length} left out, ${judged.length - survivors.length} noticed, ` +
    `${survivors.length - open.length} survivors explained, ${open.length} not`,
);
process.exit(open.length > 0 ? 1 : 0);
