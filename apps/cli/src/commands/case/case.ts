import { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { eraseCaseCommand } from './erase.ts';
import { verifyCaseCommand } from './verify.ts';

/** What is kept of a case: by its creator, checked against the public ledger; by the registry, erased. */
export const caseCommand = (environment: Environment): Command =>
  new Command('case')
    .description('check what you keep of a case against the public ledger, or have it erased')
    .addCommand(verifyCaseCommand(environment))
    .addCommand(eraseCaseCommand(environment));
