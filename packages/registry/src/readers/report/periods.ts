/** `2026-03` of a timestamp. */
export const monthOf = (timestamp: string): string => timestamp.slice(0, 7);

const dayMs = 86_400_000;

/** Whole days from one timestamp to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.floor((Date.parse(to) - Date.parse(from)) / dayMs);
