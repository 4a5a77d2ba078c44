import { faultsOf, proseOf } from './prose/pages.ts';

/**
 * `node scripts/prose.ts` counts what is too long in each page and public docstring, `… <file>` shows it with line numbers,
 * and `… --longest 10` the ten longest sentences of all.
 */
const [first, count] = process.argv.slice(2);
const all = proseOf(process.cwd());

if (first === '--longest') {
  const sentences = all.flatMap(({ path, sentences }) =>
    sentences.map((sentence) => ({ path, ...sentence })),
  );
  const longest = sentences.toSorted((a, b) => b.words - a.words).slice(0, Number(count ?? 10));
  for (const { path, line, words, text } of longest)
    console.log(`${words} words  ${path}:${line}  ${text}`);
} else if (first === undefined) {
  for (const prose of all) {
    const { length } = faultsOf(prose);
    if (length > 0) console.log(`${String(length).padStart(5)}  ${prose.path}`);
  }
} else {
  const prose = all.find(({ path }) => path === first);
  if (prose === undefined) throw new Error(`${first} is no page and has no public docstring`);
  const faults = faultsOf(prose);
  for (const { line, text } of faults) console.log(`${first}:${line}  ${text}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
