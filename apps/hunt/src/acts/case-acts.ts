import {
  appealGrounds,
  signCompact,
  toTimestamp,
  type CaseOpName,
  type Id,
} from '@recourse/protocol';
import { testOrigin } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';
import type { Answered, Stage } from '../world/stage.ts';
import { claimantSigner, newJti, secret } from './keys.ts';
import { row } from './row.ts';
import type { Came, Things, Way } from './things.ts';

const person = ['person'] as const;
const claimant = { claimant: 'claimant' } as const;
const signingKey = claimantSigner.publicJwk;
type Claimant = Things['claimant'];

/** Words that only who may read them may receive. */
const words = (stage: Stage, by: Principal, sanction: string): string =>
  stage.canary({ kind: 'words', sanction, author: by.name });

interface Doer {
  readonly stage: Stage;
  readonly by: Principal;
  readonly refs: { readonly claimant: Claimant };
}

const noteJoined = ({ stage, by, refs: { claimant } }: Doer): void =>
  void stage.facts.joined.push({
    sanction: claimant.sanction,
    claimant: claimant.key,
    by: by.name,
    at: stage.instant,
  });

const noteAppeal = ({ stage, by, refs }: Doer, appeal: Id<'apl'> | undefined): void => {
  if (appeal === undefined) return;
  noteJoined({ stage, by, refs });
  const known = stage.all('appeal').some(({ value }) => value.appeal === appeal);
  if (!known) stage.make('appeal', { appeal, sanction: refs.claimant.sanction });
};

/** Somebody reads a case that they came into, and keeps its key. */
async function enter(
  stage: Stage,
  by: Principal,
  entered: { key: string; way: Way },
): Promise<Came> {
  const came = await stage.caseCall(by, 'case.open', { code: entered.key });
  if (!came.result) return came;
  const { sanction } = came.result.case;
  stage.make('claimant', { key: entered.key, sanction, way: entered.way }, by.name);
  return came;
}

/** Each case that a proof or a ticket opened. */
async function enterFound(
  stage: Stage,
  by: Principal,
  entered: {
    came: Answered<{ found: { n: number }[] }>;
    newKey: string;
    way: Way;
  },
): Promise<Came> {
  for (const { n } of entered.came.result?.found ?? []) {
    await enter(stage, by, {
      key: n === 0 ? entered.newKey : `${entered.newKey}.${n}`,
      way: entered.way,
    });
  }
  return entered.came;
}

async function giveUp(
  { stage, by, refs }: Doer,
  op: 'case.withdrawAppeal' | 'case.requestErasure',
  how: string,
) {
  const { key, sanction } = refs.claimant;
  if (how === 'keep') return stage.caseCall(by, op, { key, keep: true });
  const jti = newJti();
  const payload = {
    iss: 'case',
    aud: testOrigin,
    sub: sanction,
    jti,
    iat: stage.now,
  } as const;
  const act = await signCompact(claimantSigner, 'recourse-claimant-act+jwt', {
    ...payload,
    act: op === 'case.withdrawAppeal' ? 'withdraw-appeal' : 'request-erasure',
  });
  const said =
    op === 'case.requestErasure' ? { words: words(stage, by, sanction), language: 'en' } : {};
  return stage.caseCall(by, op, { key, ...said, ...(how === 'signed' ? { act } : {}) }, jti);
}

const simple = (op: CaseOpName) =>
  row({
    who: person,
    needs: claimant,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- acts that take a key alone
    run: ({ stage, by, refs }) => stage.caseCall(by, op, { key: refs.claimant.key } as never),
  });

