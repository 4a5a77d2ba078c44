import { isRecourseError } from '@recourse/sdk';
import { command } from '../../command.ts';
import { opCommand } from '../../op-command.ts';

export const queueCommand = opCommand({
  op: 'review.queue',
  about: 'your claims, and how much waits that you could take',
  print: ({ claims, waiting }, terminal) => {
    if (claims.length === 0) terminal.line('You have no claims.');
    else {
      terminal.table(
        ['appeal', 'ground', 'state', 'opened', 'decision due', 'key', 'came with'],
        claims.map(({ appeal, ground, state, openedAt, decisionDueAt, keyed, batch }) => [
          appeal,
          ground,
          state,
          openedAt,
          decisionDueAt,
          keyed ? 'yes' : 'no: take again',
          batch === appeal ? '' : batch,
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
    about: 'take the case that is due first, with a fresh key that evidence is sealed to',
  },
  async (_, { terminal, connect }) => {
    const { review } = await connect();
    const taken = await unlessNone(review.take());
    return terminal.result({ taken }, () => {
      if (taken === null) return terminal.line('Nothing waits that you could take.');
      const { appeal, ground, decisionDueAt, batch } = taken;
      terminal.line(`${appeal} (${ground}) is yours; decide by ${decisionDueAt}.`);
      if (batch.length > 1) {
        terminal.line(
          `${batch.length - 1} more rest on the same evidence: read it once, decide each.`,
        );
      }
      terminal.line(`Read it: recourse review get ${appeal}`);
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
