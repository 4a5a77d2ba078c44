import { caseKey, signCompact, type Id } from '@recourse/protocol';
import { testOrigin } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import { keyInClaim, keyOf, seal, secret } from './keys.ts';
import { row } from './row.ts';
import type { Came } from './things.ts';
import { refusedHere } from '../world/stage.ts';

const platform = ['platform'] as const;
const day = 86_400;

/** Delivers the first item, sealed to everybody who has the case with a key. */
async function deliver(stage: Stage, by: Principal, appeal: Id<'apl'> | Id<'itm'>): Promise<Came> {
  const read = await stage.call(by, keyOf(by), 'appeals.get', { appeal });
  if (!read.result) return read;
  const keys = read.result.claims.map(keyInClaim);
  if (keys.length === 0) return refusedHere('nobody-to-seal-to');
  const jwe = await seal(keys, Buffer.from('captured'));
  return stage.call(by, keyOf(by), 'evidence.deliver', {
    appeal,
    item: 0,
    jwe,
  });
}

/** Acts of submitters on appeals, and of platforms that vouch. */
export const appealActs = {
  'appeals.list': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'appeals.list', {}),
  }),
  'appeals.get': row({
    who: platform,
    needs: { appeal: 'appeal' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'appeals.get', { appeal: refs.appeal.appeal }),
  }),
  'appeals.respond': row({
    who: platform,
    needs: { appeal: 'appeal' },
    choices: { how: ['stand', 'error', 'victim'] },
    run: async ({ stage, by, refs, choice }) => {
      const { appeal, sanction } = refs.appeal;
      if (choice.how === 'stand') {
        const text = stage.canary({
          kind: 'response',
          sanction,
          author: by.name,
        });
        return stage.call(by, keyOf(by), 'appeals.respond', {
          appeal,
          stand: { text },
        });
      }
      const concede = await signCompact(keyOf(by).signer, 'recourse-withdrawal+jwt', {
        iss: keyOf(by).party as Id<'plt'>,
        aud: testOrigin,
        sub: sanction,
        cause: choice.how,
        iat: stage.now,
      });
      const came = await stage.call(by, keyOf(by), 'appeals.respond', {
        appeal,
        concede,
      });
      if (came.accepted) stage.facts.conceded.push({ by: by.name, sanction });
      return came;
    },
  }),
  'subjects.ticket': row({
    who: platform,
    choices: {
      of: ['victim', 'sharer', 'accused'],
      at: ['tubely', 'harbour'],
      for: ['victim', 'sharer', 'accused', 'friend', 'flatmate'],
    },
    run: async ({ stage, by, choice }) => {
      const made = secret();
      const identifier = `acct:${choice.of}@${choice.at}.example`;
      const came = await stage.call(by, keyOf(by), 'subjects.ticket', {
        kind: 'account',
        identifier,
        request: caseKey(made),
      });
      if (!came.accepted) return came;
      const unit = { by: by.name, units: 1, isKept: true, check: '', at: stage.instant };
      stage.facts.units.push(unit);
      stage.make('ticket', { secret: made }, choice.for);
      stage.facts.vouched.push({
        by: by.name,
        identifier,
        secret: made,
        who: choice.for,
      });
      return came;
    },
  }),
  'subjects.challenge': row({
    who: platform,
    needs: { match: 'match' },
    run: async ({ stage, by, refs }) => {
      const came = await stage.call(by, keyOf(by), 'subjects.challenge', {
        token: refs.match.token,
        epoch: 1,
        ground: 'recycled',
        date: stage.now - 5 * day,
      });
      for (const { item } of came.result?.items ?? [])
        stage.make('item', { item, kind: 'challenge' });
      return came;
    },
  }),
  'evidence.deliver': row({
    who: platform,
    needs: { seat: 'seat' },
    run: ({ stage, by, refs }) => deliver(stage, by, refs.seat.appeal),
  }),
};