/** Acts of whoever is, or says to be, the creator: on a case that is theirs. */
export const caseActs = {
  'case.open': row({
    who: person,
    needs: claimant,
    run: ({ stage, by, refs }) => stage.caseCall(by, 'case.open', { code: refs.claimant.key }),
  }),
  'case.claim': row({
    who: person,
    needs: { code: 'code' },
    run: async ({ stage, by, refs }) => {
      const newKey = secret();
      const input = { code: refs.code.code, newKey, signingKey };
      const came = await stage.caseCall(by, 'case.claim', input);
      const isHanded = [...stage.submitted.values()].includes(refs.code.code);
      if (came.accepted)
        await enter(stage, by, {
          key: newKey,
          way: isHanded ? 'handed' : 'delivered',
        });
      return came;
    },
  }),
  'case.rotate': row({
    who: person,
    needs: claimant,
    run: async ({ stage, by, refs }) => {
      const newKey = secret();
      const came = await stage.caseCall(by, 'case.rotate', {
        key: refs.claimant.key,
        newKey,
      });
      if (came.accepted) await enter(stage, by, { key: newKey, way: refs.claimant.way });
      return came;
    },
  }),
  'case.numberSince': row({
    who: person,
    needs: claimant,
    choices: { since: ['2001-02-03', 'today'] },
    run: ({ stage, by, refs, choice }) =>
      stage.caseCall(by, 'case.numberSince', {
        key: refs.claimant.key,
        since:
          choice.since === 'today' ? toTimestamp(stage.registry.now()).slice(0, 10) : choice.since,
      }),
  }),
  'case.appeal': row({
    who: person,
    needs: claimant,
    choices: { ground: appealGrounds, how: ['plain', 'news', 'reopen'] },
    run: async (doing) => {
      const { stage, by, refs, choice } = doing;
      const { key, sanction } = refs.claimant;
      const came = await stage.caseCall(by, 'case.appeal', {
        key,
        ground: choice.ground,
        words: words(stage, by, sanction),
        language: 'en',
        ...(choice.how === 'news' ? { news: words(stage, by, sanction) } : {}),
        ...(choice.how === 'reopen' ? { reopen: true } : {}),
      });
      noteAppeal(doing, came.result?.appeal);
      return came;
    },
  }),
  'case.join': row({
    who: person,
    needs: claimant,
    choices: { ground: appealGrounds },
    run: async ({ stage, by, refs, choice }) => {
      const came = await stage.caseCall(by, 'case.join', {
        key: refs.claimant.key,
        ground: choice.ground,
        words: words(stage, by, refs.claimant.sanction),
      });
      if (came.accepted) noteJoined({ stage, by, refs });
      return came;
    },
  }),
  'case.addInformation': row({
    who: person,
    needs: claimant,
    choices: { answers: [true, false] },
    run: async ({ stage, by, refs, choice }) => {
      const { key, sanction } = refs.claimant;
      const asked = stage.all('question').findLast(({ value }) => value.sanction === sanction);
      const question = choice.answers ? asked?.value.question : undefined;
      const came = await stage.caseCall(by, 'case.addInformation', {
        key,
        text: words(stage, by, sanction),
        ...(question === undefined ? {} : { question }),
      });
      if (!came.accepted) return came;
      if (question) stage.facts.answered.push({ sanction, question, by: by.name });
      else stage.facts.texts.push({ sanction, claimant: key, at: stage.now });
      return came;
    },
  }),
  'case.addFile': row({
    who: person,
    needs: claimant,
    run: ({ stage, by, refs }) =>
      stage.caseCall(by, 'case.addFile', {
        key: refs.claimant.key,
        name: `${words(stage, by, refs.claimant.sanction)}.txt`,
        mediaType: 'text/plain',
        bytes: Buffer.from('a receipt').toString('base64url'),
      }),
  }),
  'case.withdrawAppeal': row({
    who: person,
    needs: claimant,
    choices: { how: ['signed', 'unsigned', 'keep'] },
    run: ({ choice, ...doing }) => giveUp(doing, 'case.withdrawAppeal', choice.how),
  }),
  'case.requestErasure': row({
    who: person,
    needs: claimant,
    choices: { how: ['signed', 'unsigned', 'keep'] },
    run: async ({ choice, ...doing }) => {
      const came = await giveUp(doing, 'case.requestErasure', choice.how);
      noteAppeal(doing, came.result?.appeal);
      return came;
    },
  }),
  'case.receipt': simple('case.receipt'),
  'case.letter': simple('case.letter'),
  'case.find': row({
    who: person,
    choices: { kind: ['email', 'phone', 'domain'] },
    run: async ({ stage, by, choice }) => {
      const own = by.identifiers.find(({ kind }) => kind === choice.kind);
      const identifier = own?.value ?? `${by.name}@mail.example`;
      const came = await stage.caseCall(by, 'case.find', {
        kind: choice.kind,
        identifier,
      });
      if (!came.result) return came;
      const { find, proof } = came.result;
      const { mails, texts, txt, texting } = stage.registry.proofs;
      if (proof.by === 'dns') txt.set(proof.name, [proof.value]);
      if (proof.by === 'texted-code') await texting;
      const sent = proof.by === 'mailed-code' ? mails.at(-1) : texts.at(-1);
      const code = sent?.to === identifier ? { code: sent.code } : {};
      stage.make('find', { find, identifier, ...code }, by.name);
      return came;
    },
  }),
  'case.prove': row({
    who: person,
    needs: { find: 'find' },
    run: async ({ stage, by, refs }) => {
      const { find, identifier, code } = refs.find;
      const newKey = secret();
      const came = await stage.caseCall(by, 'case.prove', {
        find,
        identifier,
        ...(code === undefined ? {} : { proof: code }),
        newKey,
        signingKey,
      });
      return enterFound(stage, by, { came, newKey, way: 'proof' });
    },
  }),
  'case.ticket': row({
    who: person,
    needs: { ticket: 'ticket' },
    run: async ({ stage, by, refs }) => {
      const newKey = secret();
      const input = { secret: refs.ticket.secret, newKey, signingKey };
      const came = await stage.caseCall(by, 'case.ticket', input);
      return enterFound(stage, by, { came, newKey, way: 'ticket' });
    },
  }),
};
