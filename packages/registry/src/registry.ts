import { runCaseProcedure, runProcedure } from './api.ts';
import { CallHandler, type CallHandlerOptions } from './calls/handle-call.ts';
import { CaseHandler, type CaseHandlerOptions } from './calls/handle-case.ts';
import type { RegistryOptions, Services } from './context/context.ts';
import { LedgerGuard } from './log/ledger-guard.ts';
import { KnownSets } from './lookup/prefixes/known-sets.ts';
import { PublishedSetFilter } from './lookup/prefixes/published.ts';
import { reactions } from './reactions.ts';
import type { RecoveryServices } from './readers/recovery/applying.ts';
import {
  recoverWith,
  type RecoveryInput,
  type RecoveryResult,
} from './readers/recovery/recover-ledger.ts';

// How a registry is put together.

/** The services of one server: what its process brings, and a memory of its own. */
export function makeServices(options: RegistryOptions): Services {
  const { tokens, clock } = options;
  const sets = new KnownSets();
  return {
    flaggers: [],
    ...options,
    reactions,
    sets,
    published: new PublishedSetFilter({ known: sets, tokens, clock }),
    ledger: new LedgerGuard(),
  };
}

/** Makes what answers signed calls: every operation behind one admission, one audit and one commit. */
export const createCallHandler = (
  services: Services,
  options: CallHandlerOptions = {},
): CallHandler => new CallHandler(services, runProcedure, options);

/** Makes what answers creators: every act by a secret, behind the same audit and the same commit. */
export const createCaseHandler = (
  services: Services,
  options: CaseHandlerOptions = {},
): CaseHandler => new CaseHandler(services, runCaseProcedure, options);

/** {@link recoverWith}, with what follows from each change of a record. */
export const recoverLedger = ({
  services,
  ...recovering
}: Omit<RecoveryInput, 'services'> & {
  readonly services: Omit<RecoveryServices, 'reactions'>;
}): Promise<RecoveryResult> => recoverWith({ ...recovering, services: { ...services, reactions } });
