import { checkEdges } from './check-edges.ts';

const problems = await checkEdges(process.cwd());
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
