import type { Recourse } from '@recourse/sdk';
import {
  appealBy,
  assignAppeal,
  claimByCode,
  fileAndNotify,
  file,
  findByEmail,
  isTold,
  newEmail,
  outcomeOf,
  sayNotified,
  uphold,
  type Filing,
} from './acts.ts';
import { prepared, type Finding, type Play } from './play.ts';
import type { Stage } from './stage.ts';

export const plantedIdentifier: Play = {
  name: 'planted-identifier',
  says: 'A submitter records an address of its own beside the victim’s, proves it, and takes the case, its appeal or the record away.',
  bound:
    'nothing: the victim’s appeal stays open, their key opens the case, and no record is erased at once',
  async run(stage) {
    const taken = await takeAppeal(stage);
    const withdrawn = await withdrawBefore(stage);
    const erased = await eraseAtOnce(stage);
    const figures = { ...taken, ...withdrawn, ...erased };
    const held =
      taken.victimsAppealOpen &&
      taken.victimsKeyOpens &&
      withdrawn.victimAppeals === 'accepted' &&
      !erased.erasedAtOnce;
    const gained = held
      ? 'nothing'
      : [
          taken.victimsAppealOpen ? '' : 'the victim’s appeal is void',
          taken.victimsKeyOpens ? '' : 'their key opens nothing',
          withdrawn.victimAppeals === 'accepted'
            ? ''
            : `an appeal withdrawn first leaves them none (${withdrawn.victimAppeals})`,
          erased.erasedAtOnce ? 'a wrong record is erased at once' : '',
        ]
          .filter((part) => part !== '')
          .join('; ');
    return { held, gained, figures };
  },
};

interface PlantedRecord {
  readonly filed: Filing;
  readonly victims: string;
  readonly planted: string;
}

/** A record of a victim's address and one that its submitter planted. */
export async function plant(stage: Stage): Promise<PlantedRecord> {
  const harbour = await stage.as('Harbour');
  const [victims, planted] = [newEmail('victim'), newEmail('planted')];
  const filed = await file(stage, harbour, { email: [victims, planted] });
  return { filed, victims, planted };
}

/** Claimed and appealed by the victim first: the accuser proves its own address, and withdraws their appeal. */
async function takeAppeal(stage: Stage) {
  const { filed, victims, planted } = await plant(stage);
  const harbour = await stage.as('Harbour');
  await sayNotified(stage, harbour, filed);
  await isTold(stage, await stage.as('Tubely'), { email: victims, sanction: filed.sanction });
  const victim = await stage.person();
  const key = await claimByCode(victim, filed.code);
  const { appeal } = await appealBy(victim, key);
  const [found = ''] = await findByEmail(stage, await stage.person(), planted);
  prepared(found !== '', 'the planted address finds the case');
  const { code } = await stage.post('withdrawAppeal', { key: found });
  const { state } = await harbour.appeals.get({ appeal });
  const opens = await outcomeOf(() => victim.open({ code: key }));
  const heard = (await stage.mailsTo(victims)).length;
  return {
    withdrawOfTheirs: code,
    victimsAppealOpen: state === 'open',
    victimsKeyOpens: opens === 'accepted',
    mailsToVictim: heard,
  };
}

/** The accuser is there before the notice: it appeals and withdraws, and the victim comes too late. */
async function withdrawBefore(stage: Stage) {
  const { filed, victims, planted } = await plant(stage);
  const harbour = await stage.as('Harbour');
  const accuser = await stage.person();
  const [found = ''] = await findByEmail(stage, accuser, planted);
  await appealBy(accuser, found);
  await accuser.withdrawAppeal({ key: found });
  await sayNotified(stage, harbour, filed);
  await stage.advance(4);
  await isTold(stage, await stage.as('Tubely'), { email: victims, sanction: filed.sanction });
  const victim = await stage.person();
  const byCode = await outcomeOf(async () =>
    appealBy(victim, await claimByCode(victim, filed.code)),
  );
  const [own = ''] = await findByEmail(stage, victim, victims);
  prepared(own !== '', 'the victim’s address finds the case');
  const byAddress = await outcomeOf(() => appealBy(victim, own));
  const isHeard = byCode === 'accepted' || byAddress === 'accepted';
  return { victimAppealsByCode: byCode, victimAppeals: isHeard ? 'accepted' : byAddress };
}

