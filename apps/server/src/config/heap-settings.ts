import { integer, type Settings } from './settings.ts';

/** Bounds of the heaps of processes that read a whole log */
export interface HeapSettings {
  readonly reportHeapMb: number;
  readonly doctorHeapMb: number;
}

/** Megabytes: less does not start a process, more no machine has. */
const bounds = { least: 32, most: 262_144 };

export const heapsOf = (env: Settings): HeapSettings => ({
  reportHeapMb: integer(env, 'RECOURSE_REPORT_HEAP_MB', { preset: 512, ...bounds }),
  doctorHeapMb: integer(env, 'RECOURSE_DOCTOR_HEAP_MB', { preset: 2_048, ...bounds }),
});
