import { randomBytes } from 'node:crypto';
import {
  encodeInvite,
  inviteKey,
  thumbprint,
  toBase64url,
  type Id,
  type PartyId,
} from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import { newCaseKey } from '@recourse/sdk/case';
import { advance } from '../sample-case.ts';
import type { TestServer } from '../test-server.ts';
import { caseCodeFor, creatorsOf, platformOf, votersOf } from './members.ts';
import type { Desk, Desks } from './open-desk.ts';
import { completeForm, prefilledForm } from './record-form.ts';
import { phishing, recordAndTell } from './records.ts';

/** A registry in which something of everything waits, and the desks of the people who look at it. */
export interface Scene {
  readonly server: TestServer;
  readonly desks: Readonly<Record<SceneDesk, Desk>>;
  readonly ids: Readonly<Record<SceneId, string>>;
  /** As the registry has it */
  readonly now: Date;
}

/** `newcomer` is an administrator of a platform that has recorded nothing, and `nobody` a browser without a key. */
export type SceneDesk =
  | 'trust'
  | 'newcomer'
  | 'reviewer'
  | 'voter'
  | 'operator'
  | 'support'
  | 'nobody';
type SceneId = 'record' | 'notice' | 'draft' | 'match' | 'recall' | 'appeal' | 'vote' | 'newcomer';

export const creator = 'clips.and.more@mail.example';
/** As long as the registry lets a name be. */
const longName =
  'Gesellschaft für den grenzüberschreitenden Handel mit handgefertigten Kleinteilen und deren Vermittlung im Internet mbH';
const dayMs = 86_400_000;
const ref = 'house-case-2026-000417-payouts-of-the-north-western-region-desk7';

const tom = { of: 'Tubely', label: 'Tom Adeyemi' } as const;
const ines = { of: 'Review panel', role: 'reviewer', label: 'Ines Duarte' } as const;

interface Cast {
  readonly server: TestServer;
  readonly harbour: Recourse;
  readonly tubely: Recourse;
  readonly marketo: Recourse;
}

/** Plays a story, in which the trust desk of Tubely has everything to do that there is. */
export async function setScene(desks: Desks): Promise<Scene> {
  const { server } = desks;
  const [harbour, tubely, marketo] = [
    await platformOf(server, 'Harbour'),
    await platformOf(server, 'Tubely'),
    await platformOf(server, 'Marketo'),
  ] as const;
  const cast = { server, harbour, tubely, marketo };
  const newcomer = await letIn(server);
  const opened = {
    trust: await desks.openDesk({ ...tom, role: 'trust', admin: true }),
    newcomer: await desks.openBy(`${newcomer.invite}&name=Erika`),
    operator: await desks.openDesk({ of: 'Operator', role: 'operator', label: 'Olu Mensah' }),
    support: await desks.openDesk({ of: 'Harbour', role: 'support', label: 'Sam Okafor' }),
    nobody: await desks.profile(),
  };
  const { page } = opened.trust;
  const record = await recordBy(opened.trust, server, { email: creator, now: new Date(), ref });
  await page.getByRole('button', { name: 'Have the registry write' }).click();
  await page.getByText('Nothing is owed').waitFor({ timeout: 60_000 });
  const { sanction: wrong } = await recordAndTell(harbour, 'not.them@mail.example');

  const offset = await advance(server, 7 * 86_400);
  const now = new Date(Date.now() + offset * 1000);
  const matched = await checksAndRecall(cast, wrong, now);
  const vote = await challenged(cast, now);
  const reviewer = await desks.openDesk(ines);
  const voter = vote.nth === 0 ? reviewer : await desks.openDesk({ ...ines, nth: vote.nth });
  const appeal = await appealed(server, reviewer);
  await deliver(opened.trust, server, appeal);
  const { sanction: draft } = await tubely.sanctions.draft(phishing('draft@mail.example', now));
  const notice = await recordBy(opened.trust, server, { email: 'new.one@mail.example', now });
  return {
    server,
    now,
    desks: { ...opened, reviewer, voter },
    ids: { record, notice, draft, ...matched, appeal, vote: vote.item, newcomer: newcomer.party },
  };
}

