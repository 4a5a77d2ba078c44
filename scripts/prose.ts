import { faultsOf, proseOf } from './prose/pages.ts';

/**
 * `npm run prose` shows what is too long in every page and public docstring, with line numbers, and nothing where all is
 * well. `-- <file> <file>` reads these alone; `-- --longest 10` prints the ten longest sentences of all.
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
} else {
  const pages = named.map((path) => {
    const prose = all.find((one) => one.path === path);
    if (prose === undefined) throw new Error(`${path} is no page and has no public docstring`);
    return prose;
  });
  for (const prose of first === undefined ? all : pages) {
    for (const { line, text } of faultsOf(prose)) {
      console.log(`${prose.path}:${line}  ${text}`);
      process.exitCode = 1;
    }
  }
}
