import { isRecourseError, OwnLedgerError, type RecourseErrorCode } from '@recourse/sdk';
import { VerifyError } from '@recourse/verify';
import { WitnessError } from '@recourse/witness';
import { CommanderError } from 'commander';
import { CliError, type CliErrorCode } from './errors.ts';

/** Exit codes for scripts; `--help` and the README say the same. */
export const exitCodes = {
  ok: 0,
  refused: 1,
  wrongUsage: 2,
  unavailable: 3,
  notVerified: 4,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeHelp = `
Exit codes: 0 done; 1 refused by the registry (of an import: at least one record was not taken); 2 wrong usage or
input; 3 registry or name server unavailable; 4 an answer, evidence, or the ledger could not be verified; 130 stopped by Ctrl-C.`;

const unavailable: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'unavailable',
  'overloaded',
  'audit-unavailable',
  'recovering',
  'internal',
]);

const notVerified: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'answer-invalid',
  'receipt-invalid',
  'statement-invalid',
  'commitment-invalid',
  'proof-invalid',
  'chain-invalid',
  'registry-key-invalid',
  'claim-invalid',
  'evidence-mismatch',
  'event-invalid',
  'not-logged',
]);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.wrongUsage;
  if (error instanceof CliError) return codeOfCli(error);
  if (error instanceof VerifyError) {
    return error.code === 'registry-unreachable' ? exitCodes.unavailable : exitCodes.notVerified;
  }
  if (error instanceof WitnessError) return exitCodes.wrongUsage;
  if (!isRecourseError(error)) return exitCodes.refused;
  if (error instanceof OwnLedgerError) return exitCodes.refused;
  if (unavailable.has(error.code)) return exitCodes.unavailable;
  if (notVerified.has(error.code)) return exitCodes.notVerified;
  // The SDK refuses what no registry would take before it is sent: that is wrong input, not an answer.
  const neverSent = error.status === undefined;
  return neverSent ? exitCodes.wrongUsage : exitCodes.refused;
}

const notVerifiedHere: ReadonlySet<CliErrorCode> = new Set<CliErrorCode>([
  'registry-answer-invalid',
  'evidence-unfit',
]);

function codeOfCli({ code }: CliError): ExitCode {
  if (code === 'registry-unreachable' || code === 'dns-unreachable') return exitCodes.unavailable;
  return notVerifiedHere.has(code) ? exitCodes.notVerified : exitCodes.wrongUsage;
}

/** Ends a command that has said everything with an exit code of its own. */
export class ExitSignal extends Error {
  override readonly name = 'ExitSignal';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super('');
    this.exitCode = exitCode;
  }
}
