import { b64u32 } from '@recourse/protocol';
import { Command, InvalidArgumentError } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { platformId } from './acts.ts';

/** For operators: a platform lost its admin key, and its domain asks for a new one. */
export const reenrolCommand = (environment: Environment): Command =>
  new Command('reenrol')
    .description('for operators: announce new keys of a platform that lost its admin key')
    .argument('<party>', 'plt_…, as recourse parties shows it')
    .requiredOption('--invite <hash>', 'as recourse keys anew told the platform', parseHash)
    .action(async (party: string, { invite }: { invite: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const input = { party: platformId(party), invite };
      const done = await (await connect()).platforms.reenrol(input);
      terminal.result(done, () =>
        terminal.line(
          done.state === 'proposed'
            ? `Proposed. Another operator makes the same call by ${done.executeBefore}.`
            : 'Announced in the log and at /parties. In seven days its new admin may enrol, unless any key of the platform stops it.',
        ),
      );
    });

function parseHash(text: string): string {
  if (b64u32.safeParse(text).success) return text;
  throw new InvalidArgumentError('It takes the 43 characters that recourse keys anew printed.');
}
