const dayMs = 86_400_000;

/** While the oldest appeal that nobody took is older than this, the panel is behind. */
export const behindDays = 10;
/** From here on nobody records anything. */
const closedDays = 14;

export interface Backlog {
  /** When the oldest appeal that nobody took was opened */
  readonly oldest: Date;
  /** Open appeals by submitter, of those who have any */
  readonly open: ReadonlyMap<string, number>;
}

/**
 * No capacity, no new records, first of those with most open appeals: at ten days a fifth of the submitters that
 * have any, those with most first, a fifth more with each day, and everybody at fourteen. Equals are refused together.
 */
export function isRefusedFor({ oldest, open }: Backlog, of: { party: string; now: Date }): boolean {
  const days = Math.floor((of.now.getTime() - oldest.getTime()) / dayMs);
  if (days < behindDays) return false;
  if (days >= closedDays) return true;
  const own = open.get(of.party);
  if (own === undefined) return false;
  const ahead = [...open.values()].filter((n) => n > own).length;
  const share = (days - behindDays + 1) / (closedDays - behindDays + 1);
  return ahead < share * open.size;
}
