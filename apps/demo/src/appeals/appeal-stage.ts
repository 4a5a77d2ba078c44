import { connectAs, type Identity, sandboxIdentity, sandboxRegistry } from '@recourse/cli';
import type { Recourse } from '@recourse/sdk';
import { caseClient, type CaseClient } from '@recourse/sdk/case';
import type { NameServer } from '../name-server.ts';
import type { StartedRegistry } from '../started-registry.ts';
import type { Steps } from '../steps.ts';
import type { Timings } from '../timings.ts';

/** Everybody who acts in an appeal, each with their own keys; the creator has none. */
export interface Stage {
  readonly registry: StartedRegistry;
  readonly nameServer: NameServer;
  readonly harbour: Recourse;
  readonly harbourIdentity: Identity;
  /** Those that were told, by name */
  readonly told: readonly { readonly name: string; readonly platform: Recourse }[];
  /** Independent of everyone told */
  readonly reviewers: readonly [Recourse, Recourse];
  /** Has worked for Tubely */
  readonly affiliated: Recourse;
  readonly creator: CaseClient;
  readonly steps: Steps;
  readonly timings: Timings;
}

export async function setStage(played: {
  registry: StartedRegistry;
  nameServer: NameServer;
  steps: Steps;
  timings: Timings;
}): Promise<Stage> {
  const { dataDir } = played.registry;
  const as = async (name: string): Promise<Recourse> =>
    connectAs(await sandboxIdentity(dataDir, name));
  const platforms = ['Tubely', 'Marketo'].map(async (name) => ({ name, platform: await as(name) }));
  const harbourIdentity = await sandboxIdentity(dataDir, 'Harbour');
  return {
    ...played,
    harbourIdentity,
    harbour: connectAs(harbourIdentity),
    told: await Promise.all(platforms),
    reviewers: [await as('Panel'), await as('Panel:2')],
    affiliated: await as('Panel:3'),
    creator: caseClient(await sandboxRegistry(dataDir)),
  };
}
