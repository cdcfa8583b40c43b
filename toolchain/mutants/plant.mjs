// Plants a switch before every check of the program: a copy of the source in which check number N is
// left out where the word in `mutant.rs` says N. One build serves all mutants, by writing the number
// into the bytes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// The word is read at run time, so that the compiler cannot know it.
const SWITCH = `//! The switch of the mutants.

/// Its last four bytes name the check that is left out.
#[used]
static ACTIVE: [u8; 16] = *b"thaw-mutant:\\xff\\xff\\xff\\xff";

/// True unless check \`number\` is left out.
#[inline(never)]
pub fn keeps(number: u32) -> bool {
    let word = unsafe { core::ptr::read_volatile(&raw const ACTIVE) };
    u32::from_le_bytes([word[12], word[13], word[14], word[15]]) != number
}
`;
export const MARK = 'thaw-mutant:';

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .filter((file) => file.endsWith('.rs'))
    .sort();

// The end of the parentheses that open at `open`.
const closing = (text, open) => {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')' && (depth -= 1) === 0) return at + 1;
  }
  throw new Error('a parenthesis is open');
};

// Calls that are nothing but checks: `require!(...);`, `pool.require_live()?;`, `x.check_vote(y)?;`.
const CALL = /^( +)((?:\w+\.)*(?:require\w*!|(?:require|check)_\w+))\(/gm;
// Refusals: `if ... { return Err(...)`.
const REFUSAL = /\bif ((?:(?!\bif\b|[{};])[\s\S])+?) \{\s*return (?:Err\(|err!\()/g;
// Constraints of an account.
const RULE = /\b(has_one|address|owner|constraint) = ([^@]+?) @/g;

const calls = (text) =>
  [...text.matchAll(CALL)].flatMap((found) => {
    const start = found.index + found[1].length;
    const end = closing(text, start + found[2].length);
    const rest = text.slice(end);
    const tail = /^\??;/.exec(rest)?.[0];
    if (tail) {
      const check = text.slice(start, end) + tail;
      return [{ start, end: end + tail.length, with: (n) => `if crate::mutant::keeps(${n}) { ${check} }` }];
    }
    const check = text.slice(start, end);
    if (!/^\s*\}/.test(rest)) return [];
    return [{ start, end, with: (n) => `if crate::mutant::keeps(${n}) { ${check} } else { Ok(()) }` }];
  });

const refusals = (text) =>
  [...text.matchAll(REFUSAL)].map(({ index, 1: condition }) => ({
    start: index + 3,
    end: index + 3 + condition.length,
    with: (n) =>
      condition.startsWith('let ')
        ? `crate::mutant::keeps(${n}) && ${condition}`
        : `crate::mutant::keeps(${n}) && (${condition})`,
  }));

const rules = (text) =>
  [...text.matchAll(/#\[account\(([\s\S]*?)\)\]\s*pub (\w+): ([^\n]+),/g)].flatMap((account) => {
    const [, inside, name, type] = account;
    const base = account.index + '#[account('.length;
    const field = type.includes('AccountLoader') ? `${name}.load()?.` : `${name}.`;
    return [...inside.matchAll(RULE)].map((rule) => {
      const [, kind, value] = rule;
      const holds = {
        has_one: `${field}${value} == ${value}.key()`,
        address: `${name}.key() == ${value}`,
        owner: `*${name}.owner == ${value}`,
        constraint: `(${value})`,
      }[kind];
      const start = base + rule.index;
      return {
        start,
        end: start + rule[0].length,
        with: (n) => `constraint = !crate::mutant::keeps(${n}) || ${holds} @`,
      };
    });
  });

const SIGNER = `constraint = `;
const signers = (text) =>
  [...text.matchAll(/pub (\w+): Signer<'info>,/g)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    with: (n) =>
      `#[account(${SIGNER}!crate::mutant::keeps(${n}) || ${found[1]}.is_signer @ ErrorCode::AccountNotSigner)]\n    pub ${found[1]}: UncheckedAccount<'info>,`,
  }));

// Plants into the sources under `src`; returns what each number leaves out.
export const plant = (src) => {
  const mutants = [];
  for (const file of files(src)) {
    const text = readFileSync(file, 'utf8');
    const name = file.slice(src.length + 1);
    // What says how to refuse, and what runs before there is anything to check.
    if (['prelude.rs', 'entrypoint.rs', 'error.rs', 'events.rs'].includes(name)) continue;
    const sites = [...calls(text), ...refusals(text), ...rules(text), ...signers(text)];
    sites.sort((a, b) => a.start - b.start);
    let [out, at] = ['', 0];
    for (const site of sites) {
      if (site.start < at) continue;
      const line = text.slice(0, site.start).split('\n').length;
      const check = text.slice(site.start, site.end).replace(/\s+/g, ' ');
      out += text.slice(at, site.start) + site.with(mutants.length);
      at = site.end;
      mutants.push({ file: name, line, check });
    }
    writeFileSync(file, out + text.slice(at));
  }
  writeFileSync(join(src, 'mutant.rs'), SWITCH);
  const lib = join(src, 'lib.rs');
  const text = readFileSync(lib, 'utf8');
  writeFileSync(lib, text.replace('\nmod prelude;', '\n#[doc(hidden)]\npub mod mutant;\nmod prelude;'));
  return mutants;
};
