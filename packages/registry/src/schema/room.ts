import type { Column, Columns } from './define-table.ts';

/** All that came by one way have so much room together, however many they are. */
export const room = (
  row: Columns,
  most: number,
): { way: Column<number>; slot: Column<number> } => ({
  way: row.fixed('integer not null check (way between -1 and 7)'),
  slot: row.fixed(`integer not null check (slot between 0 and ${most - 1})`),
});
