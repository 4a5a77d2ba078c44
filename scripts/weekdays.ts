export const weekdays = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Days from `today`, as `getUTCDay` counts it, to the next such day: 0 to 6. */
export const daysUntil = (weekday: (typeof weekdays)[number], today: number): number =>
  (weekdays.indexOf(weekday) + 1 - today + 7) % 7;
