import { signerFromJwk, thumbprint } from '@recourse/protocol';
import { connect, memorySealingKeys, type ConnectOptions, type Recourse } from '@recourse/sdk';
import { caseClient, type CaseClient } from '@recourse/sdk/case';
import type { SandboxParty, TestServer } from '../test-server.ts';

async function registryOf(server: TestServer) {
  const { body } = await server.get('/.well-known/recourse');
  return { origin: server.origin, logKid: thumbprint(body.logKey), url: server.url };
}

/** A platform of the sandbox as its own program acts, by its service and its trust key. */
export async function platformOf(
  server: TestServer,
  name: string,
  more: Pick<ConnectOptions, 'clock'> = {},
): Promise<Recourse> {
  const [service, trust] = [server.party(name, 'service'), server.party(name, 'trust')];
  return connect({
    registry: await registryOf(server),
    party: service.party,
    signers: {
      service: await signerFromJwk(service.privateJwk),
      trust: await signerFromJwk(trust.privateJwk),
    },
    prefixes: 'always-match',
    ...more,
  });
}

/** A reviewer who works by a program. */
export async function reviewerOf(
  server: TestServer,
  key: SandboxParty = server.party('Review panel', 'reviewer', true),
): Promise<Recourse> {
  return connect({
    registry: await registryOf(server),
    party: 'panel',
    signers: { reviewer: await signerFromJwk(key.privateJwk) },
    sealingKeys: memorySealingKeys(),
  });
}

/** What a creator's own program would use. */
export const creatorsOf = ({ url, origin }: TestServer): CaseClient => caseClient({ url, origin });

/** The code in the newest message to this address. */
export async function caseCodeFor(server: TestServer, email: string): Promise<string> {
  const { body } = await server.get('/sandbox/outbox');
  const mails = body.mails as { to: string; text: string }[];
  const mail = mails.find(({ to }) => to === email);
  return /case#([0-9a-z-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
}

/** Reviewers who are asked to vote on something, by their place among the sample reviewers, and the item. */
export async function votersOf(server: TestServer): Promise<{ nth: number; item: string }[]> {
  const reviewers = server.parties.filter(({ role }) => role === 'reviewer');
  const holders = [...new Set(reviewers.map(({ holder }) => holder))];
  const asked = holders.map(async (holder, nth) => {
    const key = reviewers.find((reviewer) => reviewer.holder === holder);
    const { items } = await (await reviewerOf(server, key)).review.items({});
    return items.map(({ item }) => ({ nth, item }));
  });
  return (await Promise.all(asked)).flat();
}
