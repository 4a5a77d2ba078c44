import { signCompact, toNumericDate, type ArtefactType } from '@recourse/protocol';
import {
  random32,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';

type Json = Readonly<Record<string, unknown>>;

/** A call as an attacker builds it: any operation, any input, any member of the payload, any type. */
export function rawCall(
  registry: TestRegistry,
  key: Pick<TestKey, 'party' | 'signer'>,
  call: Json & { op: string; typ?: ArtefactType },
): Promise<string> {
  const { typ = 'recourse-call+jwt', ...payload } = call;
  const iat = toNumericDate(registry.now());
  const whole = { iss: key.party, aud: testOrigin, iat, exp: iat + 120, jti: random32(), in: {} };
  return signCompact(key.signer, typ, { ...whole, ...payload });
}

/** Signs and sends it to the path of its own operation. */
export async function sendRaw(
  registry: TestRegistry,
  key: TestKey,
  call: Json & { op: string },
): Promise<TestAnswer> {
  return registry.send(call.op, await rawCall(registry, key, call));
}

/** An artefact with another header or payload text than its signer would write, and a good signature. */
export async function signText(
  key: Pick<TestKey, 'signer'>,
  parts: { header: string; payload: string },
): Promise<string> {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  const input = `${part(parts.header)}.${part(parts.payload)}`;
  const signature = await key.signer.sign(Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

export const payloadOf = (compact: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(compact.split('.')[1]!, 'base64url').toString('utf8'));

export const tables = [
  'parties',
  'party_groups',
  'holders',
  'affiliations',
  'invites',
  'keys',
  'enrolments',
  'proposals',
  'audit_groups',
  'answers',
  'ledger_pending',
  'openings',
  'refusals',
  'sanctions',
  'case_keys',
  'kept_calls',
  'subjects',
  'submitter_subjects',
  'ends',
  'suspensions',
  'sanction_events',
  'checks',
  'disclosures',
  'matches',
  'recalls',
  'registry_facts',
] as const;

/** Every row of every table as text, so that a change of any column shows, as does an added row. */
export async function contents(registry: TestRegistry): Promise<Record<string, string[]>> {
  const read = tables.map(async (table) => {
    const { rows } = await sql<{
      row: string;
    }>`select t::text as row from ${sql.table(table)} t order by 1`.execute(registry.ownerDb);
    return [table, rows.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** `code` or `code/issue` of a problem, `200` of an answer. */
export function outcome({ status, body }: TestAnswer): string {
  if (status === 200) return '200';
  const [, code = ''] = String(body.type).split('/problems/');
  return body.issues?.[0] ? `${code}/${body.issues[0].code}` : code;
}
