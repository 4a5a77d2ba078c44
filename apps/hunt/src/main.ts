import process from 'node:process';
import { parseOptions, usage } from './options.ts';
import { rules } from './rules/rules.ts';
import { takeOut } from './rules/take-out.ts';

const options = parseOptions(process.argv.slice(2));
const without = rules.find(({ id }) => id === options?.without);
if (!options || (options.without !== undefined && !without)) {
  console.error(usage);
  process.exit(2);
}
if (without) takeOut(without);
// Everything of the registry is read afterwards.
const { run } = await import('./run.ts');
process.exitCode = await run(options, without);
