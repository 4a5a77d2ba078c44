import { styleText } from 'node:util';
import TextTable from 'cli-table3';
import type { Environment } from './environment.ts';
import type { Explanation } from './explain.ts';

/** A value that a table can show */
export type Cell = string | number | boolean | null | undefined;

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
/** Lines and tables, one below the other. What is false or absent is left out. */
export type Output = string | Table | false | null | undefined | readonly Output[];

type Style = Parameters<typeof styleText>[0];

/**
 * Output to a person or a script: results on stdout, everything else on stderr. With `json`, one document on stdout.
 */
export class Terminal {
  readonly json: boolean;
  readonly environment: Environment;

  constructor(environment: Environment, json: boolean) {
    this.environment = environment;
    this.json = json;
  }

  /** A result: `value` as JSON, or what people are shown of it. */
  result(value: unknown, print: () => Output): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else this.show(print());
  }

  show(output: Output): void {
    if (typeof output === 'string') this.line(output);
    else if (output && 'head' in output) this.#table(output);
    else if (output) for (const line of output) this.show(line);
  }

  /** One of several results that come with time: a line each, of JSON or for people. */
  event(value: unknown, print: () => string): void {
    this.line(this.json ? JSON.stringify(value) : print());
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Progress and remarks */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  #table({ head, rows }: Table): void {
    const colour = this.environment.colour.stdout;
    const table = new TextTable({
      head: head.some((title) => title !== '') ? [...head] : [],
      chars: frameless,
      style: { head: colour ? ['bold'] : [], border: [], 'padding-left': 0, 'padding-right': 2 },
    });
    for (const row of rows) table.push(row.map((cell) => printable(cell)));
    this.line(table.toString());
  }

  styled(style: Style, text: string): string {
    return this.environment.colour.stdout
      ? styleText(style, text, { validateStream: false })
      : text;
  }

  failure(explanation: Explanation): void {
    if (this.json) {
      process.stdout.write(`${JSON.stringify({ error: explanation }, null, 2)}\n`);
      return;
    }
    const { code, message, next, issues } = explanation;
    const red = (text: string): string =>
      this.environment.colour.stderr ? styleText('red', text, { validateStream: false }) : text;
    this.note(`${red('error')} ${message} (${code})`);
    for (const issue of issues) this.note(`  ${issue.path || 'input'}: ${issue.code}`);
    this.note(`next: ${next}`);
  }
}

export const table = (head: Table['head'], rows: Table['rows']): Table => ({ head, rows });

/** Facts about one thing. */
export const facts = (named: Readonly<Record<string, Cell>>): Table =>
  table(['', ''], Object.entries(named));

type CellOf<T> = { [K in keyof T & string]: T[K] extends Cell ? K : never }[keyof T & string];
type TitledColumns<T> = Readonly<Record<string, CellOf<T> | ((item: T) => Cell)>>;

/** A row for each item. A column is a member of that name, or has a title and says which member, or what, it shows. */
export function rowsOf<T extends object>(
  items: readonly T[],
  ...columns: readonly (CellOf<T> | TitledColumns<T>)[]
): Table {
  const titled = columns.flatMap((column) =>
    Object.entries<TitledColumns<T>[string]>(
      typeof column === 'string' ? { [column]: column } : column,
    ),
  );
  return {
    head: titled.map(([title]) => title),
    rows: items.map((item) =>
      titled.map(([, cell]) => (typeof cell === 'string' ? (item[cell] as Cell) : cell(item))),
    ),
  };
}

/** Names of other parties are text that others chose: control characters would steer the terminal. */
export const printable = (value: Cell): string => String(value ?? '').replace(/\p{C}/gu, '');

/** Words of other people over several lines: the lines stay. */
export const printableText = (text: string): string =>
  text
    .split('\n')
    .map((line) => printable(line))
    .join('\n');

const frameless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
