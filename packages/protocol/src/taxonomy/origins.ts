/**
 * Where a sanction came from. `authority-request` parses, so that it can be refused by name and counted:
 * a record that originates with a state authority is never accepted.
 */
export const origins = [
  'own-detection',
  'user-report',
  'trusted-flagger',
  'authority-request',
] as const;
export type OriginKind = (typeof origins)[number];

/** `origin` as a statement carries it: a word, or a trusted flagger by its id. */
export type StatedOrigin =
  | Exclude<OriginKind, 'trusted-flagger'>
  | { readonly 'trusted-flagger': string };

/** The kind of a stated origin. */
export function originKind(origin: StatedOrigin): OriginKind {
  return typeof origin === 'string' ? origin : 'trusted-flagger';
}

/**
 * A flagger on the list of public bodies counts as an authority. The submitter chooses the origin: naming
 * a ministry's flagging desk a "trusted flagger" must not let its demand in.
 */
export function isAuthorityOrigin(
  origin: StatedOrigin,
  publicBodies: ReadonlySet<string>,
): boolean {
  if (typeof origin === 'string') return origin === 'authority-request';
  return publicBodies.has(origin['trusted-flagger']);
}
