import { thumbprint, toBase64url, utf8, type SealingKey } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { FakeAppeal, kept, saltOf } from '../../tests/fake-appeal.ts';
import { appealA, sanctionA } from '../../tests/fake-registry.ts';
import { contentKeyOf, openWithContentKey } from './content-key.ts';
import { newSealingKey, seal } from './seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';

const publicOf = ({ kty, crv, x, y }: PrivateSealingKey): SealingKey => ({ kty, crv, x, y });
const item = kept(utf8('payer,amount'));

describe('the content key of a sealed item', () => {
  it('opens what its reviewer can open, and is none for anybody else', async () => {
    const keys = [await newSealingKey(), await newSealingKey()];
    const jwe = await seal({ bytes: item.source, salt: item.opening.salt }, keys.map(publicOf));
    const found = await Promise.all(
      keys.map((key) => contentKeyOf(jwe, key, thumbprint(publicOf(key)))),
    );
    expect(found[0]).toBeDefined();
    expect(found[1]).toBe(found[0]);
    const opened = await openWithContentKey(jwe, found[0]!);
    expect(opened).toMatchObject({ salt: item.opening.salt });
    expect(opened !== 'undecipherable' && Buffer.compare(opened.bytes, item.source)).toBe(0);
    const stranger = await newSealingKey();
    expect(await contentKeyOf(jwe, stranger, thumbprint(publicOf(stranger)))).toBeUndefined();
    expect(await contentKeyOf(jwe, stranger, thumbprint(publicOf(keys[0]!)))).toBeUndefined();
    expect(await openWithContentKey(jwe, toBase64url(new Uint8Array(32)))).toBe('undecipherable');
  });

  it('opens nothing that would be unpacked', async () => {
    const key = await newSealingKey();
    const jwe = await seal({ bytes: item.source, salt: item.opening.salt }, [publicOf(key)]);
    const contentKey = await contentKeyOf(jwe, key, thumbprint(publicOf(key)));
    const zipped = toBase64url(utf8('{"enc":"A256GCM","zip":"DEF"}'));
    expect(await openWithContentKey({ ...jwe, protected: zipped }, contentKey!)).toBe(
      'undecipherable',
    );
  });
});

describe('a digest that does not fit is a claim', () => {
  let at: ConnectedClients;
  let appeal: FakeAppeal;
  beforeEach(async () => {
    at = await connected();
    appeal = await FakeAppeal.open(at, [item]);
  });

  async function delivered(bytes: Uint8Array) {
    const { recourse, keys } = await appeal.reviewer();
    const key = await keys.load(appealA);
    const jwe = await seal({ bytes, salt: item.opening.salt }, [publicOf(key!)]);
    appeal.delivered.set(0, jwe);
    return { recourse, jwe };
  }

  /** Sends the claim of the first, and gives the second what the registry would give. */
  async function rechecked(delivery: Awaited<ReturnType<typeof delivered>>, contentKey?: string) {
    const { handlers } = at.registry;
    let sent: string | undefined;
    handlers.set('evidence.dispute', ({ payload }) => {
      sent = (payload.in as { contentKey: string }).contentKey;
      return { result: { appeal: appealA, item: 0 } };
    });
    if (contentKey === undefined)
      await delivery.recourse.evidence.dispute({ appeal: appealA, item: 0 });
    const usual = await handlers.get('review.get')!({} as never);
    const { statement } = (usual as { result: { statement: string } }).result;
    const place = { appeal: appealA, item: 0 };
    handlers.set('evidence.recheck', () => ({ result: { ...place, sanction: sanctionA } }));
    handlers.set('evidence.disputed', () => ({
      result: {
        item: 0,
        class: 'payment-records',
        statement,
        jwe: delivery.jwe,
        contentKey: contentKey ?? sent!,
      },
    }));
    handlers.set('evidence.settle', ({ payload }) => {
      const { says } = payload.in as { says: string };
      const closedAs = says === 'does-not-fit' ? 'mismatch' : 'void';
      return { result: { ...place, closedAs, recalls: 0 } };
    });
    const { recourse } = await appeal.reviewer();
    return recourse.evidence.recheck();
  }

  it('the second opens the same bytes by the key of the first, and finds the same', async () => {
    const delivery = await delivered(utf8('something else'));
    expect(await rechecked(delivery)).toMatchObject({ says: 'does-not-fit', closedAs: 'mismatch' });
  });

  it('a key that opens nothing proves nothing', async () => {
    const delivery = await delivered(utf8('something else'));
    expect(await rechecked(delivery, saltOf('z'))).toMatchObject({
      says: 'does-not-open',
      closedAs: 'void',
    });
  });

  it('a claim about what fits comes to nothing', async () => {
    const delivery = await delivered(item.source);
    const key = await contentKeyFor(delivery.jwe);
    expect(await rechecked(delivery, key)).toMatchObject({ says: 'fits', closedAs: 'void' });
  });

  const contentKeyFor = async (jwe: Parameters<typeof contentKeyOf>[0]) => {
    const key = await newSealingKey();
    const fresh = await seal({ bytes: item.source, salt: item.opening.salt }, [publicOf(key)]);
    Object.assign(jwe, fresh);
    return (await contentKeyOf(jwe, key, thumbprint(publicOf(key))))!;
  };

  it('is not made about what fits, or was not opened', async () => {
    const { recourse } = await delivered(item.source);
    const place = { appeal: appealA, item: 0 } as const;
    expect(await codeOf(() => recourse.evidence.dispute(place))).toBe('evidence-fits');
    appeal.delivered.clear();
    expect(await codeOf(() => recourse.evidence.dispute(place))).toBe('evidence-unopened');
    expect(at.registry.received.some(({ payload }) => payload.op === 'evidence.dispute')).toBe(
      false,
    );
  });
});
