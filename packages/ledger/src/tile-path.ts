import { LedgerError } from './errors.ts';
import { assertSize } from './size.ts';
import { tileWidth } from './tile.ts';

/** A tile of the tree, or the bundle of the entries below a tile of level 0; `width` 256 is the full one. */
export interface TilePath {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

const longestPath = 64;
const grammar = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/;

/**
 * `tile/<L>/<N>[.p/<W>]` below the prefix of a log: index 1234067 is `x001/x234/067` (tlog-tiles, "Merkle Tree").
 * @throws LedgerError `path-malformed`
 */
export function tilePath({ level, index, width }: TilePath): string {
  const inRange =
    (level === 'entries' || isWithin(level, 0, 63)) &&
    isWithin(index, 0, Number.MAX_SAFE_INTEGER) &&
    isWithin(width, 1, tileWidth);
  if (!inRange) throw new LedgerError('path-malformed', 'no such tile');
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g)!;
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  const suffix = width === tileWidth ? '' : `.p/${width}`;
  return `tile/${level}/${path}${suffix}`;
}

/**
 * Reads an attacker-controlled path: one tile has one path.
 * @throws LedgerError `path-malformed`, or `size-invalid` for an index beyond 2^53 - 1
 */
export function parseTilePath(path: string): TilePath {
  const match = path.length > longestPath ? null : grammar.exec(path);
  if (match === null) throw new LedgerError('path-malformed', 'not the path of a tile');
  const [, level, groups, partial] = match;
  const index = Number(groups!.replaceAll(/[x/]/g, ''));
  assertSize(index);
  const parsed: TilePath = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: partial === undefined ? tileWidth : Number(partial),
  };
  // Leading zeroes and `.p/256` are second spellings.
  if (tilePath(parsed) !== path) throw new LedgerError('path-malformed', 'not the path of a tile');
  return parsed;
}

const isWithin = (value: number, least: number, most: number) =>
  Number.isSafeInteger(value) && value >= least && value <= most;
