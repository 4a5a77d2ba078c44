import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { toBase64url, utf8 } from '@recourse/protocol';
import { RegistryError } from '../kernel/errors.ts';

/**
 * Everything about a case that must be erasable is sealed under the key of that case, and that key is
 * wrapped by one that is in no database and no backup. Erasing the wrapped key erases the case, wherever
 * copies of its rows lie.
 */
export class Vault {
  readonly #wrappingKey: KeyObject;
  readonly #lookupKey: KeyObject;
  readonly #proofKey: KeyObject;
  readonly #memoryKey: KeyObject;
  readonly #maskKey: KeyObject;
  readonly #askedKey: KeyObject;
  readonly #placeKey: KeyObject;
  readonly #pageKey: KeyObject;

  /** @param master 32 bytes, kept outside the database */
  constructor(master: Uint8Array) {
    if (master.length !== 32) throw new RegistryError('configuration-invalid', 'vault key length');
    this.#wrappingKey = derive(master, 'recourse/vault/wrap/1');
    this.#lookupKey = derive(master, 'recourse/vault/lookup/1');
    this.#proofKey = derive(master, 'recourse/vault/proof/1');
    this.#memoryKey = derive(master, 'recourse/vault/memory/1');
    this.#maskKey = derive(master, 'recourse/vault/mask/1');
    this.#askedKey = derive(master, 'recourse/vault/asked/1');
    this.#placeKey = derive(master, 'recourse/vault/place/1');
    this.#pageKey = derive(master, 'recourse/vault/page/1');
  }

