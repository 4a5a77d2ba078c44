import type { Play } from './play.ts';

/** What the page has of one play. */
export interface Row {
  readonly play: Pick<Play, 'name' | 'says' | 'bound'>;
  readonly verdict: string;
  readonly gained: string;
}

const header =
  '| play | what the attacker does | bound | found by the last run |\n|---|---|---|---|\n';

/**
 * The page with the rows of what was played, in the order of `names`; other rows stay as the run before wrote them.
 * @throws Error where the page has no such table
 */
export function withRows(page: string, rows: readonly Row[], names: readonly string[]): string {
  const at = page.indexOf(header);
  if (at < 0) throw new Error('The page has no table of plays.');
  const begin = at + header.length;
  const end = page.indexOf('\n\n', begin) + 1;
  const lines = new Map(
    page
      .slice(begin, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [/^\| `([^`]+)`/.exec(line)?.[1] ?? '', line]),
  );
  for (const row of rows) lines.set(row.play.name, lineOf(row));
  const kept = names.flatMap((name) => lines.get(name) ?? []);
  return `${page.slice(0, begin)}${kept.map((line) => `${line}\n`).join('')}${page.slice(end)}`;
}

const lineOf = ({ play, verdict, gained }: Row): string =>
  `| \`${play.name}\` | ${cell(play.says)} | ${cell(play.bound)} | ${verdict}: ${cell(gained)} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
