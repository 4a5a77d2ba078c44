import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rules } from './rules.ts';
import type { Rule } from './rule.ts';

// Takes one rule out after the other, and says whether the hunt misses it:
// npm run hunt:rules -- [seconds] [ids] [--seeds 5] [--first 1] [--json]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** How many seeds, one after the other */
    seeds: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const [seconds = '600', ...ids] = positionals;
const program = fileURLToPath(new URL('../main.ts', import.meta.url));

interface Found {
  readonly law: string;
  readonly kind: string;
  readonly confirmed: boolean;
  readonly acts: number;
  readonly after: { readonly acts: number; readonly seconds: number };
}

interface Run {
  readonly seed: number;
  readonly acts: number;
  readonly found: Found | undefined;
}

let missed = 0;
for (const rule of rules.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
  const runs: Run[] = [];
  for (let seed = Number(values.first); runs.length < Number(values.seeds); seed++)
    runs.push(await huntWithout(rule, seed));
  if (runs.every(({ found }) => !found)) missed++;
  const load = Math.round(loadavg()[0] ?? 0);
  console.log(values.json ? JSON.stringify({ id: rule.id, load, runs }) : lineOf(rule, runs));
}
process.exitCode = missed > 0 ? 1 : 0;

/** A row of docs/hunt.md: of the first seed that found it, and how many did. */
function lineOf({ id, rule }: Rule, runs: readonly Run[]): string {
  const finds = runs.flatMap(({ found }) => (found ? [found] : []));
  const [found] = finds;
  const share = `${finds.length} of ${runs.length}`;
  if (!found) return `| \`${id}\` | ${rule} | not found in ${runs[0]?.acts} acts | | | ${share} |`;
  const { law, after, acts } = found;
  return `| \`${id}\` | ${rule} | \`${law}\` | ${after.acts} | ${after.seconds} | ${acts} | ${share} |`;
}

/** In a process of its own: a source is read once. */
async function huntWithout({ id, laws }: Rule, seed: number): Promise<Run> {
  const asked = ['--without', id, '--laws', laws.join(), '--seconds', seconds, '--seed', `${seed}`];
  const args = ['--conditions=@recourse/source', program, ...asked, '--until-found', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const piece of child.stdout) text += String(piece);
  const line = text.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return { seed, acts: 0, found: undefined };
  const { acts, broken } = JSON.parse(line) as { acts: number; broken: readonly Found[] };
  return { seed, acts, found: broken.find(({ confirmed }) => confirmed) };
}
