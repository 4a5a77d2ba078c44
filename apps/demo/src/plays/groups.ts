import { signCompact, utf8, fromBase64url, fromUtf8 } from '@recourse/protocol';
import type { Recourse, SanctionInput, SubmissionIntent } from '@recourse/sdk';
import {
  appealBy,
  assignAppeal,
  check,
  claimByCode,
  fileAndNotify,
  inputFor,
  isTold,
  newEmail,
  outcomeOf,
  sayNotified,
  type Filing,
} from './acts.ts';
import { enlist } from './enlist.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

/** A record on an address, reversed by a reviewer as an error. */
async function reversed(
  stage: Stage,
  by: Recourse,
  filing: { email: string; over: Partial<SanctionInput> },
): Promise<Filing> {
  const reviewer = await stage.as('Panel');
  const filed = await fileAndNotify(stage, by, filing);
  await isTold(stage, await stage.as('Marketo'), { email: filing.email, sanction: filed.sanction });
  const person = await stage.person();
  const { appeal } = await appealBy(person, await claimByCode(person, filed.code));
  await assignAppeal(reviewer, appeal);
  const { sanction } = filed;
  const decision = { appeal, sanction, outcome: 'reversed', cause: 'error' } as const;
  await reviewer.review.decide({ ...decision, reasons: 'Made up reasons.' });
  const { state } = await by.sanctions.get({ sanction });
  prepared(state === 'reversed', `the first record is reversed (${state})`);
  return filed;
}

/** The same incident, however far the clock has moved since. */
const sameIncident = (stage: Stage): Partial<SanctionInput> => ({
  incident: { from: stage.ago(30), to: stage.ago(12) },
  decidedAt: stage.ago(6),
});

export const sisterCompany: Play = {
  name: 'sister-company',
  says: 'A sister company files a record again that was reversed against another company of its group.',
  bound: 'nothing: the group has one memory',
  async run(stage) {
    const email = newEmail('creator');
    const harbour = await stage.as('Harbour');
    const { platform } = await enlist(stage, { name: 'Harbour-Two', group: 'harbour' });
    const over = sameIncident(stage);
    await reversed(stage, harbour, { email, over });
    const again = await outcomeOf(() => fileAndNotify(stage, harbour, { email, over }));
    prepared(again.startsWith('already-decided'), 'the company itself may not file it again');
    const sister = await outcomeOf(() => fileAndNotify(stage, platform, { email, over }));
    return refiled(stage, { email, sister, holdDays: 8 });
  },
};

export const groupHopping: Play = {
  name: 'group-hopping',
  says: 'A platform leaves after a reversal, registers anew under another group, and files the same again.',
  bound: 'nothing, once a member objects that the group was not disclosed',
  async run(stage) {
    const email = newEmail('creator');
    const first = await enlist(stage, { name: 'Hopper', group: 'hopper' });
    await stage.advance(95);
    const over = sameIncident(stage);
    await reversed(stage, first.platform, { email, over });
    await first.platform.platforms.leave({ party: first.party });
    const left = await outcomeOf(() => fileAndNotify(stage, first.platform, { email, over }));
    prepared(left !== 'accepted', 'who left submits nothing');
    const { platform, party } = await enlist(stage, { name: 'Hopper-Again', group: 'fresh' });
    const objected = await outcomeOf(async () =>
      (await stage.as('Tubely')).parties.object({
        party,
        ground: 'group-undisclosed',
        group: 'hopper',
      }),
    );
    const sister = await outcomeOf(() => fileAndNotify(stage, platform, { email, over }));
    const finding = await refiled(stage, { email, sister, holdDays: 8 });
    return { ...finding, figures: { ...finding.figures, objection: objected } };
  },
};

/** Whether the same accusation answers again, once the hold of a new member is over. */
async function refiled(
  stage: Stage,
  { email, sister, holdDays }: { email: string; sister: string; holdDays: number },
) {
  await stage.advance(holdDays);
  const { matches, advice } = await check(stage, await stage.as('Tubely'), { email });
  const held = sister !== 'accepted' && matches.length === 0;
  return {
    held,
    gained: held
      ? 'nothing'
      : `filed again (${sister}); a check answers ${advice} with ${matches.length} record`,
    figures: { filedAgain: sister, answersAgain: matches.length },
  };
}

