import type { Deeds } from './deeds.ts';
import type { Hand } from './hand.ts';
import type { People } from './people.ts';

/** How often each deed is done. */
export interface Counts {
  readonly records: number;
  readonly imported: number;
  readonly notices: number;
  readonly appeals: number;
  readonly recalls: number;
}

/** Whom Tubely told of, and what became of it */
export interface Creator {
  readonly address: string;
  /** Opens the case */
  readonly key: string;
}

/** What everybody of a month has in hand. */
export interface Month {
  readonly counts: Counts;
  readonly deeds: Deeds;
  readonly people: People;
  /** Harbour's analysts and administrator */
  readonly hanna: Hand;
  jonas: Hand;
  readonly maud: Hand;
  /** Tubely's analysts */
  readonly tom: Hand;
  readonly aoife: Hand;
  readonly ines: Hand;
  readonly yusuf: Hand;
  readonly olu: Hand;
  readonly petra: Hand;
  /** Whoever moves the clock and reads mails, at the start page */
  readonly outside: Hand;
  /** Addresses of creators in the order in which they were recorded */
  readonly byHand: string[];
  readonly imports: { readonly hanna: string[]; readonly tom: string[] };
  readonly creators: Creator[];
  /** By the clock of the sandbox */
  readonly now: () => Date;
  /** Days have passed there */
  readonly pass: (days: number) => void;
}
