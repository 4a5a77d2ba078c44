import { openArtefact, withdrawalSchema } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, type ConnectedClients } from '../../tests/connected.ts';
import { appealA, origin, platformA, sanctionA } from '../../tests/fake-registry.ts';

const result = { appeal: appealA, state: 'open', recalls: 0 };

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
  at.registry.handlers.set('appeals.respond', () => ({ result }));
});

describe('a platform answers an appeal with a trust key', () => {
  it('stands by its sanction, in words', async () => {
    expect(await at.recourse.appeals.stand({ appeal: appealA, text: 'See item 0.' })).toEqual(
      result,
    );
    const call = first(at.registry.received);
    expect(call.payload.in).toEqual({ appeal: appealA, stand: { text: 'See item 0.' } });
    expect(call.key.kid).toBe(at.trust.kid);
  });

  it('concedes by a signed withdrawal', async () => {
    await at.recourse.appeals.concede({
      appeal: appealA,
      sanction: sanctionA,
      cause: 'mistaken-identity',
    });
    const { appeal, concede } = first(at.registry.received).payload.in as Record<string, string>;
    expect(appeal).toBe(appealA);
    const { payload } = await openArtefact(concede ?? '', {
      typ: 'recourse-withdrawal+jwt',
      schema: withdrawalSchema,
      jwk: at.trust.publicJwk,
    });
    expect(payload).toMatchObject({
      iss: platformA,
      aud: origin,
      sub: sanctionA,
      cause: 'mistaken-identity',
    });
  });

  it('does neither with a service key alone', async () => {
    const { appeals } = at.connectAgain({ signers: { service: at.service } });
    const order = { appeal: appealA, sanction: sanctionA, cause: 'error' } as const;
    expect(await codeOf(() => appeals.concede(order))).toBe('signer-missing');
    expect(await codeOf(() => appeals.stand({ appeal: appealA, text: 'No.' }))).toBe(
      'signer-missing',
    );
  });
});
