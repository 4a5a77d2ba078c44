import { checkEdges } from './check-edges.ts';
import type { HouseCheck } from './check-floors.ts';

const { problems, houses } = await checkEdges(process.cwd());
const row = (name: string, ...cells: (string | number)[]): string =>
  name.padEnd(16) + cells.map((cell) => String(cell).padStart(6)).join('');

// `--floors` shows them; a check is silent where all is well.
if (process.argv.includes('--floors')) for (const house of houses) say(house);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

function say({ root, counts, inCycles }: HouseCheck): void {
  const total = (way: 'down' | 'up'): number => counts.reduce((sum, count) => sum + count[way], 0);
  console.log(`\n${row('floor', 'files', 'down', 'up')}`);
  for (const { name, files, down, up } of counts) console.log(row(name, files, down, up));
  console.log(
    `${root}: ${counts.length} floors, ${total('down')} imports down, ${total('up')} up, ${inCycles.length} floors in cycles`,
  );
}
