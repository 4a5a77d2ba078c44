import { bookNames, signCompact, type BookName, type Id } from '@recourse/protocol';
import { testOrigin, type TestKey } from '@recourse/testkit';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import { keyOf, newSealingKey, seal } from './keys.ts';
import { row } from './row.ts';

const platform = ['platform'] as const;
const bytes = new Uint8Array(8192);

/** Trust keys of a platform, of which one is an administrator's. */
const trustKeys = ['admin', 'trust', 'trust2'] as const;
const trustKeyOf = (by: Principal, which: (typeof trustKeys)[number]): TestKey =>
  by.platform?.[which] ?? keyOf(by);

/** Sealed to one key, with a mark that the registry can only hand on: it opens nothing. */
async function marked(stage: Stage, by: Principal, to: Parameters<typeof seal>[0]) {
  const text = stage.canary({ kind: 'book', sanction: '', author: by.name });
  const jwe = await seal(to, bytes);
  return { text, jwe: { ...jwe, ciphertext: text + jwe.ciphertext.slice(text.length) } };
}

/** The version of a book that was written last, as the hunt saw it. */
const versionOf = ({ facts }: Stage, by: Principal, book: BookName): number =>
  facts.books.findLast((one) => one.by === by.name && one.book === book)?.version ?? 0;

/** What colleagues of one platform keep together, sealed to their keys. */
export const journalActs = {
  'journals.addKey': row({
    who: platform,
    choices: { which: ['trust', ...trustKeys] },
    run: async ({ stage, by, choice }) => {
      const trust = trustKeyOf(by, choice.which ?? 'trust');
      const key = await newSealingKey();
      const statement = await signCompact(trust.signer, 'recourse-sealing-key+jwt', {
        iss: trust.party as Id<'plt'>,
        aud: testOrigin,
        key,
        iat: stage.now,
      });
      const came = await stage.call(by, trust, 'journals.addKey', { statement });
      if (came.accepted) stage.make('sealing', { key, kid: trust.kid }, by.name);
      return came;
    },
  }),
  'journals.keys': row({
    who: platform,
    run: ({ stage, by }) => stage.call(by, keyOf(by), 'journals.keys', {}),
  }),
  'journals.put': row({
    who: platform,
    needs: { record: 'record', sealing: 'sealing' },
    run: async ({ stage, by, refs }) => {
      const jwe = await seal([refs.sealing.key], bytes);
      const { sanction } = refs.record;
      return stage.call(by, keyOf(by), 'journals.put', { sanction, jwe });
    },
  }),
  'journals.get': row({
    who: platform,
    needs: { record: 'record' },
    run: ({ stage, by, refs }) =>
      stage.call(by, keyOf(by), 'journals.get', {
        sanction: refs.record.sanction,
      }),
  }),
  'journals.putBook': row({
    who: platform,
    needs: { sealing: 'sealing' },
    // A colleague who read an older version does not know what the newest says.
    choices: { book: bookNames, key: trustKeys, after: ['newest', 'older'] },
    run: async ({ stage, by, refs, choice }) => {
      const { book } = choice;
      const { text, jwe } = await marked(stage, by, [refs.sealing.key]);
      const newest = versionOf(stage, by, book);
      const after = choice.after === 'newest' ? newest : Math.max(0, newest - 1);
      const key = trustKeyOf(by, choice.key);
      const came = await stage.call(by, key, 'journals.putBook', { book, after, jwe });
      if (!came.result) return came;
      const { version } = came.result;
      const to = refs.sealing.kid;
      stage.facts.books.push({ by: by.name, book, after, version, text, to });
      return came;
    },
  }),
  'journals.getBook': row({
    who: platform,
    choices: { book: bookNames, key: trustKeys },
    run: ({ stage, by, choice }) =>
      stage.call(by, trustKeyOf(by, choice.key), 'journals.getBook', { book: choice.book }),
  }),
};
