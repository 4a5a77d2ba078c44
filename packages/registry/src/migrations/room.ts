/** All that came by one way have so much room together, however many they are. */
export const room = (most: number): string =>
  `way integer not null check (way between -1 and 7),
    slot integer not null check (slot between 0 and ${most - 1})`;
