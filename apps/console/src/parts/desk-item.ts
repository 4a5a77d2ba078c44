import type { ComponentType } from 'react';

/** A line of the navigation. */
export interface DeskItem {
  readonly href: string;
  readonly text: string;
  /** How many things wait there: renders a number, or nothing */
  readonly Count?: ComponentType;
}
