import { decidedCauses, decisionOutcomes, reasonCodes, type OpOutput } from '@recourse/protocol';
import type { DecisionInput } from '@recourse/sdk';
import { Command, Option } from 'commander';
import { Answers } from '../../case/answers.ts';
import { readWords } from '../../case/read-words.ts';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { collect, parseDate, parseIndex } from '../../options.ts';
import { appealId } from '../ids.ts';

type DecideFlags = Pick<DecisionInput, 'outcome' | 'cause' | 'reason' | 'expires'> & {
  readonly detach?: number[];
  readonly reasonsFile?: string;
  readonly with?: readonly string[];
};

export const decideCommand = (environment: Environment): Command =>
  new Command('decide')
    .description('decide a claimed case by a signed decision and its reasons')
    .argument('<appeal>')
    .addOption(
      new Option('--outcome <outcome>', 'finding: of a record that has ended')
        .choices([...decisionOutcomes])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--cause <cause>', 'of a reversal or a finding').choices([...decidedCauses]),
    )
    .addOption(
      new Option('--reason <code>', 'of an amendment: a lesser reason').choices([...reasonCodes]),
    )
    .option('--expires <time>', 'of an amendment: an earlier expiry', parseDate)
    .option(
      '--detach <index>',
      'of an amendment: a subject that no longer matches; may be repeated',
      (text: string, before: number[] | undefined) => [...(before ?? []), parseIndex(text)],
    )
    .option(
      '--with <appeal>',
      'decide this claimed one, too, in the same way by a decision of its own; may be repeated',
      collect,
    )
    .option(
      '--reasons-file <file>',
      'for the creator and the submitter, up to 20,000 characters; asked for when absent, - for stdin',
    )
    .action(async (appeal: string, flags: DecideFlags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const ids = [...new Set([appeal, ...(flags.with ?? [])])].map(appealId);
      const { reasonsFile: file, with: _, ...decision } = flags;
      const answers = new Answers(environment.terminal.stdin && environment.terminal.stderr);
      const reasons = await readWords(answers, { what: 'Reasons', file, option: '--reasons-file' });
      const recourse = await connect();
      const decided: OpOutput<'review.decide'>[] = [];
      for (const id of ids) {
        const { sanction } = await recourse.review.get({ appeal: id });
        decided.push(await recourse.review.decide({ appeal: id, sanction, ...decision, reasons }));
      }
      terminal.result(flags.with ? { decided } : decided[0], () => {
        for (const one of decided) terminal.line(said(one));
      });
    });

function said({ appeal, state, outcome, recalls }: OpOutput<'review.decide'>): string {
  return state === 'awaiting-second'
    ? `${appeal}: taken. A second reviewer decides too, and is not told how you did.`
    : `${appeal}: ${outcome}. Platforms that were told: ${recalls}.`;
}
