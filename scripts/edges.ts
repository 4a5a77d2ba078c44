import { checkEdges } from './check-edges.ts';

const { problems, counts, inCycles } = await checkEdges(process.cwd());
const total = (of: 'down' | 'up'): number => counts.reduce((sum, count) => sum + count[of], 0);
const row = (name: string, ...cells: (string | number)[]): string =>
  name.padEnd(16) + cells.map((cell) => String(cell).padStart(6)).join('');

console.log(row('floor', 'files', 'down', 'up'));
for (const { name, files, down, up } of counts) console.log(row(name, files, down, up));
console.log(
  `${counts.length} floors, ${total('down')} imports down, ${total('up')} up, ${inCycles.length} floors in cycles`,
);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