/** Two operators register a platform, whose name is as long as one may be. */
export async function letIn(server: TestServer): Promise<{ party: string; invite: string }> {
  const [first, second] = [
    ...new Map(
      server.parties
        .filter(({ role }) => role === 'operator')
        .map((party) => [party.holder, party]),
    ).values(),
  ];
  if (!first || !second) throw new Error('an operator is missing');
  const code = toBase64url(randomBytes(32));
  const registration = {
    name: longName,
    domain: 'newcomer.example',
    jurisdiction: 'DE',
    group: 'newcomer',
    owners: [],
    stateOwned: false,
    policies: ['https://newcomer.example/rules'],
    contacts: { complaints: 'help@newcomer.example', dataProtection: 'dpo@newcomer.example' },
    legalBasis: 'gdpr-art-10-authorised',
    language: 'de',
    checkOnly: false,
    signupsPerDay: 10_000,
  };
  const input = { registration, invite: inviteKey(code) };
  await server.call(first, 'platforms.register', input);
  const { body, text } = await server.call(second, 'platforms.register', input);
  const party: PartyId = body.result?.party ?? text;
  const { body: registry } = await server.get('/.well-known/recourse');
  const logKey = thumbprint(registry.logKey);
  const { origin, policy } = server;
  return {
    party,
    invite: encodeInvite({ origin, code, party, role: 'trust', admin: true, logKey, policy }),
  };
}

/** Records by the form, and stays at the notice. */
async function recordBy(
  { page }: Desk,
  server: TestServer,
  form: Parameters<typeof prefilledForm>[0],
): Promise<string> {
  await page.goto(`${server.url}/desk/#${prefilledForm(form)}`);
  // The page reads the clock of a sandbox when it is loaded.
  await page.reload();
  await page.getByRole('heading', { name: 'What the creator will read' }).waitFor();
  await completeForm(page, form.now, 'view,device\n1,rented-7\n2,rented-7\n');
  await page.getByRole('button', { name: 'Sign and record' }).click();
  await page.getByRole('heading', { name: 'Notice to the creator' }).waitFor({ timeout: 60_000 });
  return /snc_[0-9a-z]{26}/.exec(page.url())?.[0] ?? '';
}

/** Tubely owes outcomes and a recall, and an answer to Marketo. */
async function checksAndRecall(
  { harbour, tubely, marketo }: Cast,
  wrong: Id<'snc'>,
  now: Date,
): Promise<{ match: string; recall: string }> {
  const signup = { purpose: 'signup', provenAt: now } as const;
  const answer = await tubely.check({ email: 'not.them@mail.example' }, { ...signup, ref });
  const [undone] = answer.matches;
  if (!undone) throw new Error('nothing was told');
  await tubely.outcomes.report([{ match: undone.match, outcome: 'admitted' }]);
  const open = await tubely.check({ email: 'best.deals@mail.example' }, signup);
  const asked = await marketo.check({ email: creator }, { purpose: 'monetisation', ref });
  const [theirs] = asked.matches;
  if (theirs) await marketo.matches.ask({ match: theirs.match, asks: 'accounts-linked' });
  await harbour.sanctions.withdraw({ sanction: wrong, cause: 'error' });
  const { recalls } = await tubely.recalls.list({});
  return { match: open.matches[0]?.match ?? '', recall: recalls[0]?.recall ?? '' };
}

/** Marketo says that an address of a record changed hands: two reviewers vote. */
async function challenged(
  { server, marketo }: Cast,
  now: Date,
): Promise<{ item: string; nth: number }> {
  const value = 'clips.factory@mail.example';
  await marketo.check({ email: value }, { purpose: 'monetisation' });
  const since = new Date(now.getTime() - 2 * dayMs);
  await marketo.subjects.challenge({ kind: 'email', value, since });
  const [voter] = await votersOf(server);
  if (!voter) throw new Error('nobody votes');
  return voter;
}

/** The creator appeals, and a reviewer takes the case. */
async function appealed(server: TestServer, { page }: Desk): Promise<string> {
  const cases = creatorsOf(server);
  const key = newCaseKey();
  await cases.claim({ code: await caseCodeFor(server, creator), newKey: key });
  const words =
    'I never bought views. A friend has run the channel since May, and the devices are those of a film school that ' +
    'watched my lectures in class: ask the school. My own account shows no payment to anybody.';
  await cases.call('appeal', { key, ground: 'facts-wrong', words, language: 'en' });
  await page.goto(`${server.url}/desk/#/review/queue`);
  await page.reload();
  await page.getByRole('button', { name: 'Next case' }).click();
  await page.getByRole('button', { name: 'I know nobody concerned' }).click();
  await page.getByRole('heading', { name: 'The creator', exact: true }).waitFor();
  return /apl_[0-9a-z]{26}/.exec(page.url())?.[0] ?? '';
}

async function deliver({ page }: Desk, server: TestServer, appeal: string): Promise<void> {
  await page.goto(`${server.url}/desk/#/trust/appeals/${appeal}`);
  await page.reload();
  await page.getByText('✓ Fits').waitFor();
  await page.getByRole('button', { name: 'Seal and deliver 1 of 1' }).click();
  await page.getByRole('cell', { name: 'Delivered' }).waitFor({ timeout: 60_000 });
}
