import { reviewIdOf, type OpOutput } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { command } from '../../command.ts';
import { opCommand } from '../../op-command.ts';

type Claim = OpOutput<'review.queue'>['claims'][number] | OpOutput<'review.claim'>;

const aboutOf = (claim: Claim): string =>
  'inspection' in claim ? `inspection: ${claim.why}` : claim.ground;
const dueOf = (claim: Claim): string => ('inspection' in claim ? claim.dueAt : claim.decisionDueAt);

export const queueCommand = opCommand({
  op: 'review.queue',
  about: 'your claims, and how much waits that you could take',
  print: ({ claims, waiting }, terminal) => {
    if (claims.length === 0) terminal.line('You have no claims.');
    else {
      terminal.table(
        ['case', 'about', 'state', 'opened', 'due', 'key', 'came with'],
        claims.map((claim) => [
          reviewIdOf(claim),
          aboutOf(claim),
          claim.state,
          claim.openedAt,
          dueOf(claim),
          claim.keyed ? 'yes' : 'no: take again',
          claim.batch === reviewIdOf(claim) ? '' : claim.batch,
        ]),
      );
    }
    const since = waiting.oldest === undefined ? '' : `, the oldest since ${waiting.oldest}`;
    const late = waiting.overdue === 0 ? '' : ` ${waiting.overdue} should have been taken already.`;
    terminal.line(`${waiting.all} wait, ${waiting.eligible} of them for you${since}.${late}`);
  },
});

export const takeCommand = command(
  {
    name: 'take',
    about:
      'take the appeal or inspection that you are assigned, with a fresh key that evidence is sealed to',
  },
  async (_, { terminal, connect }) => {
    const { review } = await connect();
    const taken = await unlessNone(review.take());
    return terminal.result({ taken }, () => {
      if (taken === null) return terminal.line('Nothing waits that you could take.');
      const id = reviewIdOf(taken);
      terminal.line(`${id} (${aboutOf(taken)}) is yours; decide by ${dueOf(taken)}.`);
      const others = taken.batch.length - 1;
      if (others > 0) {
        terminal.line(`${others} more rest on the same evidence: read it once, decide each.`);
      }
      terminal.line(`Read it: recourse review get ${id}`);
    });
  },
);

/** That nothing waits is no failure. */
export async function unlessNone<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (isRecourseError(error, 'not-found')) return null;
    throw error;
  }
}
