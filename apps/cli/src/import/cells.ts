import type { ProblemIssue } from '@recourse/protocol';
import type { Column, Row } from './columns.ts';

export interface RowIssue extends ProblemIssue {
  readonly line: number;
}

const dateForm =
  /^(\d{4})-(\d\d)-(\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads the cells of one row and collects what is wrong with them, by column and code, never by value. */
export class Cells {
  readonly #row: Row;
  readonly #issues: RowIssue[];

  constructor(row: Row, issues: RowIssue[]) {
    this.#row = row;
    this.#issues = issues;
  }

  refuse(column: Column, code: string, allowed?: readonly string[]): undefined {
    this.#issues.push({ line: this.#row.line, path: column, code, ...(allowed && { allowed }) });
    return undefined;
  }

  optional(column: Column): string | undefined {
    return this.#row.values[column];
  }

  text(column: Column, longest = 512): string | undefined {
    const text = this.optional(column);
    if (text === undefined) return this.refuse(column, 'required');
    return text.length <= longest ? text : this.refuse(column, 'too-long');
  }

  oneOf<T extends string>(
    column: Column,
    allowed: readonly T[],
    code = 'not-allowed',
  ): T | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    return allowed.find((value) => value === text) ?? this.refuse(column, code, allowed);
  }

  integer(column: Column, bounds: { least: number; most: number }): number | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= bounds.least && value <= bounds.most) return value;
    return this.refuse(column, 'out-of-bounds');
  }

  /** RFC 3339 with its offset, or a day, which begins at midnight UTC. */
  date(column: Column): Date | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const parts = dateForm.exec(text);
    if (!parts) return this.refuse(column, 'not-a-date');
    const [, year, month, day] = parts.map(Number);
    const lastDay = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
    const date = new Date(text);
    const isDay = (day ?? 0) >= 1 && (day ?? 0) <= lastDay && !Number.isNaN(date.getTime());
    return isDay ? date : this.refuse(column, 'not-a-date');
  }

  list<T extends string>(column: Column, allowed: readonly T[]): T[] | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const words = text.split(/[\s,|]+/).filter((word) => word !== '');
    const known = allowed.filter((value) => words.includes(value));
    return known.length === words.length ? known : this.refuse(column, 'not-allowed', allowed);
  }
}
