import {
  generateKey,
  Problem,
  signerFromJwk,
  utf8,
  type EvidenceItem,
  type GeneralJwe,
  type Role,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, type ConnectedClients } from '../../tests/connected.ts';
import { FakeAppeal, kept, saltOf } from '../../tests/fake-appeal.ts';
import { appealA } from '../../tests/fake-registry.ts';
import { memorySealingKeys } from '../session/sealing-keys.ts';
import { newSealingKey } from './seal.ts';

const item = kept(utf8('payer,amount\nA,40'));
const second = kept(utf8('a second export'), saltOf('y'));

let at: ConnectedClients;
let appeal: FakeAppeal;
beforeEach(async () => {
  at = await connected();
  appeal = await FakeAppeal.open(at, [item, second]);
});

const deliver = (evidence = [item]) => at.recourse.evidence.deliver({ appeal: appealA, evidence });
const sentOps = (): string[] => at.registry.received.map(({ payload }) => payload.op);

describe('evidence goes to the reviewers on the case, and to nobody else', () => {
  it('is opened by each of two reviewers as what the statement committed to', async () => {
    const reviewers = [await appeal.reviewer(), await appeal.reviewer()];
    expect(await deliver([second, item])).toEqual({
      appeal: appealA,
      items: [1, 0],
      missing: [],
      serves: 1,
    });
    for (const { recourse } of reviewers) {
      const opened = await recourse.evidence.open(appealA);
      expect(opened).toMatchObject([
        { item: 0, class: 'payment-records', fits: true, bytes: item.source },
        { item: 1, commitment: second.opening.commitment, fits: true, bytes: second.source },
      ]);
    }
  });

  it('is sealed anew when a reviewer takes the case meanwhile', async () => {
    const reviewers = [await appeal.reviewer(), await appeal.reviewer()];
    const later = appeal.claims.pop()!;
    const usual = at.registry.handlers.get('evidence.deliver')!;
    at.registry.handlers.set('evidence.deliver', async (payload) => {
      if (appeal.claims.includes(later)) return usual(payload);
      appeal.claims.push(later);
      const issues = [{ path: 'jwe.recipients', code: 'claims-changed' }];
      throw new Problem('state-conflict', { issues });
    });
    await deliver([item, second]);
    for (const { recourse } of reviewers) {
      expect(await recourse.evidence.open(appealA)).toMatchObject([{ fits: true }, { fits: true }]);
    }
  });

  it('carries a General JWE in the shape of the wire, also for a single reviewer', async () => {
    await appeal.reviewer();
    await deliver();
    const jwe = appeal.delivered.get(0);
    expect(jwe?.recipients).toHaveLength(1);
    expect(jwe?.recipients[0]?.header).toMatchObject({
      alg: 'ECDH-ES+A256KW',
      epk: { crv: 'P-256' },
    });
    expect(Buffer.from(jwe?.protected ?? '', 'base64url').toString()).toBe('{"enc":"A256GCM"}');
    expect(JSON.stringify(at.registry.received)).not.toContain('payer,amount');
  });

  it('carries an item of 4 MiB in one call below 8 MiB', async () => {
    const large = kept(new Uint8Array(4 * 1024 * 1024).fill(7));
    appeal = await FakeAppeal.open(at, [large]);
    const { recourse } = await appeal.reviewer();
    await deliver([large]);
    const call = at.registry.received.find(({ payload }) => payload.op === 'evidence.deliver');
    expect(call?.compact.length).toBeLessThan(8 * 1024 * 1024);
    const opened = first(await recourse.evidence.open(appealA));
    expect(opened.fits && Buffer.compare(opened.bytes, large.source)).toBe(0);
  });

  it('delivers nothing while nobody has a key on the case', async () => {
    expect(await codeOf(() => deliver())).toBe('claim-missing');
  });

  it('refuses to deliver what was not committed to, before anything leaves', async () => {
    await appeal.reviewer();
    const wrongSalt = { ...second, opening: { ...second.opening, salt: saltOf('z') } };
    const wrongBytes = { ...second, source: utf8('another export') };
    const elsewhere = kept(utf8('evidence of another sanction'));
    const noSalt = { ...second, opening: { ...second.opening, salt: '' } };
    for (const bad of [wrongSalt, wrongBytes, elsewhere, noSalt]) {
      expect(await codeOf(() => deliver([item, bad]))).toBe('evidence-mismatch');
    }
    expect(sentOps()).not.toContain('evidence.deliver');
  });
});

