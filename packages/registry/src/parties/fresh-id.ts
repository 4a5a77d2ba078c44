import { newId, type Id, type IdPrefix } from '@recourse/protocol';
import type { Services } from '../context/context.ts';

/** A new id by the registry's clock and randomness. */
export const freshId = <P extends IdPrefix>(
  prefix: P,
  by: { readonly now: Date; readonly services: Pick<Services, 'random'> },
): Id<P> => newId(prefix, { now: by.now, random: (size) => by.services.random(size) });
