import { InvalidArgumentError } from 'commander';

/** RFC 3339, or a day. */
export function parseDate(text: string): Date {
  const date = new Date(text);
  const isDate =
    /^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(date.getTime());
  if (isDate) return date;
  throw new InvalidArgumentError('It takes a time such as 2026-03-01T12:00:00Z.');
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number from 1 to 999.');
}

/** From 0, as items and leaves are counted. */
export function parseIndex(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a number from 0, as the lists show it.');
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  value,
];
