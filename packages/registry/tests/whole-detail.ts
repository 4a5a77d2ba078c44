import { readFileSync } from 'node:fs';
import { entryTable, isEntryType, type Json } from '@recourse/protocol';

type Detail = Readonly<Record<string, Json>>;

const path = new URL('../../protocol/vectors/entries.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as {
  entry: string;
  opening?: { detail?: Detail };
}[];

const logged = new Map<string, Detail>(
  vectors.toReversed().map(({ entry, opening }) => {
    const { type, detail = {} } = JSON.parse(entry) as { type: string; detail?: Detail };
    return [type, opening?.detail ?? detail];
  }),
);

/** A detail with all that its type has to have, as a registry wrote it once, but for what is said of it here. */
export function wholeDetail(type: string, detail: Detail): Detail {
  if (!isEntryType(type)) return detail;
  const shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>> =
    entryTable[type].detail.shape;
  const needed = Object.entries(logged.get(type) ?? {}).filter(
    ([name]) => shape[name]?.safeParse(undefined).success === false,
  );
  return { ...Object.fromEntries(needed), ...detail };
}
