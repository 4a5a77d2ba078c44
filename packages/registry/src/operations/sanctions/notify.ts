import {
  caseKey,
  newCaseSecret,
  toBase64url,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { countryOfPhone } from '@recourse/protocol/identifiers';
import {
  channelOf,
  expiryOf,
  noticeDueAfter,
  refuseDelivery,
} from '../../cases/notices/notice.rules.ts';
import { addressToken, isOf } from '../../cases/notices/address-token.ts';
import {
  factsOf,
  isOwn,
  type NoticeAddress,
  type Subjects,
  viewDeliveries,
} from '../../cases/notices/notify.ts';
import { settleNotice } from '../../cases/notices/settling.ts';
import { isMemberIn } from '../../cases/notices/sms-store.ts';
import {
  askDelivery,
  deliveriesOf,
  insertCode,
  type DeliveryRow,
} from '../../cases/notices/store.ts';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockRecord } from '../../records/lock-record.ts';
import type { LockedRecord } from '../../records/transition-context.ts';
import { findSanction, setNoticeDue, subjectsOf, type SanctionRow } from '../../records/store.ts';
import { noticeDueOf, resultOf } from '../../submissions/views.ts';
import { placeOf, type CaseKey } from '../../vault/vault.ts';

/** Has the registry write to every address of a record. */
export async function notify(
  ctx: CallContext,
  input: OpInput<'sanctions.notify'>,
): Promise<OpOutput<'sanctions.notify'>> {
  const { id } = await askForNotice(ctx, input);
  const row = found(await findSanction(ctx.db, id), () => true);
  return {
    ...resultOf(row, ctx.now),
    ...noticeDueOf(row),
    deliveries: viewDeliveries(await deliveriesOf(ctx.db, id)),
  };
}

type NotifyInput = OpInput<'sanctions.notify'>;

/**
 * Takes messages to every address of an own record, to be sent after the commit. An address is attacker-controlled: its
 * token has to be that of the subject, so that the registry can be made to write to nobody else.
 *
 * The submitter never sees the code of a message, and the bytes of this call are kept with no case: they hold the address.
 */
async function askForNotice(ctx: CallContext, asked: NotifyInput): Promise<SanctionRow> {
  // Evaluated before anything is locked.
  const tokens = await Promise.all(
    asked.addresses.map((address, at) => addressToken(ctx, address, `addresses.${at}`)),
  );
  const locked = found(await lockRecord(ctx, asked.sanction), isOwn(ctx));
  const row = await applyDueSteps(ctx, locked);
  const subjects = await subjectsOf(ctx.db, row.id);
  const meant = tokens.map((token) => subjects.find((subject) => isOf(token, subject)));
  const problem = refuseDelivery(
    meant.map((subject) => subject?.position),
    await factsOf(ctx, row, subjects),
  );
  if (problem) throw problem;
  const { waits, unserved } = await askEach(ctx, row, {
    language: asked.language,
    addresses: meant.map((subject, at) => ({ ...subject!, to: tokens[at]!.canonical })),
  });
  for (const position of unserved) {
    await settleNotice(ctx, { sanction: row.id, position, result: 'unsent' });
  }
  if (waits) await waitLonger(ctx, row);
  return row;
}

interface Asked {
  readonly language: string;
  readonly addresses: readonly (Pick<Subjects[number], 'position' | 'kind'> & { to: string })[];
}

/** @returns whether a message waits now, and the places of numbers in countries that get none */
async function askEach(
  ctx: CallContext,
  row: LockedRecord,
  { language, addresses }: Asked,
): Promise<{ waits: boolean; unserved: number[] }> {
  const sealing = row.key();
  let waits = false;
  const unserved: number[] = [];
  for (const { position, kind, to } of addresses) {
    const channel = channelOf(kind);
    if (!channel || (channel === 'sms' && !ctx.services.notices.sends(channel))) continue;
    const message = { sanction: row.id, position, channel, language };
    if (!(await askOne(ctx, sealing, { ...message, to }))) continue;
    if (channel === 'email' || (await isServed(ctx, to))) waits = true;
    else unserved.push(position);
  }
  return { waits, unserved };
}

/** Text messages go to the countries of members alone, and those that the operator adds: whoever pays chooses. */
async function isServed({ db, now, services }: CallContext, phone: string): Promise<boolean> {
  const country = countryOfPhone(phone);
  if (country === undefined) return false;
  return services.notices.smsCountries?.includes(country) || isMemberIn(db, country, { now });
}

/** Whoever asked in time is not withdrawn while the registry tries, nor at once where it could not. */
async function waitLonger({ db, now }: CallContext, row: SanctionRow): Promise<void> {
  if (row.notified_at || !row.notice_due_at) return;
  const due = noticeDueAfter({ dueAt: row.notice_due_at, expiresAt: expiryOf(now) });
  await setNoticeDue(db, { sanction: row.id, at: due });
}

async function askOne(
  { db, now, services }: CallContext,
  sealing: CaseKey,
  {
    to,
    ...message
  }: Pick<DeliveryRow, 'sanction' | 'position' | 'channel' | 'language'> & {
    to: string;
  },
): Promise<boolean> {
  const { sanction, position } = message;
  const code = newCaseSecret(services.random);
  const address: NoticeAddress = { to, code };
  const isNew = await askDelivery(db, {
    ...message,
    address: sealing.sealJson(address, placeOf('notice_deliveries.address', message)),
    asked_at: now,
    expires_at: expiryOf(now),
    message: toBase64url(services.random(16)),
  });
  if (isNew) await insertCode(db, { hash: caseKey(code), sanction, position, made_at: now });
  return isNew;
}
