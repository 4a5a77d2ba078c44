import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { packed } from './evidence.ts';
import { itemId } from './ids.ts';

export const auditsCommand = (environment: Environment): Command =>
  new Command('audits')
    .description('your own records that a reviewer examines without an appeal, or once more')
    .addCommand(listCommand(environment))
    .addCommand(deliverCommand(environment));

const whys = {
  drawn: 'drawn by the ledger',
  probation: 'one of your first',
  're-examination': 'you are suspended',
  leaving: 'you leave',
  decision: 'its decision is made again',
} as const;

const listCommand = (environment: Environment): Command =>
  new Command('list')
    .description('the open ones, with what is missing and until when')
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const { audits } = await recourse.audits.list({});
      terminal.result({ audits }, () => {
        if (audits.length === 0) return terminal.line('None of your records is examined.');
        terminal.table(
          ['audit', 'sanction', 'why', 'reviewer', 'evidence due', 'missing'],
          audits.map(({ item, sanction, why, claim, evidenceDueAt, evidence }) => [
            item,
            sanction,
            whys[why],
            claim === undefined ? 'none yet' : 'has a key',
            evidenceDueAt ?? '',
            missingIn(evidence) || 'nothing',
          ]),
        );
        if (audits.some(({ claim, evidence }) => claim !== undefined && missingIn(evidence) !== ''))
          terminal.line('Deliver it: recourse audits deliver AUDIT --pack DIR');
      });
    });

const missingIn = (
  evidence: readonly { readonly item: number; readonly delivered: boolean }[],
): string => evidence.flatMap(({ item, delivered }) => (delivered ? [] : [item])).join(', ');

const deliverCommand = (environment: Environment): Command =>
  new Command('deliver')
    .description('seal a pack to the reviewer and deliver it; what does not fit never leaves')
    .argument('<audit>')
    .requiredOption('--pack <dir>', 'as recourse evidence pack made it')
    .action(async (audit: string, { pack: dir }: { pack: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const item = itemId(audit);
      const evidence = packed(dir);
      const recourse = await connect();
      const delivered = await recourse.audits.deliver({ item, evidence });
      terminal.result(delivered, () => {
        const { places, missing } = delivered;
        terminal.line(`Delivered ${places.length}: ${places.join(', ')}.`);
        if (missing.length > 0) terminal.line(`Still missing: ${missing.join(', ')}.`);
      });
    });
