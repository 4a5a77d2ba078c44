import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Environment } from './environment.ts';
import type { Explanation } from './explain.ts';

/** What a table can show */
export type Cell = string | number | boolean | null | undefined;

type Style = Parameters<typeof styleText>[0];

/** What a person or a script sees: results on stdout, everything else on stderr. With `json`, one document on stdout. */
export class Terminal {
  readonly json: boolean;
  readonly environment: Environment;

  constructor(environment: Environment, json: boolean) {
    this.environment = environment;
    this.json = json;
  }

  /** A result: `value` as JSON, or what `print` prints for people. */
  result(value: unknown, print: () => void): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else print();
  }

  /** One of several results that come with time: a line each, of JSON or for people. */
  event(value: unknown, print: () => string): void {
    this.line(this.json ? JSON.stringify(value) : print());
  }

  line(text = ''): void {
    process.stdout.write(`${text}\n`);
  }

  /** Progress and remarks */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
    const colour = this.environment.colour.stdout;
    const table = new Table({
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
