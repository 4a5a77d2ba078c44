const pad = (value: number): string => String(value).padStart(2, '0');

/** The day of a date by the clock of the reader, as a date field takes it. */
export const dayOf = (at: Date): string =>
  `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;

/** Day and minute. */
export const minuteOf = (at: Date): string =>
  `${dayOf(at)}T${pad(at.getHours())}:${pad(at.getMinutes())}`;

/** The instant that a date field says; a day begins at midnight of the reader. Invalid where it says none. */
export const instantOf = (text: string): Date =>
  new Date(text.includes('T') || text === '' ? text : `${text}T00:00`);