describe('a claim counts by the key chain of the panel', () => {
  const codeWith = async (claim: string): Promise<string> => {
    appeal.claims.push(claim);
    const code = await codeOf(() => deliver());
    expect(sentOps()).not.toContain('evidence.deliver');
    return code;
  };
  const reviewerKey = () =>
    at.registry.addKey('panel', { by: appeal.chair, role: 'reviewer' as Role });

  it('refuses a claim by a platform, or by a key that the registry made up', async () => {
    expect(await codeWith(await appeal.claimBy(at.trust))).toBe('chain-invalid');
    appeal.claims.length = 0;
    const planted = await signerFromJwk(await generateKey());
    expect(await codeWith(await appeal.claimBy(planted))).toBe('chain-invalid');
    appeal.claims.length = 0;
    await at.registry.addKey('panel', { by: planted, role: 'reviewer', signer: planted });
    const unread = { ...at, recourse: at.connectAgain() };
    at = unread;
    expect(await codeWith(await appeal.claimBy(planted))).toBe('chain-invalid');
  });

  it("refuses a claim by another registry's panel", async () => {
    const elsewhere = await connected();
    const chair = await elsewhere.registry.addParty('panel', 'reviewer');
    expect(await codeWith(await appeal.claimBy(chair))).toBe('chain-invalid');
  });

  it('refuses a claim on another appeal, for another registry, or with an altered key', async () => {
    const signer = await reviewerKey();
    const other = appealA.replace(/0$/, '1');
    expect(await codeWith(await appeal.claimBy(signer, { appeal: other }))).toBe('claim-invalid');
    appeal.claims.length = 0;
    const aud = 'https://other.example';
    expect(await codeWith(await appeal.claimBy(signer, { aud }))).toBe('claim-invalid');
    appeal.claims.length = 0;
    const [header, , signature] = (await appeal.claimBy(signer)).split('.');
    const payload = (await appeal.claimBy(signer)).split('.')[1];
    expect(await codeWith([header, payload, signature].join('.'))).toBe('claim-invalid');
  });

  it('refuses a claim by a reviewer whose key was revoked meanwhile', async () => {
    const { signer } = await appeal.reviewer();
    at.registry.revoke('panel', signer.kid, { at: '2026-03-01T11:00:00Z', why: 'retired' });
    expect(await codeOf(() => deliver())).toBe('claim-invalid');
  });

  it('refuses one key under two claims, and a key that is no point of the curve', async () => {
    const signer = await reviewerKey();
    const { d: _, ...key } = await newSealingKey();
    appeal.claims.push(await appeal.claimBy(signer, { key }));
    expect(await codeWith(await appeal.claimBy(appeal.chair, { key }))).toBe('claim-invalid');
    appeal.claims.length = 0;
    const off = { ...key, y: saltOf('A') };
    expect(await codeWith(await appeal.claimBy(signer, { key: off }))).toBe('claim-invalid');
  });

  it('refuses all when one of several claims does not count', async () => {
    await appeal.reviewer();
    expect(await codeWith(await appeal.claimBy(at.trust))).toBe('chain-invalid');
  });
});

describe('a reviewer sees what was committed to, or why not', () => {
  it('names an item that is sealed to another key, and opens the rest', async () => {
    const { recourse } = await appeal.reviewer();
    await deliver([item, second]);
    const only = appeal.delivered.get(0) as GeneralJwe;
    const kid = saltOf('q');
    const recipients = only.recipients.map((recipient) => ({
      ...recipient,
      header: { ...recipient.header, kid },
    }));
    appeal.delivered.set(0, { ...only, recipients });
    expect(await recourse.evidence.open(appealA)).toMatchObject([
      { item: 0, fits: false, code: 'not-sealed-to-own-key' },
      { item: 1, fits: true },
    ]);
  });

  it('names an item that was changed on its way, or sealed in another way', async () => {
    const { recourse } = await appeal.reviewer();
    await deliver([item, second]);
    const jwe = appeal.delivered.get(0) as GeneralJwe;
    for (const over of [
      { tag: jwe.tag.replace(/^./, (char) => (char === 'A' ? 'B' : 'A')) },
      { iv: '' },
      { protected: Buffer.from('{"enc":"A256GCM","zip":"DEF"}').toString('base64url') },
    ]) {
      appeal.delivered.set(0, { ...jwe, ...over });
      const opened = await recourse.evidence.open(appealA);
      expect(opened).toMatchObject([{ fits: false, code: 'undecipherable' }, { fits: true }]);
    }
  });

  it('names an item that is not the one committed to', async () => {
    const { recourse } = await appeal.reviewer();
    await deliver([item, second]);
    appeal.delivered.set(0, appeal.delivered.get(1) as GeneralJwe);
    const opened = await recourse.evidence.open(appealA);
    expect(opened).toMatchObject([{ fits: false, code: 'evidence-mismatch' }, { fits: true }]);
    expect(first(opened).bytes).toBeUndefined();
  });

  it('believes the statement, not the commitments that the registry shows', async () => {
    const { recourse } = await appeal.reviewer();
    const forged = kept(utf8('planted by the registry'), saltOf('p'));
    appeal.shown = [forged.opening, second.opening] as readonly EvidenceItem[];
    await deliver([forged]);
    expect(await recourse.evidence.open(appealA)).toMatchObject([
      { item: 0, commitment: item.opening.commitment, fits: false, code: 'evidence-mismatch' },
    ]);
  });

  it('leaves out what was not delivered, and says when the own key is lost', async () => {
    const { recourse, signer } = await appeal.reviewer();
    expect(await recourse.evidence.open(appealA)).toEqual([]);
    const lost = at.connectAgain({
      party: 'panel',
      signers: { reviewer: signer },
      sealingKeys: memorySealingKeys(),
    });
    expect(await codeOf(() => lost.evidence.open(appealA))).toBe('sealing-key-missing');
  });
});
