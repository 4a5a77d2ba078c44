import { maximumMergeDelay } from '@recourse/protocol';

/** Half of what a receipt promises: what waits longer is held up, and there is time left to keep the promise. */
export const halfMergeDelayMs = (maximumMergeDelay * 1_000) / 2;
