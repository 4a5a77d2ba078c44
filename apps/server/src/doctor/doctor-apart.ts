import process from 'node:process';
import { endOf, startBounded } from '../bounded/run-bounded.ts';
import { ServerError } from '../errors.ts';

interface DoctorApart {
  /** Module that this program began with */
  readonly module: string;
  readonly args: readonly string[];
  readonly heapMb: number;
}

/**
 * Runs the same command in a process with a bound on its heap, so that a log too long for it is named, and nothing else on
 * the machine is harmed. @returns its exit code
 * @throws ServerError `doctor_out_of_memory` or `doctor_killed`
 */
export async function runDoctorApart({ module, args, heapMb }: DoctorApart): Promise<number> {
  const child = startBounded({
    module,
    args: ['doctor', ...args],
    env: process.env,
    heapMb,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void child.kill(signal));
  const end = await endOf(child);
  if (end === 'out-of-memory')
    throw new ServerError(
      'doctor_out_of_memory',
      `The doctor ran out of memory, and has found nothing: the log does not fit into ${heapMb} MB. Set RECOURSE_DOCTOR_HEAP_MB to ${2 * heapMb}.`,
    );
  if (end === 'killed')
    throw new ServerError(
      'doctor_killed',
      'Something killed the doctor, and it has found nothing. Where that was the machine, run it on one with more memory, or set RECOURSE_DOCTOR_HEAP_MB to less.',
    );
  return end;
}
