import type { Recourse } from '@recourse/sdk';

/**
 * Turns identifiers into tokens, and so needs WebAssembly. It runs in a worker, whose own policy allows that: no page
 * of the desk may.
 */
export const tokenTasks = {
  check: async (recourse: Recourse, ...args: Parameters<Recourse['check']>) => {
    const result = await recourse.check(...args);
    if (result.advice === 'unavailable') throw result.cause;
    return result;
  },
  submit: (recourse: Recourse, ...args: Parameters<Recourse['sanctions']['submit']>) =>
    recourse.sanctions.submit(...args),
  draft: (recourse: Recourse, ...args: Parameters<Recourse['sanctions']['draft']>) =>
    recourse.sanctions.draft(...args),
  renew: (recourse: Recourse, ...args: Parameters<Recourse['sanctions']['retokeniseOne']>) =>
    recourse.sanctions.retokeniseOne(...args),
};

export type TokenTask = keyof typeof tokenTasks;
type Rest<T extends unknown[]> = T extends [unknown, ...infer R] ? R : never;
export type TaskArguments<N extends TokenTask> = Rest<Parameters<(typeof tokenTasks)[N]>>;
export type TaskResult<N extends TokenTask> = Awaited<ReturnType<(typeof tokenTasks)[N]>>;
