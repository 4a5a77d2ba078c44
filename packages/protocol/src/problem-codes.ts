/**
 * Every refusal of the wire (protocol, section 3), with a title for people and the next step. `not-found` is the same
 * for missing and for not yours, so titles and steps never tell the two apart.
 */
export const problemCodes = {
  'malformed-request': {
    status: 400,
    title: 'The request is not HTTP as this registry reads it.',
    next: 'Send one Host header, and a path without a backslash, by an HTTP library that is up to date.',
  },
  'malformed-call': {
    status: 400,
    title: 'The call is not a well-formed signed call.',
    next: 'Build and sign the call with the SDK, and send the bytes it returns unchanged.',
  },
  'op-mismatch': {
    status: 400,
    title: 'The operation signed is not the operation called.',
    next: 'Send the call to the path of the operation that it names.',
  },
  'unknown-op': {
    status: 400,
    title: 'There is no such operation.',
    next: 'Look the operation up in docs/operations.md, or update the SDK.',
  },
  'unknown-key': {
    status: 401,
    title: 'The key is not known here.',
    next: 'Check that the key was added by an admin of your party, and that this is the right registry.',
  },
  'key-inactive': {
    status: 401,
    title: 'The key is not active.',
    next: 'Sign with an active key, or ask an admin of your party to add one. If yours was added lately, set the clock of your device right: a slow one signs before the key began.',
  },
  'bad-signature': {
    status: 401,
    title: 'The signature does not verify.',
    next: 'Sign again with the private key that belongs to the key id, as the party that owns it. With ES256 send the lower s: n - s where s is above n / 2.',
  },
  'wrong-audience': {
    status: 401,
    title: 'The call is addressed to another registry.',
    next: 'Set the audience to the origin of this registry and sign again.',
  },
  'clock-skew': {
    status: 401,
    title: "The call's time is too far from the registry's.",
    next: 'Correct your clock by server_time and sign again; queue intents, not signed calls.',
  },
  'role-not-allowed': {
    status: 403,
    title: 'Keys of this role may not do this.',
    next: 'Have a holder with the role that the operation names sign the call.',
  },
  'party-suspended': {
    status: 403,
    title: 'Your party is suspended.',
    next: 'Acknowledge recalls, deliver evidence and answer appeals as before; ask the operator why.',
  },
  'checks-stopped': {
    status: 403,
    title: 'Checks are stopped for your party.',
    next: 'Acknowledge overdue recalls and report owed outcomes; checks resume at once. If neither is open, parties.standing names an alarm that you explain to the operators; a new or leaving party does not check.',
  },
  'invite-invalid': {
    status: 403,
    title: 'The invite is not valid.',
    next: 'Ask an admin for a new invite; an invite works once and expires.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing of yours with this id.',
    next: 'Check what you asked for, and that you submitted it, were told of it or hold its secret.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not take this method.',
    next: 'Use one of the methods that the Allow header names.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request did not arrive in time.',
    next: 'Send headers and body without a pause, over a new connection.',
  },
  'replayed-call': {
    status: 409,
    title: 'This call was received before.',
    next: 'Sign a new call with a new jti.',
  },
  'state-conflict': {
    status: 409,
    title: 'What the call acts on is in another state.',
    next: 'Read the current state, and decide again.',
  },
  'already-decided': {
    status: 409,
    title: 'This was decided before.',
    next: 'Do not file or decide it again; only conduct later than the end of the first record can be a new one.',
  },
  'too-few-reviewers': {
    status: 409,
    title: 'Too few reviewers could decide appeals on your records.',
    next: 'Have the operator seat reviewers who work for nobody of your group until three are independent of it, and submit again.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large.',
    next: 'Send less in one call: 256 KiB at most, and no more items than the operation takes.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type is not accepted here.',
    next: 'Send signed calls as application/jose.',
  },
  'invalid-input': {
    status: 422,
    title: 'The input does not fit the operation.',
    next: 'Correct the members that `issues` names.',
  },
  'idempotency-conflict': {
    status: 422,
    title: 'The idempotency key was used with another input.',
    next: 'Use a new idempotency key, or send the first input again.',
  },
  'reason-not-accepted': {
    status: 422,
    title: 'This reason is not accepted from your party.',
    next: 'Use a reason of the taxonomy that is enabled for you and has a legal basis in your directory entry; if none fits, the record does not belong here.',
  },
  'authority-origin-not-accepted': {
    status: 422,
    title: 'A record that originates with a state authority is not accepted.',
    next: 'Do not file it: no demand of an authority becomes a record here.',
  },
  'control-not-proven': {
    status: 422,
    title: "The creator's control of an identifier was not proven.",
    next: 'Leave out identifiers whose control you did not prove yourself within the time allowed.',
  },
  'proof-too-weak': {
    status: 422,
    title: 'The evidence is below the floor of this reason.',
    next: 'Commit to the evidence that the taxonomy asks for, or do not file the record.',
  },
  'retention-too-long': {
    status: 422,
    title: 'The record would live too long, or is about something too long ago.',
    next: 'Shorten the expiry to the longest life of the reason; state a gravity where more than half is due.',
  },
  'not-independent': {
    status: 422,
    title: 'Somebody else must do this.',
    next: 'Have a person act who is not affiliated with the parties and has not acted on it before.',
  },
  'notice-required': {
    status: 422,
    title: 'Notice to the creator is missing.',
    next: 'Send the notice by a channel that works without the account, and say when.',
  },
  'unknown-epoch': {
    status: 422,
    title: 'The epoch is not live.',
    next: 'Fetch the live epochs and evaluate the identifiers again.',
  },
  'unknown-version': {
    status: 422,
    title: 'The version is not known.',
    next: 'Synchronise from the beginning by leaving the version out.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large.',
    next: 'Send fewer or shorter headers: 16 KiB at most, with the request line.',
  },
  'quota-exceeded': {
    status: 429,
    title: 'The quota is used up.',
    next: 'Wait as long as Retry-After says; ask the operator for another quota if signups have grown.',
    retryAfter: true,
  },
  internal: {
    status: 500,
    title: 'The registry failed.',
    next: 'Try again with the same idempotency key; if it lasts, send the operator the jti of the call.',
    retryAfter: true,
  },
  overloaded: {
    status: 503,
    title: 'The registry is at capacity.',
    next: 'Wait as long as Retry-After says.',
    retryAfter: true,
  },
  'audit-unavailable': {
    status: 503,
    title: 'The audit log cannot be written, so nothing is answered.',
    next: 'Try again after Retry-After with the same idempotency key.',
    retryAfter: true,
  },
  recovering: {
    status: 503,
    title: 'The registry is recovering: it lists recalls, and answers events and cases only.',
    next: 'Act on recalls now; acknowledge them, and send everything else, after Retry-After.',
    retryAfter: true,
  },
} as const satisfies Record<string, ProblemRule>;

export type ProblemCode = keyof typeof problemCodes;

/** The status of a refusal, and its texts for people. */
export interface ProblemRule {
  readonly status: number;
  readonly title: string;
  /** The next step of the caller, in one sentence. */
  readonly next: string;
  /** The answer carries a Retry-After header. */
  readonly retryAfter?: true;
}
