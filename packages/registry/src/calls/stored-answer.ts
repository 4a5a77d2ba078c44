import { isOpName, mayCarry, ops, utf8, type AuthenticatedCall } from '@recourse/protocol';
import { type CaseKey, placeOf } from '../vault/vault.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import type { AnswersTable } from '../schema/calls.ts';
import type { Change } from '../commit/changes.ts';
import type { Answer } from '../commit/answer.ts';
import { assertReached } from '../commit/extent-store.ts';
import { rowIdOf, type AuditedCall } from '../commit/audit-row.ts';
import { findAnswer, findAnswerByIdem, type StoredRow } from '../commit/store.ts';

/** An answer of a mutation as it is kept for retries, with its body readable. */
export interface StoredAnswer extends Answer {
  readonly receipt: string;
  readonly inputHash: string;
  /** H(call) of the call it answered */
  readonly req: string;
  readonly sanction: string | null;
  readonly wrapped: Uint8Array | null;
}

/**
 * The body as it is kept. An answer that opens entries of a case holds their salts: sealed under the key of
 * that case, it can be read no longer than the case itself.
 */
export function keptBody(
  body: string,
  {
    changes,
    earlier,
    services,
    call,
  }: {
    services: Pick<Services, 'vault'>;
    call: AuditedCall;
    changes: readonly Change[];
    earlier?: StoredAnswer;
  },
): Pick<AnswersTable, 'sanction' | 'body'> {
  const change = changes.find(({ caseKey }) => caseKey !== undefined);
  const { sanction = null, caseKey } = earlier ? keyOf(services, earlier) : (change ?? {});
  const place = placeOf('answers.body', rowIdOf(call));
  return {
    sanction,
    body: caseKey ? caseKey.seal(utf8(body), place) : Buffer.from(body),
  };
}

/** The case whose key sealed a row, and that key; neither where nothing is sealed. */
const keyOf = (
  { vault }: Pick<Services, 'vault'>,
  { sanction, wrapped }: Pick<StoredAnswer, 'sanction' | 'wrapped'>,
): { sanction: string | null; caseKey?: CaseKey } =>
  sanction !== null && wrapped
    ? { sanction, caseKey: vault.openCase({ sanction, wrapped }) }
    : { sanction };

/**
 * The answer that a call got, on whichever server; undefined when there is none, or its case was erased.
 * @throws Problem `recovering`: what an old copy of the database has may have been erased since
 */
export async function storedAnswerOf(
  services: Pick<Services, 'db' | 'vault' | 'ledger'>,
  call: AuditedCall,
): Promise<StoredAnswer | undefined> {
  const { db, ledger } = services;
  const row = await findAnswer(db, rowIdOf(call));
  await assertReached(db, ledger, call.payload.op);
  return opened(services, row);
}

/**
 * The answer that an earlier call of the same party and operation got under the same idem. A key that may not
 * carry the operation gets none: it would read what another role was answered, with a receipt of its own for it.
 */
export async function storedAnswerOfIdem(
  db: Db,
  services: Pick<Services, 'vault'>,
  call: AuthenticatedCall,
): Promise<StoredAnswer | undefined> {
  const { iss, op, idem } = call.payload;
  if (idem === undefined || !isOpName(op) || !mayCarry(ops[op], call.key)) return undefined;
  return opened(services, await findAnswerByIdem(db, { iss, op, idem }));
}

function opened(
  services: Pick<Services, 'vault'>,
  row: StoredRow | undefined,
): StoredAnswer | undefined {
  if (!row || (row.sanction !== null && row.wrapped === null)) return undefined;
  const { caseKey } = keyOf(services, row);
  const bytes = caseKey ? caseKey.open(row.body, placeOf('answers.body', row)) : row.body;
  return {
    status: row.status,
    contentType: row.status === 200 ? 'application/json' : 'application/problem+json',
    body: Buffer.from(bytes).toString('utf8'),
    receipt: row.receipt,
    inputHash: row.input_hash,
    req: row.req,
    sanction: row.sanction,
    wrapped: row.wrapped,
  };
}
