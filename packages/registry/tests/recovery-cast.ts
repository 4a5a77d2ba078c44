import { entryLeafHash, toNumericDate, type Id } from '@recourse/protocol';
import type { NoteSigner } from '@recourse/ledger';
import { type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { eraseAsLogged } from '../src/retention/erasure-store.ts';
import { lift, suspend } from '../src/records/transition.ts';
import { newCase, type TestCase } from './appeals-harness.ts';
import { list, resultOf, subject } from './checks-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { addKey } from './parties-fixtures.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';
import {
  acknowledge,
  act,
  recallsOf,
  tell,
  tellAgain,
  type ToldRecord,
} from './recalls-fixture.ts';
import { dumpOf, filesOf, logAndSign, type OldDump } from './recovery-fixture.ts';
import { withdraw } from './sanctions-harness.ts';

/** Sanctions of which everything happens after the copy of the database was made, unless it says otherwise. */
export interface Cast extends OldDump {
  readonly live: TestRegistry;
  readonly withdrawn: ToldRecord;
  /** Told to Market, then withdrawn */
  readonly toldLater: ToldRecord;
  readonly acknowledged: ToldRecord;
  /** Told to Market, and live */
  readonly told: ToldRecord;
  /** Withdrawn just before the copy, logged just after */
  readonly waiting: ToldRecord;
  /** Suspended just before it, logged just after */
  readonly paused: ToldRecord;
  readonly appealed: TestCase;
  /** Appealed before the copy, then reversed */
  readonly conceded: TestCase;
  readonly amended: ToldRecord;
  readonly suspended: ToldRecord;
  readonly reinstated: ToldRecord;
  readonly bySuspect: Id<'snc'>;
  readonly erased: ToldRecord;
  readonly notified: Id<'snc'>;
  /** Submitted after the copy, told, and withdrawn */
  readonly lost: ToldRecord;
  /** Of Harbour, revoked as stolen, and retired */
  readonly stolenKid: string;
  readonly newKid: string;
}

/** A registry that is copied and goes on; and the files of its log, signed. */
export async function castOf(live: TestRegistry): Promise<Cast> {
  const signer = await newSigner();
  const before = await beforeDump(live, signer);
  const dump = await dumpOf(live);
  const after = await afterDump(live, before);
  const outside = await logAndSign(live, signer);
  const files = await filesOf(live);
  return { live, dump, signer, outside, files, ...before, ...after };
}

async function beforeDump(live: TestRegistry, signer: NoteSigner) {
  const { harbour } = live.parties;
  const newRecord = (): Promise<ToldRecord> => tell(live);
  const bySuspect = await listBy(live, harbour.trust2);
  const cast = {
    withdrawn: await newRecord(),
    toldLater: await newRecord(),
    acknowledged: await newRecord(),
    told: await newRecord(),
    waiting: await newRecord(),
    amended: await newRecord(),
    suspended: await newRecord(),
    reinstated: await newRecord(),
    erased: await newRecord(),
    paused: await newRecord(),
    appealed: await newCase(live),
    conceded: await newCase(live),
    bySuspect,
    notified: await unnotified(live),
  };
  await appeal(live, cast.conceded);
  resultOf(await withdraw(live, cast.erased.sanction));
  await logAndSign(live, signer);
  resultOf(await withdraw(live, cast.waiting.sanction));
  await relieve(live, cast.paused);
  return cast;
}

async function afterDump(live: TestRegistry, cast: DumpFacts) {
  const { harbour, market } = live.parties;
  resultOf(await withdraw(live, cast.withdrawn.sanction));
  await tellAgain(live, market, cast.toldLater.token);
  resultOf(await withdraw(live, cast.toldLater.sanction));
  resultOf(await withdraw(live, cast.acknowledged.sanction));
  await acknowledgeLast(live, cast.acknowledged);
  await tellAgain(live, market, cast.told.token);
  await appeal(live, cast.appealed);
  resultOf(await withdraw(live, cast.conceded.sanction));
  await change(live, cast);
  await erase(live, cast.erased);
  await notifyNow(live, cast.notified);
  const lost = await tell(live);
  resultOf(await withdraw(live, lost.sanction));
  const stolenKid = harbour.trust2.kid;
  const since = toNumericDate(new Date(live.now().getTime() - 1_800_000));
  const revocation = { kid: stolenKid, why: 'compromised', since } as const;
  resultOf(await live.call(harbour.admin, 'keys.revoke', revocation));
  const suspension = { party: platformId(market), what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(live, 'platforms.suspend', suspension));
  const { kid: newKid } = await addKey(live, harbour.admin, { role: 'service' });
  return { lost, stolenKid, newKid };
}

async function listBy(live: TestRegistry, key: TestPlatform['trust']): Promise<Id<'snc'>> {
  const { harbour } = live.parties;
  return (await list(
    live,
    { ...harbour, trust: key },
    { subjects: [subject('domain')] },
  )) as Id<'snc'>;
}

async function unnotified(live: TestRegistry): Promise<Id<'snc'>> {
  return (await newCase(live, { notify: false, told: [] })).sanction;
}

const notifyNow = (live: TestRegistry, sanction: Id<'snc'>): Promise<string[]> =>
  live.deliver(sanction);

async function acknowledgeLast(live: TestRegistry, { sanction }: ToldRecord): Promise<void> {
  const recall = (await recallsOf(live, sanction)).at(-1)!;
  resultOf(await acknowledge(live, recall.id));
}

async function appeal(live: TestRegistry, { key }: TestCase): Promise<void> {
  const words = 'I only shared a screenshot of it.';
  const input = { key, ground: 'disproportionate', words, language: 'en' } as const;
  const answer = await live.caseCall('case.appeal', input);
  if (answer.status !== 200) throw new Error(answer.raw.body);
}

type DumpFacts = Awaited<ReturnType<typeof beforeDump>>;

async function change(live: TestRegistry, facts: DumpFacts): Promise<void> {
  await relieve(live, facts.suspended);
  await relieve(live, facts.reinstated);
  await act(live, facts.reinstated.sanction, (ctx, record) =>
    lift(ctx, record, { causes: ['relief'], at: live.now() }),
  );
  await act(live, facts.amended.sanction, (_, record) =>
    record.transition({
      happened: 'amended',
      event: 'amended',
      at: live.now(),
      entry: { type: 'sanction-amended' },
      tell: 'sanction-amended',
    }),
  );
}

async function relieve(live: TestRegistry, { sanction }: ToldRecord): Promise<void> {
  await act(live, sanction, (ctx, record) =>
    suspend(ctx, record, { cause: 'relief', since: live.now() }),
  );
}

/** Before its time: as due work will, which the registry leaves to nobody else. */
export async function erase(live: TestRegistry, { sanction }: ToldRecord): Promise<void> {
  const leaf = await act(live, sanction, async (ctx, record) => {
    await record.note({ entry: 'erased', detail: {} });
    return entryLeafHash(ctx.changes.list.at(-1)!.entry);
  });
  await eraseAsLogged(live.ownerDb, { sanction, at: live.now(), leaf });
}
