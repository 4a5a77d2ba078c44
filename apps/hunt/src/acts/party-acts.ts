import { objectionGrounds, orderEffects, type Id } from '@recourse/protocol';
import { newJti, adminOf, keyOf, random32 } from './keys.ts';
import { never, row } from './row.ts';

const platform = ['platform'] as const;
const operator = ['operator'] as const;
const anybody = ['platform', 'reviewer', 'operator'] as const;
const platforms = ['harbour', 'tubely', 'market', 'newcomer'] as const;
const day = 86_400;

const idOf = (party: { platform?: { id: string } }) => (party.platform?.id ?? '') as Id<'plt'>;

/** Acts about parties themselves, of members and of operators. */
export const partyActs = {
  'keys.list': row({
    who: anybody,
    run: ({ stage, by }) => stage.call(by, adminOf(by), 'keys.list', {}),
  }),
  'keys.add': never('a colleague of a will is that will: no new key adds one'),
  'keys.revoke': row({
    who: platform,
    choices: { why: ['retired', 'compromised'], days: [1, 30] },
    run: ({ stage, by, choice }) => {
      const kid = by.platform?.trust2.kid ?? keyOf(by).kid;
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
        policies: ['https://policies.example/conduct'],
      }),
  }),
  'parties.witness': never('no log is cosigned in a hunt'),
  'parties.keepKeys': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'parties.keepKeys', {}),
  }),
  'parties.object': row({
    who: platform,
    choices: { to: platforms, ground: objectionGrounds },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'parties.object', {
        party: idOf(stage.who(choice.to)),
        ground: choice.ground,
        ...(choice.ground === 'group-undisclosed' ? { group: by.name } : {}),
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
  'parties.attest': never('a quarter is over after the longest hunt'),
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
  'platforms.register': never('its domain is proven outside of a hunt'),
  'platforms.reenrol': never('its domain is proven outside of a hunt'),
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
    choices: { party: platforms, submissions: [0, 1, 1000] },
    run: ({ stage, by, choice }) =>
      stage.call(by, keyOf(by), 'platforms.setQuota', {
        party: idOf(stage.who(choice.party)),
        submissionsPerDay: choice.submissions,
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
  'panel.invite': never('a new reviewer enrols outside of a hunt'),
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
