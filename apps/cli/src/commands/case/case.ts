import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { verifyCaseCommand } from './verify.ts';

/** What a creator keeps of a case, checked against the public ledger. */
export const caseCommand = (environment: Environment): Command =>
  new Command('case')
    .description('check what you keep of a case against the public ledger')
    .addCommand(verifyCaseCommand(environment));
