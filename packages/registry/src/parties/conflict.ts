import type { Problem } from '@recourse/protocol';
import { refusal } from '../kernel/refusal.ts';

/** `state-conflict` at a member of the input. */
export const conflict = (path: string, issue: string): Problem =>
  refusal('state-conflict', path, issue);
