import { signCompact, withdrawalCauses, type Id } from '@recourse/protocol';
import { testOrigin } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import { refusedHere } from '../world/stage.ts';
import { adminOf, keyOf, random32 } from './keys.ts';
import { never, row } from './row.ts';
import { aboutBy, evidenceOf, fileAbout, reasonsFiled, type Filing } from './submission.ts';

const day = 86_400;
const platform = ['platform'] as const;
const filing = {
  about: ['victim', 'sharer', 'accused', 'friend', 'flatmate'],
  way: aboutBy,
  reason: reasonsFiled,
} as const;

/** A record and what its submitter alone knows of it: the code that it hands out. */
async function file(
  { stage, by }: { stage: Stage; by: Principal },
  what: Filing,
  op: 'sanctions.submit' | 'sanctions.draft',
) {
  const { submission, code, account, made } = await fileAbout(stage, by, what);
  const came = await stage.call(by, keyOf(by), op, submission);
  if (!came.result) return came;
  const { sanction } = came.result;
  stage.audiences.set(account, { kind: 'account', sanction, author: by.name });
  stage.make('record', made(sanction));
  if (op === 'sanctions.draft') stage.make('draft', { sanction, submitter: by.name }, by.name);
  stage.make('code', { code }, by.name);
  stage.submitted.set(sanction, code);
  return came;
}

const filed = (op: Parameters<typeof file>[2]) =>
  row({
    who: platform,
    choices: filing,
    run: ({ choice, ...doing }) =>
      file(doing, { about: choice.about, by: choice.way, reason: choice.reason }, op),
  });

/** Acts on records, from the draft to the end. */
export const recordActs = {
  'sanctions.submit': filed('sanctions.submit'),
  'sanctions.draft': filed('sanctions.draft'),
  'sanctions.confirm': row({
    who: platform,
    needs: { draft: 'draft' },
    run: ({ stage, by, refs }) =>
      stage.call(by, by.platform?.trust2 ?? keyOf(by), 'sanctions.confirm', {
        sanctions: [refs.draft.sanction],
      }),
  }),
  'sanctions.returnDraft': row({
    who: platform,
    needs: { draft: 'draft' },
    run: ({ stage, by, refs }) =>
      stage.call(by, by.platform?.trust2 ?? keyOf(by), 'sanctions.returnDraft', {
        sanction: refs.draft.sanction,
        reason: 'Look again.',
      }),
  }),
  'sanctions.notify': row({
    who: platform,
    needs: { record: 'record' },
    choices: { language: ['en', 'ar'] },
    run: async ({ stage, by, refs, choice }) => {
      const addresses = refs.record.subjects
        .filter(({ kind }) => kind === 'email' || kind === 'phone')
        .map(({ value }) => value);
      if (addresses.length === 0) return refusedHere('no-address');
      return stage.call(by, keyOf(by), 'sanctions.notify', {
        sanction: refs.record.sanction,
        language: choice.language,
        addresses,
      });
    },
  }),
  'sanctions.stateNotice': row({
    who: platform,
    needs: { record: 'record' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'sanctions.stateNotice', {
        sanction: refs.record.sanction,
        channel: 'web-message',
        language: 'en',
        sentAt: stage.now,
      }),
  }),
  'sanctions.bounced': row({
    who: ['operator'],
    needs: { message: 'message' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'sanctions.bounced', {
        message: refs.message.id,
        recipient: refs.message.to,
      }),
  }),
  'sanctions.withdraw': row({
    who: platform,
    needs: { record: 'record' },
    choices: { cause: withdrawalCauses },
    run: async ({ stage, by, refs, choice }) => {
      const withdrawal = await signCompact(keyOf(by).signer, 'recourse-withdrawal+jwt', {
        iss: keyOf(by).party as Id<'plt'>,
        aud: testOrigin,
        sub: refs.record.sanction,
        cause: choice.cause,
        iat: stage.now,
      });
      const came = await stage.call(by, keyOf(by), 'sanctions.withdraw', {
        withdrawal,
      });
      if (came.accepted)
        stage.facts.conceded.push({
          by: by.name,
          sanction: refs.record.sanction,
        });
      return came;
    },
  }),
  'sanctions.confirmEcho': row({
    who: platform,
    needs: { record: 'record' },
    choices: { basis: ['later', 'independent'] },
    run: async ({ stage, by, refs, choice }) => {
      const item = { class: evidenceOf(refs.record.reason), commitment: random32() };
      const confirmation = await signCompact(keyOf(by).signer, 'recourse-echo+jwt', {
        iss: keyOf(by).party as Id<'plt'>,
        aud: testOrigin,
        sub: refs.record.sanction,
        evidence: [{ ...item, collected_at: stage.now - 60, basis: choice.basis }],
        iat: stage.now,
      });
      return stage.call(by, keyOf(by), 'sanctions.confirmEcho', {
        confirmations: [confirmation],
      });
    },
  }),
  'sanctions.void': row({
    who: platform,
    choices: { days: [1, 30], which: ['trust', 'trust2'] },
    run: ({ stage, by, choice }) =>
      stage.call(by, adminOf(by), 'sanctions.void', {
        kid: by.platform?.[choice.which].kid ?? '',
        since: stage.now - choice.days * day,
      }),
  }),
  'sanctions.get': row({
    who: platform,
    needs: { record: 'record' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'sanctions.get', {
        sanction: refs.record.sanction,
      }),
  }),
  'sanctions.list': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'sanctions.list', {}),
  }),
  'sanctions.status': row({
    who: platform,
    needs: { match: 'match' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'sanctions.status', {
        sanction: refs.match.sanction,
      }),
  }),
  'sanctions.states': row({
    who: platform,
    run: ({ stage, by }) =>
      by.support
        ? stage.call(by, by.support, 'sanctions.states', {})
        : Promise.resolve(refusedHere('no-support-desk')),
  }),
  'sanctions.untokenised': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'sanctions.untokenised', {}),
  }),
  'sanctions.retokenise': never('the key of tokens never rotates in a hunt'),
  'oprf.next': never('the key of tokens never rotates in a hunt'),
  'oprf.rotate': never('the key of tokens never rotates in a hunt'),
};