  createCase(sanction: string): { key: CaseKey; wrapped: Uint8Array } {
    const key = randomBytes(32);
    const place = placeOf('case_keys.wrapped', { sanction });
    return { key: new CaseKey(key), wrapped: seal(this.#wrappingKey, key, place) };
  }

  openCase(row: { readonly sanction: string; readonly wrapped: Uint8Array }): CaseKey {
    const place = placeOf('case_keys.wrapped', row);
    return new CaseKey(open(this.#wrappingKey, row.wrapped, place));
  }

  /** The key of a record's case. @throws RegistryError once the case is erased */
  keyOf(record: { readonly id: string; readonly wrapped_key: Uint8Array | null }): CaseKey {
    const { id: sanction, wrapped_key: wrapped } = record;
    if (!wrapped) throw new RegistryError('vault-sealed', 'the case was erased');
    return this.openCase({ sanction, wrapped });
  }

  /** Makes the bytes by which the database finds a token: 32 that tell nothing without this vault. */
  lookup(token: string): Buffer {
    return createHmac('sha256', this.#lookupKey).update(token).digest();
  }

  /**
   * Makes what is left of a subject when its record is erased: 32 bytes that say neither of which platform nor of which
   * token. Whoever wants to test a guess against them needs this vault, and the OPRF key for the token.
   * @param about what is remembered, and of whom
   */
  memoryOf(about: readonly string[]): Buffer {
    // None of them has a line feed: ids, codes and base64url.
    return createHmac('sha256', this.#memoryKey).update(about.join('\n')).digest();
  }

  /**
   * 32 bits to be combined by XOR with as many of one token, and with nothing else: beside its record a copy of the
   * database has no part of a token.
   */
  maskOf(place: { sanction: string; position: number; epoch: number }): number {
    const { sanction, position, epoch } = place;
    const mac = createHmac('sha256', this.#maskKey);
    return mac.update(`${sanction} ${position} ${epoch}`).digest().readUInt32BE();
  }

  /**
   * 32 bits by which a check knows a token that was asked under it before. Under another check it has another mark. Of 128
   * tokens, the most that a check has, two share one in one of 500,000 checks: then a token more may be asked.
   */
  askedMark(check: string, { epoch, token }: { epoch: number; token: string }): number {
    const mac = createHmac('sha256', this.#askedKey);
    return mac.update(`${check} ${epoch} ${token}`).digest().readInt32BE();
  }

  /** A MAC of 32 bytes of how far the doctor has come: the owner of the database cannot move it on. */
  macOfPlace(text: string): Buffer {
    return createHmac('sha256', this.#placeKey).update(text).digest();
  }

  /** Seals what a browser keeps of a page of its creator's. @param address where alone it opens again */
  sealPage(text: string, address: string): Buffer {
    return seal(this.#pageKey, utf8(text), pageAt(address));
  }

  /** @throws RegistryError for what was sealed elsewhere, or by nobody */
  openPage(sealed: Uint8Array, address: string): string {
    return open(this.#pageKey, sealed, pageAt(address)).toString('utf8');
  }

  /** A MAC of 32 bytes: what a one-time proof of an identifier is made of, so that no identifier is stored. */
  proofOf(text: string): Buffer {
    return createHmac('sha256', this.#proofKey).update(text).digest();
  }
}

/** Seals a value by a fresh key of its own. Whoever seals that key anew, for each case, shares the value. */
export function sealByItself(value: unknown, place: Place): { key: Uint8Array; sealed: Buffer } {
  const key = randomBytes(32);
  return { key, sealed: new CaseKey(key).sealJson(value, place) };
}

/** The key of one case. Salts of its ledger entries derive from it, and die with it. */
export class CaseKey {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  /** @param place where it will stand: it opens nowhere else */
  seal(bytes: Uint8Array, place: Place): Buffer {
    return seal(this.#key, bytes, place);
  }

  sealJson(value: unknown, place: Place): Buffer {
    return this.seal(utf8(JSON.stringify(value)), place);
  }

  /** @param place where it was found */
  open(sealed: Uint8Array, place: Place): Buffer {
    return open(this.#key, sealed, place);
  }

  openJson(sealed: Uint8Array, place: Place): unknown {
    return JSON.parse(this.open(sealed, place).toString('utf8'));
  }

  /** Words, as UTF-8 */
  sealText(text: string, place: Place): Buffer {
    return this.seal(utf8(text), place);
  }

  /** Opens a text; an erased one is empty. */
  openText(sealed: Uint8Array, place: Place): string {
    return sealed.length === 0 ? '' : this.open(sealed, place).toString('utf8');
  }

  /** 32 bytes as base64url, one per label */
  salt(label: string): string {
    return toBase64url(createHmac('sha256', this.#key).update(`salt:${label}`).digest());
  }
}

/** As an object: of a key in bytes, node:crypto finds out at each use that it is none, which takes longer than the use. */
const derive = (master: Uint8Array, info: string): KeyObject =>
  createSecretKey(new Uint8Array(hkdfSync('sha256', master, new Uint8Array(0), info, 32)));

/** In no table: a browser keeps it. */
const pageAt = (address: string): Place => ({ table: '', column: 'page', id: [address] });

/** AES-256-GCM: nonce (12) || tag (16) || ciphertext. The place is additional data. */
function seal(key: KeyObject, bytes: Uint8Array, place: Place): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(placeBytes(place));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function open(key: KeyObject, sealed: Uint8Array, place: Place): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch (cause) {
    throw new RegistryError('vault-sealed', 'not sealed by this key for this place', { cause });
  }
}

/** Every sealed column, with the columns that name its row. Claimed of the schema by `sealed-columns.test.ts`. */
export const sealedColumns = {
  'case_keys.wrapped': ['sanction'],
  'kept_calls.sealed': ['sanction', 'kid', 'jti'],
  'journals.sealed': ['sanction', 'holder', 'version'],
  'answers.body': ['kid', 'jti'],
  'openings.opening': ['kid', 'jti', 'position'],
  'sanctions.account': ['id'],
  'sanctions.returned': ['id'],
  'subjects.sealed': ['sanction', 'position', 'epoch'],
  'appeals.words': ['id'],
  'appeals.news': ['id'],
  'appeals.response': ['id'],
  'decisions.reasons': ['review', 'holder'],
  'deliveries.sealed': ['review', 'item', 'round'],
  'sealed_evidence.sealed': ['id'],
  'disputes.content_key': ['review', 'item', 'round'],
  'questions.text': ['id'],
  'question_answers.text': ['question', 'claimant'],
  'case_information.text': ['appeal', 'position'],
  'case_files.sealed': ['appeal', 'position'],
  'appeal_joins.words': ['appeal', 'claimant', 'ground'],
  'case_access.name': ['by_claimant', 'place'],
  'case_contacts.address': ['claimant'],
  'notice_deliveries.address': ['sanction', 'position'],
  'panel_votes.reasons': ['item', 'holder'],
} as const;

export type SealedColumn = keyof typeof sealedColumns;

/** Where a sealed value stands. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly id: readonly string[];
}

/** @param row has at least the columns that name it */
export function placeOf<C extends SealedColumn>(
  name: C,
  row: Readonly<Record<(typeof sealedColumns)[C][number], string | number>>,
): Place {
  const [table = '', column = ''] = name.split('.');
  const id = sealedColumns[name].map((key: keyof typeof row) => String(row[key]));
  return { table, column, id };
}

/** Additional data of a seal: whoever moves a value to another column, row or case makes it unreadable. */
export const placeBytes = ({ table, column, id }: Place): Uint8Array =>
  // JSON, since a quoted part cannot run into the next one.
  utf8(JSON.stringify([table, column, ...id]));