export const serialConcessions: Play = {
  name: 'serial-concessions',
  says: 'A platform reports speech as impersonation, and concedes each appeal on that ground before anybody decides it.',
  bound: 'two concessions of that ground on speech-adjacent codes suspend it',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const over: Partial<SanctionInput> = {
      reason: 'identity.impersonation',
      evidence: [{ class: 'claimant-verification', source: utf8(`memo ${Date.now()}`) }],
    };
    let conceded = 0;
    let next = 'accepted';
    while (next === 'accepted' && conceded < 4) {
      next = await outcomeOf(async () => {
        const filed = await fileAndNotify(stage, harbour, { email: newEmail('parody'), over });
        await concededBy(stage, harbour, filed);
      });
      if (next === 'accepted') conceded += 1;
    }
    prepared(conceded >= 2, `the appeals are conceded (${conceded})`);
    const { suspensions } = await harbour.parties.standing({});
    const held = conceded === 2;
    return {
      held,
      gained: held
        ? `no more than ${conceded} records of speech`
        : `${conceded} records of speech conceded, and the next is ${next}`,
      figures: { conceded, next, suspensions: suspensions.length },
    };
  },
};

async function concededBy(stage: Stage, by: Recourse, { sanction, code }: Filing): Promise<void> {
  const person = await stage.person();
  const { appeal } = await appealBy(person, await claimByCode(person, code), {
    ground: 'expression',
  });
  await by.appeals.concede({ appeal, sanction, cause: 'error' });
  const { state } = await by.sanctions.get({ sanction });
  prepared(state === 'reversed', `the record is reversed (${state})`);
}

export const copiedEvidence: Play = {
  name: 'copied-evidence',
  says: 'A second platform files the evidence commitment of another’s record as its own, to corroborate it; then the same bytes with a new salt.',
  bound: 'the same commitment is derived; a new salt hides that, and the registry says so',
  async run(stage) {
    const [harbour, marketo] = [await stage.as('Harbour'), await stage.as('Marketo')];
    const bytes = utf8(`made up for a play: ${Date.now()}`);
    const over = { evidence: [{ class: 'captured-artefact', source: bytes }] } as const;
    const outcome: Record<string, string> = {};
    for (const how of ['sameCommitment', 'newSalt'] as const) {
      const email = newEmail('creator');
      const filed = await fileAndNotify(stage, harbour, { email, over });
      const before = await corroboration(stage, marketo, email);
      prepared(
        before.length === 1 && before[0] === 'none',
        'nothing corroborates the first record',
      );
      await copy(stage, { email, bytes, filed, newSalt: how === 'newSalt' });
      const after = await corroboration(stage, marketo, email);
      prepared(after.length === 2, 'both records answer');
      outcome[how] = after.toSorted().join(' and ');
    }
    const held = outcome['sameCommitment'] === 'none and none';
    return {
      held,
      gained: held
        ? `with a new salt alone: ${outcome['newSalt']}`
        : `two that seem to agree by one commitment: ${outcome['sameCommitment']}`,
      figures: outcome,
    };
  },
};

async function corroboration(stage: Stage, by: Recourse, email: string): Promise<string[]> {
  const { matches } = await check(stage, by, { email });
  return matches.map((match) => ('corroboration' in match ? match.corroboration : 'withheld'));
}

/** Tubely has the commitment from a friend: it never asked, so that nothing shows that it knew. */
async function copy(
  stage: Stage,
  copied: { email: string; bytes: Uint8Array; filed: Filing; newSalt: boolean },
): Promise<void> {
  const identity = await stage.identity('Tubely');
  const tubely = await stage.as('Tubely');
  const input = {
    ...inputFor(stage, { email: copied.email }, copied.bytes),
    reason: 'fraud.phishing',
  } as const;
  if (copied.newSalt) {
    const { sanction, caseCode } = await tubely.sanctions.submit(input);
    const evidence: Filing['evidence'] = [];
    const filed = { sanction, code: caseCode, evidence, creator: { email: copied.email } };
    return sayNotified(stage, tubely, filed);
  }
  const intent = await prepareOnly(stage, input);
  const [, payload = ''] = intent.input.statement.split('.');
  const claims = JSON.parse(fromUtf8(fromBase64url(payload))) as Record<string, never>;
  const evidence = copied.filed.evidence.map(({ opening }) => ({
    class: opening.class,
    commitment: opening.commitment,
  }));
  const { trust } = identity.keys;
  prepared(trust !== undefined, 'Tubely has a trust key');
  const statement = await signCompact(trust.signer, 'recourse-sanction+jwt', {
    ...claims,
    evidence,
  });
  await tubely.call('sanctions.submit', { ...intent.input, statement });
  await sayNotified(stage, tubely, {
    sanction: intent.sanction,
    code: intent.caseCode,
    evidence: [],
    creator: { email: copied.email },
  });
}

/** What the SDK would send, which it is kept from. */
async function prepareOnly(stage: Stage, input: SanctionInput): Promise<SubmissionIntent> {
  let kept: SubmissionIntent | undefined;
  const recourse = stage.connect(await stage.identity('Tubely'), {
    outbox: {
      save: async (intent) => {
        kept = intent;
        throw new Error('not sent');
      },
      done: async () => undefined,
    },
  });
  await recourse.sanctions.submit(input).catch(() => undefined);
  prepared(kept !== undefined, 'a submission is made');
  return kept;
}
