import { faultsOf, proseOf } from './prose/pages.ts';

/**
 * `node scripts/prose.ts` counts what is too long in each page and public docstring, `… <file> <file>` shows them with line
 * numbers, and `… --longest 10` the ten longest sentences of all.
 */
const named = process.argv.slice(2);
const [first, count] = named;
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
  const pages = named.map((path) => {
    const prose = all.find((one) => one.path === path);
    if (prose === undefined) throw new Error(`${path} is no page and has no public docstring`);
    return prose;
  });
  for (const prose of pages) {
    for (const { line, text } of faultsOf(prose)) {
      console.log(`${prose.path}:${line}  ${text}`);
      process.exitCode = 1;
    }
  }
}
