/** A key id that two people compare by eye: its first twenty characters in fives. */
export const fingerprint = (kid: string): string =>
  (kid.slice(0, 20).match(/.{5}/g) ?? []).join(' ');
