/**
 * The same instant of the day so many calendar months later, in UTC. Where that month has no such day, it is the last
 * day of the month: 31 January + 1 month is 28 or 29 February.
 */
export function addMonths(from: Date, months: number): Date {
  const day = from.getUTCDate();
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  to.setUTCDate(Math.min(day, daysInMonth(to)));
  return to;
}

function daysInMonth(date: Date): number {
  const last = new Date(date);
  last.setUTCMonth(date.getUTCMonth() + 1, 0);
  return last.getUTCDate();
}
