import {
  Problem,
  signCompact,
  toNumericDate,
  utf8,
  type GeneralJwe,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type Connected } from '../../tests/connected.ts';
import { FakeAppeal, kept, saltOf } from '../../tests/fake-appeal.ts';
import { now, origin, platformA, sanctionA } from '../../tests/fake-registry.ts';
import { statementOf } from '../../tests/records.ts';
import type { Recourse } from '../connect.ts';
import { newSealingKey, seal } from '../evidence/seal.ts';
import { memorySealingKeys, type SealingKeys } from '../evidence/sealing-keys.ts';

const item = 'itm_01hzy3v7q8e9k4m5n6p7r8s9t0';
const evidence = kept(utf8('payer,amount'));

let at: Connected;
let chair: Signer;
let keys: SealingKeys;
/** What the registry of the test has of the inspection */
let claim: string | undefined;
let delivered: GeneralJwe | undefined;
let dispute: string | undefined;

beforeEach(async () => {
  at = await connected();
  ({ chair } = await FakeAppeal.open(at, [evidence]));
  keys = memorySealingKeys();
  [claim, delivered, dispute] = [undefined, undefined, undefined];
  const { handlers } = at.registry;
  const { class: name, commitment } = evidence.opening;
  const inspection = { item, sanction: sanctionA, why: 'drawn' };
  const payload = statementOf({ iss: platformA, evidence: [{ class: name, commitment }] });
  const statement = await signCompact(at.trust, 'recourse-sanction+jwt', payload);
  const states = () => [{ item: 0, class: name, commitment, delivered: delivered !== undefined }];
  handlers.set('inspections.claim', ({ payload: { in: input } }) => {
    claim = (input as { claim?: string }).claim;
    const keyed = claim !== undefined;
    return { result: { ...inspection, keyed, statement, evidence: states() } };
  });
  handlers.set('inspections.list', () => ({
    result: { inspections: [{ ...inspection, ...(claim ? { claim } : {}), evidence: states() }] },
  }));
  handlers.set('inspections.deliver', ({ payload: { in: input } }) => {
    delivered = (input as { jwe: GeneralJwe }).jwe;
    return { result: { item, missing: [] } };
  });
  handlers.set('inspections.get', () => ({
    result: {
      ...inspection,
      reason: 'fraud.scam',
      statement,
      account: 'Sold.',
      evidence: states(),
    },
  }));
  handlers.set('inspections.open', () => {
    if (!delivered) throw new Problem('not-found');
    return { result: { item, place: 0, class: name, commitment, jwe: delivered } };
  });
  handlers.set('evidence.dispute', ({ payload: { in: input } }) => {
    dispute = (input as { contentKey: string }).contentKey;
    return { result: { appeal: item, item: 0 } };
  });
  handlers.set('evidence.recheck', () => ({
    result: { appeal: item, item: 0, sanction: sanctionA },
  }));
  handlers.set('evidence.disputed', () => ({
    result: { item: 0, class: name, statement, jwe: delivered!, contentKey: dispute! },
  }));
  handlers.set('evidence.settle', ({ payload: { in: input } }) => {
    const { says } = input as { says: string };
    const closedAs = says === 'does-not-fit' ? 'mismatch' : 'void';
    return { result: { appeal: item, item: 0, closedAs, recalls: 0 } };
  });
});

async function reviewer(): Promise<Recourse> {
  const signer = await at.registry.addKey('panel', { by: chair, role: 'reviewer' });
  const signers = { reviewer: signer };
  return at.connectAgain({ party: 'panel', signers, sealingKeys: keys });
}

const deliver = () => at.recourse.inspections.deliver({ item, evidence: [evidence] });

/** Sealed to the reviewer, but not what was committed to. */
async function delivers(bytes: Uint8Array): Promise<void> {
  const { d: _, ...key } = (await keys.load(item))!;
  delivered = await seal({ bytes, salt: saltOf('x') }, [key]);
}

describe('an inspection', () => {
  it('is taken with a key, delivered to it, and opened as what was committed to', async () => {
    const recourse = await reviewer();
    expect(await recourse.inspections.take()).toMatchObject({ item, keyed: true });
    expect(await deliver()).toEqual({ item, places: [0], missing: [] });
    expect(await recourse.inspections.open(item)).toMatchObject([
      { item: 0, fits: true, bytes: evidence.source },
    ]);
  });

  it('is taken with the key that was saved, so that a crash loses nothing', async () => {
    const recourse = await reviewer();
    await recourse.inspections.take();
    const saved = await keys.load(item);
    await recourse.inspections.take();
    expect(await keys.load(item)).toEqual(saved);
  });

  it('gets no evidence by a claim of a platform, or of another inspection', async () => {
    expect(await codeOf(() => deliver())).toBe('claim-missing');
    const { d: _, ...key } = await newSealingKey();
    const signed = (signer: Signer, of: string) =>
      signCompact(signer, 'recourse-inspection-claim+jwt', {
        iss: 'panel',
        aud: origin,
        item: of,
        key,
        iat: toNumericDate(now),
      });
    claim = await signed(at.trust, item);
    expect(await codeOf(() => deliver())).toBe('chain-invalid');
    const signer = await at.registry.addKey('panel', { by: chair, role: 'reviewer' });
    claim = await signed(signer, item.replace(/0$/, '1'));
    expect(await codeOf(() => deliver())).toBe('claim-invalid');
    expect(delivered).toBeUndefined();
  });

  it('gets nothing that was not committed to', async () => {
    await (await reviewer()).inspections.take();
    const wrong = { ...evidence, source: utf8('another export') };
    const sent = () => at.recourse.inspections.deliver({ item, evidence: [wrong] });
    expect(await codeOf(sent)).toBe('evidence-mismatch');
    expect(delivered).toBeUndefined();
  });
});

describe('what does not fit', () => {
  it('is disputed with the key that opens it, and another finds the same', async () => {
    const recourse = await reviewer();
    await recourse.inspections.take();
    await delivers(utf8('something else'));
    expect(await recourse.inspections.open(item)).toMatchObject([{ code: 'evidence-mismatch' }]);
    await recourse.evidence.dispute({ appeal: item, item: 0 });
    const second = await reviewer();
    expect(await second.evidence.recheck()).toMatchObject({
      says: 'does-not-fit',
      closedAs: 'mismatch',
    });
  });

  it('is not claimed of what fits, or is not there', async () => {
    const recourse = await reviewer();
    await recourse.inspections.take();
    const claims = () => recourse.evidence.dispute({ appeal: item, item: 0 });
    expect(await codeOf(claims)).toBe('evidence-unopened');
    await deliver();
    expect(await codeOf(claims)).toBe('evidence-fits');
    expect(dispute).toBeUndefined();
  });

  it('is not believed where the key opens nothing, or the bytes fit', async () => {
    const recourse = await reviewer();
    await recourse.inspections.take();
    await deliver();
    dispute = saltOf('z');
    expect(await recourse.evidence.recheck()).toMatchObject({ says: 'does-not-open' });
  });
});
