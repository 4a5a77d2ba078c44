import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { rules } from './rules.ts';
import type { Rule } from './rule.ts';

// Takes one rule out after the other, and says whether the hunt misses it: npm run hunt:rules -- [seconds] [ids]

const [seconds = '600', ...ids] = process.argv.slice(2);
const program = fileURLToPath(new URL('../main.ts', import.meta.url));

interface Found {
  readonly law: string;
  readonly kind: string;
  readonly confirmed: boolean;
  readonly acts: number;
  readonly after: { readonly acts: number; readonly seconds: number };
}

let missed = 0;
for (const rule of rules.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
  const last = await huntWithout(rule);
  const found = last.broken.find(({ confirmed }) => confirmed);
  if (!found) missed++;
  const what = found
    ? `| \`${found.law}\` | ${found.after.acts} | ${found.after.seconds} | ${found.acts} |`
    : `| not found in ${last.acts} acts | | | |`;
  console.log(`| \`${rule.id}\` | ${rule.rule} ${what}`);
}
process.exitCode = missed > 0 ? 1 : 0;

/** In a process of its own: a source is read once. */
async function huntWithout({
  id,
  laws,
}: Rule): Promise<{ acts: number; broken: readonly Found[] }> {
  const asked = ['--without', id, '--laws', laws.join(), '--seconds', seconds];
  const args = ['--conditions=@recourse/source', program, ...asked, '--until-found', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const piece of child.stdout) text += String(piece);
  const line = text.trim().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? JSON.parse(line) : { acts: 0, broken: [] };
}
