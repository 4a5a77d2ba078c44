/**
 * Imports from a floor of the registry to one that it may not import, as they are today. `npm run edges` fails on one that
 * is missing here, and on one that is here and gone; `check-edges.test.ts` holds how many they are. The list ends empty.
 */
export const FLOOR_EXCEPTIONS: readonly string[] = [
  'migrations/alarms.ts -> due/alarm-queue.ts',
  'migrations/erase-functions.ts -> retention/retained.ts',
  'migrations/erase-functions.ts -> retention/retention.ts',
  'sanctions/appeal-closing.ts -> accountability/judging.ts',
  'sanctions/appeal-closing.ts -> appeals/store.ts',
  'sanctions/ending.ts -> accountability/inspection-closing.ts',
  'sanctions/ending.ts -> accountability/judging.ts',
  'sanctions/ending.ts -> appeals/store.ts',
  'sanctions/ending.ts -> events/emit.ts',
  'sanctions/ending.ts -> panel/case-items.ts',
  'sanctions/transition.ts -> echoes/review.ts',
  'sanctions/transition.ts -> events/emit.ts',
  'sanctions/transition.ts -> recalls/issue-recalls.ts',
];
