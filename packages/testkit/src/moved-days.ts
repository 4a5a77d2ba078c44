import process from 'node:process';

/** Days by which a run moves the clock of tests and of every Node process that they start; other programs keep today. */
export const movedDays = Number(process.env['RECOURSE_TEST_DAYS'] ?? 0);
