import {
  hashText,
  objectionGrounds,
  orderEffects,
  registrationRecord,
  registrationRecordName,
  signCompact,
  type Id,
} from '@recourse/protocol';
import { addedKey, registrationOf, testOrigin } from '@recourse/testkit';
import type { Stage } from '../world/stage.ts';
import { newJti, adminOf, keyOf, random32 } from './keys.ts';
import { row } from './row.ts';

const platform = ['platform'] as const;
const operator = ['operator'] as const;
const anybody = ['platform', 'reviewer', 'operator'] as const;
const platforms = ['harbour', 'tubely', 'market', 'newcomer'] as const;
const day = 86_400;

const idOf = (party: { platform?: { id: string } }) => (party.platform?.id ?? '') as Id<'plt'>;

/** What a domain asks for by its TXT record, the same for both operators. */
function inviteOf(stage: Stage, domain: string): string {
  const invite = hashText(`invite ${domain}`);
  stage.registry.proofs.txt.set(registrationRecordName(domain), [registrationRecord(invite)]);
  return invite;
}

/** Acts about parties themselves, of members and of operators. */
export const partyActs = {
  'keys.list': row({
    who: anybody,
    run: ({ stage, by }) => stage.call(by, adminOf(by), 'keys.list', {}),
  }),
  'keys.add': row({
    who: platform,
    run: async ({ stage, by }) => {
      const admin = adminOf(by);
      const owner = { audience: testOrigin, now: stage.registry.now(), party: admin.party };
      const role = { role: 'service', admin: false } as const;
      const key = await addedKey({ ...owner, ...role, by: admin, holder: admin.holder });
      const enrolment = await signCompact(key.signer, 'recourse-enrol+jwt', {
        aud: testOrigin,
        ...role,
        use: 'sig',
        jwk: key.signer.publicJwk,
        iat: stage.now,
        invite: admin.kid,
      });
      return stage.call(by, admin, 'keys.add', { statement: key.statement, enrolment });
    },
  }),
  'keys.revoke': row({
    who: platform,
    choices: { why: ['retired', 'compromised'], days: [1, 30], which: ['trust', 'trust2'] },
    run: ({ stage, by, choice }) => {
      const kid = by.platform?.[choice.which].kid ?? keyOf(by).kid;
      const since = choice.why === 'retired' ? {} : { since: stage.now - choice.days * day };
      return stage.call(by, adminOf(by), 'keys.revoke', {
        kid,
        why: choice.why,
        ...since,
      });
    },
  }),
  'people.invite': row({
    who: anybody,
    run: ({ stage, by }) =>
      stage.call(by, adminOf(by), 'people.invite', {
        invite: random32(),
        role: keyOf(by).role,
        admin: false,
      }),
  }),
  'parties.setPolicies': row({
    who: platform,
    run: ({ stage, by }) =>
      stage.call(by, adminOf(by), 'parties.setPolicies', {
        policies: [`https://${by.name}.example/policy`, 'https://policies.example/conduct'],
      }),
  }),
  'parties.witness': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, adminOf(by), 'parties.witness', { key: null }),
  }),
  'parties.keepKeys': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'parties.keepKeys', {}),
  }),
  'parties.object': row({
    who: platform,
    choices: { to: platforms, ground: objectionGrounds, group: platforms },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'parties.object', {
        party: idOf(stage.who(choice.to)),
        ground: choice.ground,
        ...(choice.ground === 'group-undisclosed' ? { group: choice.group } : {}),
      }),
  }),
  'parties.demand': row({
    who: platform,
    run: ({ stage, by }) =>
      stage.call(by, keyOf(by), 'parties.demand', {
        kind: 'check',
        quarter: '2027-Q1',
        received: 1,
        complied: 0,
        refused: 1,
      }),
  }),
  'parties.attest': row({
    who: platform,
    choices: { quarter: ['2026-Q3', '2026-Q4'] },
    run: async ({ stage, by, choice }) => {
      const attestation = await signCompact(keyOf(by).signer, 'recourse-attestation+jwt', {
        iss: idOf(by),
        aud: testOrigin,
        quarter: choice.quarter,
        demands: 'none',
        iat: stage.now,
      });
      return stage.call(by, keyOf(by), 'parties.attest', { attestation });
    },
  }),
  'parties.standing': row({
    who: platform,
    run: async ({ stage, by }) => {
      const came = await stage.call(by, keyOf(by), 'parties.standing', {});
      for (const { item } of came.result?.suspensions ?? []) {
        if (item) stage.make('item', { item, kind: 'suspension' }, by.name);
      }
      return came;
    },
  }),
  'parties.appealSuspension': row({
    who: platform,
    needs: { item: 'item' },
    run: ({ stage, by, refs }) =>
      stage.call(by, adminOf(by), 'parties.appealSuspension', {
        item: refs.item.item,
      }),
  }),
  'platforms.register': row({
    who: operator,
    choices: { name: ['Late', 'Later'] },
    run: ({ stage, by, choice }) => {
      const registration = registrationOf(choice.name);
      const invite = inviteOf(stage, registration.domain);
      return stage.call(by, keyOf(by), 'platforms.register', { registration, invite });
    },
  }),
  'platforms.reenrol': row({
    who: operator,
    choices: { party: platforms },
    run: ({ stage, by, choice }) => {
      const invite = inviteOf(stage, `${choice.party}.example`);
      const party = idOf(stage.who(choice.party));
      return stage.call(by, keyOf(by), 'platforms.reenrol', { party, invite });
    },
  }),
  'platforms.suspend': row({
    who: operator,
    choices: { party: platforms, what: ['submissions', 'checks', 'both'] },
    run: async ({ stage, by, choice }) => {
      const party = idOf(stage.who(choice.party));
      const input = { party, what: choice.what, why: 'terms' } as const;
      const came = await stage.call(by, keyOf(by), 'platforms.suspend', input);
      const op = 'platforms.suspend';
      if (came.accepted) stage.facts.proposed.push({ by: by.name, op, party: choice.party });
      return came;
    },
  }),
  'platforms.restore': row({
    who: operator,
    choices: { party: platforms },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'platforms.restore', {
        party: idOf(stage.who(choice.party)),
      }),
  }),
  'platforms.setQuota': row({
    who: operator,
    choices: { party: platforms, what: ['submissions', 'elements'], most: [0, 1, 40, 1000] },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'platforms.setQuota', {
        party: idOf(stage.who(choice.party)),
        [choice.what === 'elements' ? 'elementsPerDay' : 'submissionsPerDay']: choice.most,
      }),
  }),
  'platforms.setGroup': row({
    who: operator,
    choices: { party: platforms, group: ['harbour', 'other'] },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'platforms.setGroup', {
        party: idOf(stage.who(choice.party)),
        group: choice.group,
      }),
  }),
  'platforms.leave': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, adminOf(by), 'platforms.leave', { party: idOf(by) }),
  }),
  'orders.execute': row({
    who: operator,
    needs: { record: 'record' },
    choices: { effect: orderEffects },
    run: ({ stage, by, refs, choice }) =>
      stage.call(by, keyOf(by), 'orders.execute', {
        sanction: refs.record.sanction,
        effect: choice.effect,
        body: 'court',
        date: stage.now - day,
        reference: random32(),
      }),
  }),
  // Nobody enrols by it: each call names a code of its own, so that one operator alone never invites.
  'panel.invite': row({
    who: operator,
    run: async ({ stage, by }) => {
      const terms = { affiliations: [], languages: ['en'], optOut: [] };
      const seat = { ...terms, invite: random32(), termUntil: stage.now + 365 * day };
      const signed = { iss: 'panel', aud: testOrigin, ...seat, iat: stage.now };
      const countersignatures = await Promise.all(
        ['reviewer-2', 'reviewer-3'].map((name) =>
          signCompact(keyOf(stage.who(name)).signer, 'recourse-countersignature+jwt', signed),
        ),
      );
      return stage.call(by, keyOf(by), 'panel.invite', { ...seat, countersignatures });
    },
  }),
  'panel.remove': row({
    who: operator,
    choices: { reviewer: ['reviewer-1', 'reviewer-2'] },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'panel.remove', {
        holder: keyOf(stage.who(choice.reviewer)).holder as Id<'hld'>,
      }),
  }),
  'taxonomy.enable': row({
    who: operator,
    choices: { party: platforms },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'taxonomy.enable', {
        party: idOf(stage.who(choice.party)),
        reasons: ['fraud.scam'],
      }),
  }),
  'proposals.list': row({
    who: operator,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'proposals.list', {}),
  }),
  'calls.changes': row({
    who: anybody,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'calls.changes', { jti: newJti() }),
  }),
  'ledger.openings': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'ledger.openings', {}),
  }),
  'registry.stats': row({
    who: operator,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'registry.stats', {}),
  }),
  'registry.alarms': row({
    who: operator,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'registry.alarms', {}),
  }),
};
