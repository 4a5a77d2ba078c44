import { LedgerError, type LedgerErrorCode } from './errors.ts';

/** @throws LedgerError `size-invalid` unless a whole number from 0 to 2^53 - 1 */
export function assertSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new LedgerError('size-invalid', 'no whole number from 0 to 2^53 - 1');
  }
}

/**
 * ASCII decimal without leading zeroes: attacker-controlled, one spelling for a number.
 * @throws LedgerError `size-invalid` from 2^53 on, `code` for anything that is no such number
 */
export function parseDecimal(text: string, code: LedgerErrorCode): number {
  if (!/^(?:0|[1-9][0-9]*)$/.test(text)) throw new LedgerError(code, 'not a decimal number');
  const value = text.length > longestNumber ? Number.POSITIVE_INFINITY : Number(text);
  assertSize(value);
  return value;
}

/** Digits of 2^53 - 1. */
const longestNumber = 16;
