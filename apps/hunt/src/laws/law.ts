import type { Came } from '../acts/things.ts';
import type { Act } from '../play.ts';
import type { Stage } from '../world/stage.ts';

/** A law that an act broke, and how. `kind` stays the same while a history is shrunk; `what` names those concerned. */
export interface Broken {
  readonly law: LawName;
  readonly kind: string;
  readonly what: string;
  /** Of `one-step`: what a claimant lost, by which it is confirmed with real commits */
  readonly lost?: {
    readonly claimant: string;
    readonly options: readonly string[];
  };
}

export const lawNames = [
  'canaries',
  'one-step',
  'one-vote',
  'heard',
  'once',
  'own',
  'grounds',
  'series',
  'budgets',
  'units',
  'books',
  'injection',
  'late',
  'faults',
] as const;
export type LawName = (typeof lawNames)[number];

/** An act that just came to something, and who the enemies of its history are. */
export interface Moment {
  readonly stage: Stage;
  readonly act: Act;
  readonly came: Came;
  readonly enemies: ReadonlySet<string>;
}

/** What a law says about the act that just ran; it changes nothing. */
export type Law = (moment: Moment) => Promise<Broken | undefined>;