/** The record was wrong, and its submitter would not be found so: it withdraws and has everything erased. */
async function eraseAtOnce(stage: Stage) {
  const { filed, victims, planted } = await plant(stage);
  const harbour = await stage.as('Harbour');
  await sayNotified(stage, harbour, filed);
  await isTold(stage, await stage.as('Marketo'), { email: victims, sanction: filed.sanction });
  const accuser = await stage.person();
  await claimByCode(accuser, filed.code);
  const [found = ''] = await findByEmail(stage, accuser, planted);
  await harbour.sanctions.withdraw({ sanction: filed.sanction, cause: 'mistaken-identity' });
  await acknowledgeAll(await stage.as('Marketo'));
  const asked = await stage.post('requestErasure', { key: found });
  await stage.advance(3);
  const left = await findByEmail(stage, await stage.person(), victims);
  return { erasureAsked: asked.code, erasedAtOnce: left.length === 0 };
}

async function acknowledgeAll({ recalls }: Recourse): Promise<void> {
  for await (const { recall } of recalls.open()) {
    await recalls.acknowledge({ recall, action: 'undone', copies: 'deleted' });
  }
}

export const burntCode: Play = {
  name: 'burnt-code',
  says: 'A submitter uses up the code that it made before the creator gets it; the record is on an account alone, which nobody can prove.',
  bound: 'nothing: the creator reads and appeals by the code that they got',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const filed = await fileAndNotify(stage, harbour, {
      account: 'acct:creator-4711@harbour.example',
    });
    const { state } = await harbour.sanctions.get({ sanction: filed.sanction });
    prepared(state === 'visible' || state === 'held', 'the record is live');
    await claimByCode(await stage.person(), filed.code);
    const creator = await stage.person();
    const opened = await creator.open({ code: filed.code });
    const reads = opened.case.facts.account !== '';
    const appeal = await outcomeOf(async () =>
      appealBy(creator, await claimByCode(creator, filed.code)),
    );
    const held = reads && appeal === 'accepted';
    return {
      held,
      gained: held ? 'nothing' : `the creator reads nothing, and cannot appeal (${appeal})`,
      figures: { creatorReads: reads, creatorAppeals: appeal },
    };
  },
};

export const shamAppeal: Play = {
  name: 'sham-appeal',
  says: 'A submitter claims the case by its own code, confesses, and has its record upheld before the creator comes.',
  bound: 'nothing: the creator, who comes by another way, appeals at once',
  async run(stage) {
    const { filed, email } = await confessed(stage);
    const creator = await stage.person();
    const [key = ''] = await findByEmail(stage, creator, email);
    prepared(key !== '', 'the creator finds the case');
    const appeal = await outcomeOf(() => appealBy(creator, key));
    const opened = await creator.open({ code: key });
    const harbour = await stage.as('Harbour');
    const { state } = await harbour.sanctions.get({ sanction: filed.sanction });
    const waits =
      appeal === 'accepted' ? 0 : await daysUntilAppeal(stage, () => appealBy(creator, key));
    return finding(appeal === 'accepted', {
      gained: `a record upheld on a confession of its own, which the creator cannot appeal for ${waits} days`,
      figures: { appeal, waitsDays: waits, record: state, opens: opened.case.access },
    });
  },
};

const finding = (
  held: boolean,
  result: { gained: string; figures: Finding['figures'] },
): Finding => ({
  ...result,
  held,
  gained: held ? 'nothing' : result.gained,
});

async function confessed(stage: Stage): Promise<{ filed: Filing; email: string }> {
  const harbour = await stage.as('Harbour');
  const reviewer = await stage.as('Panel');
  const email = newEmail('creator');
  const filed = await fileAndNotify(stage, harbour, { email });
  await isTold(stage, await stage.as('Marketo'), { email, sanction: filed.sanction });
  const accuser = await stage.person();
  const key = await claimByCode(accuser, filed.code);
  const { appeal } = await appealBy(accuser, key, { words: 'It was me. I did all of it.' });
  await assignAppeal(reviewer, appeal);
  const outcome = await uphold({
    reviewer,
    submitter: harbour,
    filed,
    appeal,
    person: accuser,
    key,
  });
  prepared(outcome === 'upheld', `the record is upheld (${outcome})`);
  return { filed, email };
}

/** How long the creator waits, in steps of ten days. */
async function daysUntilAppeal(stage: Stage, tryIt: () => Promise<unknown>): Promise<number> {
  for (let days = 10; days <= 200; days += 10) {
    await stage.advance(10);
    const outcome = await outcomeOf(tryIt);
    if (!outcome.includes('too-soon')) return days;
  }
  return 200;
}
