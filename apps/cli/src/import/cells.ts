import { dateForms, readDate, type ProblemIssue } from '@recourse/protocol';
import type { Column, Row } from './columns.ts';

export interface RowIssue extends ProblemIssue {
  readonly line: number;
}

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

  date(column: Column): Date | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const { at, fault } = readDate(text, this.#row.orders?.get(column));
    return at ?? this.refuse(column, fault, dateForms);
  }

  list<T extends string>(column: Column, allowed: readonly T[]): T[] | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const words = text.split(/[\s,|]+/).filter((word) => word !== '');
    const known = allowed.filter((value) => words.includes(value));
    return known.length === words.length ? known : this.refuse(column, 'not-allowed', allowed);
  }
}
