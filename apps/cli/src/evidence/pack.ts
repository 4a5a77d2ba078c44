import {
  b64u32,
  EvidenceCommitment,
  evidenceClassNames,
  isId,
  maxEvidenceItems,
  type EvidenceClass,
  type Id,
} from '@recourse/protocol';

/** One item of evidence with what opens its commitment. Whoever holds both can show what was committed to. */
export interface PackItem {
  /** Index in the statement */
  readonly item: number;
  readonly class: EvidenceClass;
  readonly commitment: string;
  /** 32 bytes as base64url */
  readonly salt: string;
  /** File with the bytes, beside `pack.json` */
  readonly file: string;
}

/** `pack.json` of a folder with the evidence of one sanction, to keep or to hand on until an appeal asks for it. */
export interface EvidencePack {
  readonly version: 1;
  readonly sanction: Id<'snc'>;
  readonly items: readonly PackItem[];
}

export const packFile = 'pack.json';

/** H("recourse/evidence/1" || salt || bytes) */
export const commitmentOf = (salt: string, bytes: Uint8Array): string =>
  new EvidenceCommitment(salt).update(bytes).digest();

/** @throws TypeError when it is no pack; the text of it is not quoted */
export function parsePack(json: unknown): EvidencePack {
  if (!isObject(json)) throw new TypeError('no pack');
  const { version, sanction, items } = json;
  const isPack = version === 1 && isId('snc', sanction) && Array.isArray(items);
  if (!isPack || items.length > maxEvidenceItems) throw new TypeError('no pack');
  return { version, sanction, items: items.map((item: unknown) => itemOf(item)) };
}

function itemOf(json: unknown): PackItem {
  if (!isObject(json)) throw new TypeError('no item');
  const { item, class: name, commitment, salt, file } = json;
  const known = evidenceClassNames.find((one) => one === name);
  const isIndex = typeof item === 'number' && Number.isInteger(item) && item >= 0;
  // A pack may come from others: a name with a path in it would read files that are none of its own.
  const isName = typeof file === 'string' && /^[\w-][\w.-]*$/.test(file);
  if (!isIndex || item >= maxEvidenceItems || known === undefined || !isName) {
    throw new TypeError('no item');
  }
  return {
    item,
    class: known,
    commitment: b64u32.parse(commitment),
    salt: b64u32.parse(salt),
    file,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
