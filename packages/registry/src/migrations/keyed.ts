/**
 * Ends a subquery that looks rows up by a key of the row before it, and keeps it one. PostgreSQL keeps the plan of a guard
 * for as long as a connection lives: made while the tables were empty, it would join them whole.
 */
export const keyed = 'offset 0';

/** Whether a value is one of those that a function returns, which is called for the first row that asks, if one does. */
export const among = (value: string, call: string): string =>
  `array[${value}] <@ array(select ${call})`;
