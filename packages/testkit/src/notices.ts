import { caseKey } from '@recourse/protocol';
import { deliverNotices, placeOf, type Services } from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import { newSecret } from './case-proofs.ts';

const hoursMs = 3_600_000;

/** Messages that wait, as `sanctions.notify` leaves them behind, handed in at once. */
export async function deliverTo(
  services: Services,
  notice: { sanction: string; at: Date; positions: readonly number[] | undefined },
): Promise<string[]> {
  const { db, vault } = services;
  const { sanction, at } = notice;
  const subjects = await db
    .selectFrom('subjects')
    .select('position')
    .distinct()
    .where('sanction', '=', sanction)
    .orderBy('position')
    .execute();
  const wrapped = await db
    .selectFrom('case_keys')
    .selectAll()
    .where('sanction', '=', sanction)
    .executeTakeFirstOrThrow();
  const key = vault.openCase(wrapped);
  const codes: string[] = [];
  for (const position of notice.positions ?? subjects.map((subject) => subject.position)) {
    const code = newSecret();
    codes.push(code);
    const address = { to: `subject-${position}@mail.example`, code };
    const message = { sanction, position, channel: 'email', language: 'en' } as const;
    await db
      .insertInto('notice_deliveries')
      .values({
        ...message,
        address: key.sealJson(address, placeOf('notice_deliveries.address', message)),
        asked_at: at,
        expires_at: new Date(at.getTime() + 72 * hoursMs),
        retry_at: at,
        message: randomBytes(16).toString('base64url'),
        result: null,
        result_at: null,
      })
      .execute();
    await db
      .insertInto('case_codes')
      .values({ hash: caseKey(code), sanction, position, made_at: at })
      .execute();
  }
  await deliverNotices(services);
  return codes;
}
