import {
  confirmedCauses,
  mostStrikes,
  panelOutcomes,
  reasonsCommitment,
  signCompact,
  strikesCommitment,
  type Id,
  type ReviewId,
} from '@recourse/protocol';
import { testOrigin } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';
import type { Answered, Stage } from '../world/stage.ts';
import { keyOf, newSealingKey, random32 } from './keys.ts';
import { row } from './row.ts';
import type { Came, Things } from './things.ts';

const reviewer = ['reviewer'] as const;
const seat = { seat: 'seat' } as const;
const day = 86_400;

/** Those that differ in what follows; the others end a record in the same way. */
const causes = ['error', 'victim', ...confirmedCauses] as const;

/** Outcomes as a reviewer names them: the cause behind a colon. */
const verdicts = [
  // Drawn as often as all that end a record.
  'upheld',
  'upheld',
  'upheld',
  'upheld',
  'dismissed',
  'amended',
  'passed',
  ...causes.map((cause) => `reversed:${cause}` as const),
  ...causes.map((cause) => `finding:${cause}` as const),
  'failed',
  'failed:expression',
  'failed:authority-origin',
] as const;

/** Is assigned what is due first, and takes it with a fresh key. */
async function take(stage: Stage, by: Principal): Promise<Came> {
  const assigned = await stage.call(by, keyOf(by), 'review.claim', {});
  if (!assigned.result) return assigned;
  const { result } = assigned;
  const appeal: ReviewId = 'inspection' in result ? result.inspection : result.appeal;
  const claim = await signCompact(keyOf(by).signer, 'recourse-claim+jwt', {
    iss: 'panel',
    aud: testOrigin,
    appeal,
    key: await newSealingKey(),
    iat: stage.now,
  });
  const taken = await stage.call(by, keyOf(by), 'review.claim', { claim });
  stage.make('seat', { appeal, sanction: result.sanction, by: by.name });
  return taken;
}

async function decide(
  { stage, by }: { stage: Stage; by: Principal },
  { appeal, sanction }: Things['seat'],
  verdict: string,
): Promise<Answered<unknown>> {
  const [outcome, cause] = verdict.split(':');
  const text = stage.canary({ kind: 'reasons', sanction, author: by.name });
  const reasons = { text, salt: random32() };
  const record = stage.record(sanction);
  const decision = await signCompact(keyOf(by).signer, 'recourse-decision+jwt', {
    iss: 'panel',
    aud: testOrigin,
    sub: sanction,
    appeal,
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(outcome === 'amended' ? { exp: (record?.exp ?? stage.now) - 30 * day } : {}),
    reasons: reasonsCommitment(reasons),
    iat: stage.now,
  });
  const came = await stage.call(by, keyOf(by), 'review.decide', {
    decision,
    reasons,
  });
  if (came.accepted) {
    const submitter = record?.submitter ?? '';
    stage.facts.decisions.push({
      by: by.name,
      review: appeal,
      isDecided: came.result?.state === 'decided',
      at: stage.now,
      submitter,
      sanction,
      outcome: outcome ?? '',
      cause,
    });
  }
  return came;
}

/** Acts of reviewers on appeals and inspections. */
export const reviewActs = {
  'review.queue': row({
    who: reviewer,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'review.queue', {}),
  }),
  'review.claim': row({
    who: reviewer,
    run: ({ stage, by }) => take(stage, by),
  }),
  'review.get': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'review.get', { appeal: refs.seat.appeal }),
  }),
  'review.file': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'review.file', {
        appeal: refs.seat.appeal,
        file: 0,
      }),
  }),
  'review.ask': row({
    who: reviewer,
    needs: { seat: 'seat', appeal: 'appeal' },
    choices: { kind: ['gist', 'question'] },
    run: async ({ stage, by, refs, choice }) => {
      const { appeal, sanction } = refs.appeal;
      const text = stage.canary({
        kind: 'question',
        sanction,
        author: by.name,
      });
      const input = { appeal, kind: choice.kind, text };
      const came = await stage.call(by, keyOf(by), 'review.ask', input);
      if (!came.result) return came;
      const { question } = came.result;
      stage.make('question', { question, sanction });
      stage.facts.asked.push({
        sanction,
        question,
        kind: choice.kind,
        at: stage.instant,
      });
      return came;
    },
  }),
  'review.decide': row({
    who: reviewer,
    needs: seat,
    choices: { verdict: verdicts },
    run: ({ refs, choice, ...doing }) => decide(doing, refs.seat, choice.verdict),
  }),
  'review.relieve': row({
    who: reviewer,
    needs: { appeal: 'appeal' },
    choices: { days: [14, 0] },
    run: ({ stage, by, refs, choice }) => {
      const until = new Date((stage.now + choice.days * day) * 1000);
      const at = `${until.toISOString().slice(0, 19)}Z`;
      return stage.call(by, keyOf(by), 'review.relieve', {
        appeal: refs.appeal.appeal,
        until: choice.days === 0 ? null : at,
      });
    },
  }),
  'review.recuse': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'review.recuse', {
        appeal: refs.seat.appeal,
        why: 'workload',
      }),
  }),
  'review.excuse': row({
    who: reviewer,
    needs: seat,
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'review.excuse', {
        holder: keyOf(stage.who(refs.seat.by)).holder as Id<'hld'>,
      }),
  }),
  'review.items': row({
    who: reviewer,
    run: async ({ stage, by }) => {
      const came = await stage.call(by, keyOf(by), 'review.items', {});
      for (const { item, kind, voted, cases = [] } of came.result?.items ?? []) {
        if (!voted)
          stage.make('item', { item, kind, cases: cases.map((one) => one.case) }, by.name);
      }
      return came;
    },
  }),
  'review.vote': row({
    who: reviewer,
    needs: { item: 'item' },
    choices: { outcome: panelOutcomes },
    run: async ({ stage, by, refs, choice }) => {
      const reasons = {
        text: 'The figures are what they are.',
        salt: random32(),
      };
      const { cases = [] } = refs.item;
      // All that it was shown: no vote alone may strike any of them.
      const strikes =
        choice.outcome === 'strike' && cases.length > 0
          ? { strikes: cases.slice(0, mostStrikes) }
          : {};
      const vote = await signCompact(keyOf(by).signer, 'recourse-panel-vote+jwt', {
        iss: 'panel',
        aud: testOrigin,
        item: refs.item.item,
        outcome: choice.outcome,
        reasons: reasonsCommitment(reasons),
        ...(strikes.strikes ? { strikes: strikesCommitment(strikes.strikes, reasons.salt) } : {}),
        iat: stage.now,
      });
      const came = await stage.call(by, keyOf(by), 'review.vote', {
        vote,
        reasons,
        ...strikes,
      });
      const { item } = refs.item;
      if (came.accepted) stage.facts.votes.push({ by: by.name, item, outcome: choice.outcome });
      return came;
    },
  }),
};
