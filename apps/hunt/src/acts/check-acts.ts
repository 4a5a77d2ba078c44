import { inquiryAnswers, inquiryQuestions, purposes, recallActions } from '@recourse/protocol';
import type { Principal } from '../world/principals.ts';
import { newElement, tokenOf } from '../world/real-tokens.ts';
import type { Stage } from '../world/stage.ts';
import { keyOf } from './keys.ts';
import { never, row } from './row.ts';
import type { Came } from './things.ts';

const platform = ['platform'] as const;
const outcomes = ['pending', 'admitted', 'admitted-with-safeguards', 'refused'] as const;

/** Acts of platforms that are told of records. */
export const checkActs = {
  'checks.evaluate': row({
    who: platform,
    choices: {
      about: ['victim', 'sharer', 'accused', 'friend', 'flatmate'],
      purpose: purposes,
    },
    run: async ({ stage, by, choice }) => {
      const { identifiers } = stage.who(choice.about);
      const came = await stage.call(by, keyOf(by), 'checks.evaluate', {
        purpose: choice.purpose,
        epochs: [1],
        blinded: identifiers.map(newElement),
        provenAt: stage.now,
      });
      if (!came.result) return came;
      const { check } = came.result;
      stage.make('check', { check, identifiers }, by.name);
      const isKept = choice.purpose !== 'signup' && choice.purpose !== 'monetisation';
      const units = identifiers.length;
      stage.facts.units.push({ by: by.name, units, isKept, check, at: stage.instant });
      return came;
    },
  }),
  'checks.match': row({
    who: platform,
    needs: { check: 'check' },
    choices: { beside: ['nobody', 'nobody', 'nobody', 'victim', 'accused', 'friend'] },
    run: async ({ stage, by, refs, choice }) => {
      const others = stage.cast.find(({ name }) => name === choice.beside)?.identifiers ?? [];
      const tokens = [...refs.check.identifiers, ...others].map(({ kind, value }) =>
        tokenOf(kind, value),
      );
      const asked = tokens.map((token) => ({ epoch: 1, token }));
      const came = await stage.call(by, keyOf(by), 'checks.match', {
        check: refs.check.check,
        tokens: asked,
      });
      if (came.accepted) stage.facts.questions.push({ check: refs.check.check, tokens });
      for (const { match, sanction, token } of came.result?.matches ?? []) {
        stage.make('match', { match, sanction, token: tokens[token] ?? '' }, by.name);
      }
      return came;
    },
  }),
  'checks.report': row({
    who: platform,
    needs: { match: 'match' },
    choices: { outcome: outcomes },
    run: ({ stage, by, refs, choice }) => {
      const isSerious = choice.outcome !== 'admitted' && choice.outcome !== 'pending';
      const at = { reviewedAt: stage.now, noticeSentAt: stage.now };
      const outcome = { match: refs.match.match, outcome: choice.outcome };
      return stage.call(by, keyOf(by), 'checks.report', {
        outcomes: [isSerious ? { ...outcome, ...at } : outcome],
      });
    },
  }),
  'checks.owed': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'checks.owed', {}),
  }),
  'matches.ask': row({
    who: platform,
    needs: { match: 'match' },
    choices: { asks: inquiryQuestions },
    run: async ({ stage, by, refs, choice }) => {
      const { match, sanction } = refs.match;
      const came = await stage.call(by, keyOf(by), 'matches.ask', {
        match,
        asks: choice.asks,
      });
      if (came.result) {
        const { question } = came.result;
        stage.make('inquiry', { question, sanction, asks: choice.asks });
      }
      return came;
    },
  }),
  'matches.answer': row({
    who: platform,
    needs: { inquiry: 'inquiry' },
    choices: { answer: inquiryAnswers },
    run: ({ stage, by, refs, choice }) =>
      stage.call(by, keyOf(by), 'matches.answer', {
        question: refs.inquiry.question,
        answer: choice.answer,
      }),
  }),
  'matches.questions': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'matches.questions', {}),
  }),
  'prefixes.sync': never('sets are published by a job that no hunt runs'),
  'recalls.list': row({
    who: platform,
    run: ({ stage, by }) => listRecalls(stage, by),
  }),
  'recalls.acknowledge': row({
    who: platform,
    needs: { recall: 'recall' },
    choices: { action: recallActions },
    run: ({ stage, by, refs, choice }) => {
      const now = stage.now;
      const grounds = {
        reviewedAt: now,
        noticeSentAt: now,
        matchWasOnlyGround: false,
      } as const;
      const isKept = choice.action === 'kept-on-own-grounds';
      return stage.call(by, keyOf(by), 'recalls.acknowledge', {
        recall: refs.recall.recall,
        action: choice.action,
        copies: 'deleted',
        ...(isKept ? { ownGrounds: grounds } : {}),
      });
    },
  }),
  'events.poll': row({
    who: platform,
    run: ({ stage, by }) =>
      stage.call(by, keyOf(by), 'events.poll', {
        maxEvents: 50,
        returnImmediately: true,
      }),
  }),
};

/** A platform learns by its list which recalls it owes. */
async function listRecalls(stage: Stage, by: Principal): Promise<Came> {
  const came = await stage.call(by, keyOf(by), 'recalls.list', {});
  const known = new Set(stage.all('recall').map(({ value }) => value.recall));
  for (const { recall, kind } of came.result?.recalls ?? []) {
    if (!known.has(recall)) stage.make('recall', { recall, kind }, by.name);
  }
  return came;
}
