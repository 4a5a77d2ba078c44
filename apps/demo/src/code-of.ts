import { isRecourseError } from '@recourse/sdk';

/** The code that an attempt was refused with, or `accepted`. */
export async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    if (isRecourseError(error)) return error.code;
    throw error;
  }
}
