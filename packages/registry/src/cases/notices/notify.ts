import {
  caseKey,
  newCaseSecret,
  toBase64url,
  toTimestamp,
  type IdentifierKind,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { canonicalize, IdentifierError } from '@recourse/protocol/identifiers';
import { tokenLookups } from '../token-lookups.ts';
import { type CaseKey, placeOf } from '../../vault/vault.ts';
import type { CallContext } from '../../context/context.ts';
import { applyDueSteps, recordVisible } from '../../records/apply-due-steps.ts';
import { standingOf, visibleFromOf } from '../../records/record.ts';
import { invalid, found } from '../../kernel/refusal.ts';
import { inHand, lockRecord } from '../../records/lock-record.ts';
import { subjectsOf, type SanctionRow, setNoticeDue } from '../../records/store.ts';
import {
  channelOf,
  expiryOf,
  noticeDueAfter,
  refuseDelivery,
  refuseStated,
  type NoticeFacts,
} from './notice.rules.ts';
import { askDelivery, deliveriesOf, insertCode, stateOf, type DeliveryRow } from './store.ts';
import { noteStated } from './noting.ts';

/** What is sealed of a message: where it goes, and the code that its reader opens the case by. */
export interface NoticeAddress {
  readonly to: string;
  readonly code: string;
}

type NotifyInput = OpInput<'sanctions.notify'>;
type Subjects = Awaited<ReturnType<typeof subjectsOf>>;

/**
 * Takes messages to every address of an own record, to be sent after the commit. An address is attacker-controlled: its
 * token has to be that of the subject, so that the registry can be made to write to nobody else.
 *
 * The submitter never sees the code of a message, and the bytes of this call are kept with no case: they hold the address.
 */
export async function askForNotice(ctx: CallContext, asked: NotifyInput): Promise<SanctionRow> {
  // Evaluated before anything is locked.
  const tokens = await tokensOf(ctx, asked);
  const locked = found(await lockRecord(ctx, asked.sanction), isOwn(ctx));
  const row = await applyDueSteps(ctx, locked);
  const subjects = await subjectsOf(ctx.db, row.id);
  const meant = tokens.map((token) => subjects.find((subject) => isOf(token, subject)));
  const problem = refuseDelivery(
    meant.map((subject) => subject?.position),
    await factsOf(ctx, row, subjects),
  );
  if (problem) throw problem;
  const sealing = row.key();
  let waits = false;
  for (const [at, { position, kind }] of meant.filter((one) => one !== undefined).entries()) {
    const channel = channelOf(kind);
    if (!channel || (channel === 'sms' && !ctx.services.notices.sends(channel))) continue;
    const message = { sanction: row.id, position, channel, language: asked.language };
    const to = tokens[at]?.canonical ?? '';
    if (await askOne(ctx, sealing, { ...message, to })) waits = true;
  }
  if (waits) await waitLonger(ctx, row);
  return row;
}

const isOwn =
  ({ caller: { party } }: CallContext) =>
  (row: SanctionRow): boolean =>
    row.party === party;

interface AddressToken {
  readonly kind: IdentifierKind;
  readonly canonical: string;
  readonly lookups: Awaited<ReturnType<typeof tokenLookups>>;
}

const isOf = ({ kind, lookups }: AddressToken, subject: Subjects[number]): boolean =>
  kind === subject.kind &&
  lookups.some(
    ({ lookup, epoch }) =>
      epoch === subject.epoch && Buffer.from(lookup).equals(Buffer.from(subject.lookup)),
  );

/** Addresses in canonical form, with their tokens. */
const tokensOf = ({ services }: CallContext, { addresses }: NotifyInput): Promise<AddressToken[]> =>
  Promise.all(
    addresses.map(async (address, at) => {
      const kind = address.includes('@') ? 'email' : 'phone';
      const canonical = canonicalForm(kind, address, at);
      return { kind, canonical, lookups: await tokenLookups(services, { kind, canonical }) };
    }),
  );

function canonicalForm(kind: IdentifierKind, address: string, at: number): string {
  try {
    return canonicalize(kind, address);
  } catch (error) {
    if (error instanceof IdentifierError) throw invalid(`addresses.${at}`, error.code);
    throw error;
  }
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

/** Records that the submitter told the creator itself, and marks it so. */
export async function stateNotice(
  ctx: CallContext,
  stated: OpInput<'sanctions.stateNotice'>,
): Promise<SanctionRow> {
  const { db, now } = ctx;
  const locked = found(await lockRecord(ctx, stated.sanction), isOwn(ctx));
  const row = await applyDueSteps(ctx, locked);
  const facts = await factsOf(ctx, row, await subjectsOf(db, row.id));
  const problem = refuseStated(stated, facts);
  if (problem) throw problem;
  const noted = inHand(ctx, await noteStated(ctx, row, now));
  const { channel, language, sentAt } = stated;
  const detail = { channel, language, sentAt };
  await noted.note({ event: 'notice-stated', entry: 'notice-stated', detail });
  const answers = visibleFromOf(noted);
  if (answers && answers <= now) await recordVisible(noted, answers);
  row.retain();
  return noted;
}

async function factsOf(
  { db, now, services }: CallContext,
  row: SanctionRow,
  subjects: Subjects,
): Promise<NoticeFacts> {
  const deliveries = await deliveriesOf(db, row.id);
  return {
    now,
    standing: standingOf(row, now),
    submittedAt: row.submitted_at,
    statedAt: row.stated_at,
    subjects: subjects.map(({ position, kind, detached_at: detached }) => {
      const delivery = deliveries.find((one) => one.position === position);
      return {
        position,
        kind,
        detached: detached !== null,
        delivery: delivery && stateOf(delivery),
      };
    }),
    sends: (channel) => services.notices.sends(channel),
  };
}

type Deliveries = OpOutput<'sanctions.notify'>['deliveries'];

/** What the registry wrote to whom, and what came of it. */
export const deliveriesIn = async (
  { db }: Pick<CallContext, 'db'>,
  sanction: string,
): Promise<Deliveries> =>
  (await deliveriesOf(db, sanction)).map((row) => {
    const at = row.bounced_at ?? row.result_at;
    return {
      index: row.position,
      channel: row.channel,
      state: stateOf(row),
      ...(at ? { at: toTimestamp(at) } : {}),
    };
  });
