import { randomBytes } from 'node:crypto';
import type { Identity } from '@recourse/cli';
import {
  encodeInvite,
  generateKey,
  inviteKey,
  isId,
  reasonCodes,
  reasons,
  signerFromJwk,
  type Id,
} from '@recourse/protocol';
import { enrol, type Recourse } from '@recourse/sdk';
import { prepared } from './play.ts';
import type { Stage } from './stage.ts';

export interface EnlistedParty {
  readonly party: Id<'plt'>;
  readonly platform: Recourse;
}

/** Registers one more platform by two operators, lets its window for objections pass, and enables its reasons. */
export async function enlist(
  stage: Stage,
  platform: { name: string; group: string },
): Promise<EnlistedParty> {
  const operators = [await stage.as('Operator:1'), await stage.as('Operator:2')] as const;
  const code = randomBytes(24).toString('base64url');
  const registration = registrationOf(platform);
  const act = { registration, invite: inviteKey(code) };
  await operators[0].platforms.register(act);
  const registered = await operators[1].platforms.register(act);
  const party = registered.state === 'executed' ? registered.party : undefined;
  prepared(isId('plt', party), `${platform.name} is registered`);
  const enable = {
    party,
    reasons: reasonCodes.filter((reason) => reasons[reason].namesCriminalOffence),
  };
  for (const operator of operators) await operator.taxonomy.enable(enable);
  const identity = await enrolAdmin(stage, { party, code });
  await stage.advance(15);
  return { party, platform: stage.connect(identity) };
}

async function enrolAdmin(
  stage: Stage,
  { party, code }: { party: Id<'plt'>; code: string },
): Promise<Identity> {
  const { origin, url, logKid, policy, ...rest } = await stage.identity('Harbour');
  const privateJwk = await generateKey();
  const key = { privateJwk, signer: await signerFromJwk(privateJwk) };
  const invite = {
    origin,
    code,
    party,
    role: 'trust',
    admin: true,
    logKey: logKid,
    policy,
  } as const;
  await enrol({ invite: encodeInvite(invite), signer: key.signer, clock: () => stage.now() });
  return { ...rest, origin, url, logKid, policy, party, keys: { trust: key, admin: key } };
}

function registrationOf({ name, group }: { name: string; group: string }) {
  const domain = `${name.toLowerCase()}.example`;
  return {
    name,
    domain,
    jurisdiction: 'NL',
    group,
    owners: [],
    stateOwned: false as const,
    policies: [`https://${domain}/rules`],
    contacts: { complaints: `complaints@${domain}`, dataProtection: `privacy@${domain}` },
    legalBasis: 'gdpr-art-10-authorised' as const,
    language: 'en',
    checkOnly: false,
    signupsPerDay: 10_000,
  };
}
