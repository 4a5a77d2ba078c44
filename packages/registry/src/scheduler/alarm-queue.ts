/** The one queue: an alarm says that something is due, and what is due is then settled in the order of its deadlines. */
export const alarmQueue = 'alarm';
