/** The kinds of recall: a platform that was told has to undo an end, pause a suspension, or correct a change. */
export const recallKinds = ['undo', 'pause', 'correct'] as const;
export type RecallKind = (typeof recallKinds)[number];

/** The actions of a platform on a recall. */
export const recallActions = [
  'undone',
  'paused',
  'corrected',
  'refusal-lifted',
  'never-acted',
  'account-gone',
  'cannot-identify',
  'kept-on-own-grounds',
] as const;
export type RecallAction = (typeof recallActions)[number];

/** The action that answers a kind by its own name; the others fit every kind. */
const namedBy: Readonly<Record<RecallKind, RecallAction>> = {
  undo: 'undone',
  pause: 'paused',
  correct: 'corrected',
};
const own: ReadonlySet<RecallAction> = new Set(Object.values(namedBy));

/** Whether an action answers a kind of recall. */
export const fitsKind = (action: RecallAction, kind: RecallKind): boolean =>
  !own.has(action) || namedBy[kind] === action;

/** Acts on a person: a trust key signs them. */
export const actionsByTrust: ReadonlySet<RecallAction> = new Set([
  'refusal-lifted',
  'kept-on-own-grounds',
]);
