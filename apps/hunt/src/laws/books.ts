import type { Law, Moment } from './law.ts';

// What colleagues of one platform keep together: nobody writes over what they have not read, and who is called what is
// said by an administrator.

/** Looks at books that are written, and at what is read of them. */
export const books: Law = async (moment) => {
  const { act, came } = moment;
  if (!came.accepted) return undefined;
  const what =
    act.op === 'journals.putBook'
      ? writtenAmiss(moment)
      : act.op === 'journals.getBook'
        ? readAmiss(moment)
        : undefined;
  if (what === undefined) return undefined;
  const kind = `${act.op}: ${what}`;
  return { law: 'books', kind, what: `by ${act.by}, ${String(act.literals['book'])}: ${what}` };
};

const writtenBy = ({ stage, act }: Moment) =>
  stage.facts.books.filter(({ by, book }) => by === act.by && book === act.literals['book']);

function writtenAmiss(moment: Moment): string | undefined {
  const { stage, act } = moment;
  const [last, before] = writtenBy(moment).toReversed();
  if (!last) return undefined;
  if (last.after !== (before?.version ?? 0)) return 'written over what nobody read';
  if (last.version !== last.after + 1) return 'no version follows the one before';
  const { platform } = stage.who(act.by);
  if (last.book === 'names' && act.literals['key'] !== 'admin') return 'names by a member';
  const keys = platform && [platform.admin, platform.trust, platform.trust2];
  if (!keys?.some(({ kid }) => kid === last.to)) return 'sealed to no colleague';
  return isRevoked(moment, last.to) ? 'sealed to whoever left' : undefined;
}

/** A key that its platform revoked in this history. */
const isRevoked = ({ stage, act: { by } }: Moment, kid: string): boolean =>
  stage.facts.done.some(
    (done) =>
      done.op === 'keys.revoke' &&
      done.by === by &&
      kid === stage.who(by).platform?.[done.literals['which'] === 'trust' ? 'trust' : 'trust2'].kid,
  );

/** Whoever reads gets what was written last. */
function readAmiss(moment: Moment): string | undefined {
  const last = writtenBy(moment).at(-1);
  const read = JSON.stringify(moment.came.result);
  if (!last) return read.includes('"jwe"') ? 'a book that nobody wrote' : undefined;
  const isLast = read.includes(`"${last.text}`) && read.includes(`"version":${last.version}`);
  return isLast ? undefined : 'what was written last is not there';
}
