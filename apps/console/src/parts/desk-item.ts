import type { ComponentType } from 'react';

/** What waits for the person of a desk; nothing before the first answer. */
export interface Waiting {
  /** As the navigation and the title of the window say it */
  readonly own: number;
  /** With what waits for this person or another: a rise is new work */
  readonly all: number;
}

/** A line of the navigation. */
export interface DeskItem {
  readonly href: string;
  readonly text: string;
  /** How many things wait there: renders a number, or nothing */
  readonly Count?: ComponentType;
}
