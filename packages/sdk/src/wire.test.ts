import type { ApiRouter } from '@recourse/registry';
import type { TRPCClient } from '@trpc/client';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { ops } from '@recourse/protocol';
import { connected } from '../tests/connected.ts';
import type { Wire } from './wire.ts';

type Client = TRPCClient<ApiRouter>;

describe('the op table is the one source', () => {
  it('is what the router of the registry implements', () => {
    expectTypeOf<Client>().not.toBeAny();
    expectTypeOf<Client>().toExtend<Wire>();
    expectTypeOf<Omit<Client, 'sanctions'>>().not.toExtend<Wire>();
    type Missing = Omit<Client, 'sanctions'> & { sanctions: Omit<Client['sanctions'], 'get'> };
    expectTypeOf<Missing>().not.toExtend<Wire>();
    type Swapped = Omit<Client, 'calls'> & {
      calls: { changes: { mutate: Client['calls']['changes']['query'] } };
    };
    expectTypeOf<Swapped>().not.toExtend<Wire>();
  });

  it('gives every operation a method', async () => {
    const { recourse } = await connected();
    const groups: Record<string, unknown> = recourse;
    for (const name of Object.keys(ops)) {
      const [group = '', method = ''] = name.split('.');
      expect(groups[group]).toHaveProperty(method);
    }
  });
});
