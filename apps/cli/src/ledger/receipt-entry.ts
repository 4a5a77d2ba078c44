import {
  callsEntry,
  isJsonObject,
  openArtefact,
  openReceiptGroup,
  peekArtefact,
  ProtocolError,
  receiptGroupSchema,
  registryKeySchema,
  thumbprint,
  type Entry,
  type Json,
  type PublicJwk,
} from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { getJson } from '../get-json.ts';
import { LedgerRefusal } from './ledger-refusal.ts';
import { jwkOf, type TrustedLog } from './trusted-log.ts';

/** What a receipt promises to be in the ledger within `mmd` seconds. */
export interface PromisedEntry {
  readonly entry: Entry;
  /** Leaf hash, base64url */
  readonly leaf: string;
  readonly mmd: number | undefined;
}

/**
 * Opens a `Recourse-Receipt` header, `<index>.<path>.<group JWS>`, under a receipt key that the log key announced.
 * @throws CliError `input-invalid`; LedgerRefusal `receipt-invalid`
 */
export async function promisedEntry(receipt: string, log: TrustedLog): Promise<PromisedEntry> {
  const jws = receipt.trim().split('.').slice(2).join('.');
  const expected = { typ: 'recourse-receipt+jwt', schema: receiptGroupSchema } as const;
  const { kid } = read(() => peekArtefact(jws, expected)).jws;
  const jwk = await receiptKey(kid, log);
  const group = await refusing(() => openReceiptGroup(jws, { issuer: log.origin, jwk }));
  return { entry: callsEntry(group), leaf: group.entry, mmd: group.mmd };
}

/** Announcements are believed as far as the log key signed them. */
async function receiptKey(kid: string, { url, origin, policy }: TrustedLog): Promise<PublicJwk> {
  const { keys } = (await getJson(`${url}/.well-known/recourse`)) as { keys?: Json };
  for (const announced of Array.isArray(keys) ? keys : []) {
    const statement = isJsonObject(announced) ? announced['statement'] : undefined;
    if (typeof statement !== 'string') continue;
    const { payload } = await refusing(() =>
      openArtefact(statement, {
        typ: 'recourse-registry-key+jwt',
        schema: registryKeySchema,
        jwk: jwkOf(policy.log),
      }),
    );
    const { aud, use, jwk } = payload;
    if (aud === origin && use === 'receipt' && thumbprint(jwk) === kid) return jwk;
  }
  throw new LedgerRefusal('receipt-invalid', 'receipt');
}

async function refusing<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new LedgerRefusal('receipt-invalid', 'receipt', { cause });
  }
}

function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new CliError(
      'input-invalid',
      {
        message: 'That is no receipt.',
        next: 'Give the Recourse-Receipt header of an answer, or a file that holds it.',
      },
      { cause },
    );
  }
}
