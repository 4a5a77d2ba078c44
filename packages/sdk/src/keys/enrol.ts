import {
  b64u32,
  decodeInvite,
  holderSchema,
  inviteKey,
  isJsonObject,
  parseProblem,
  parseStrictJson,
  partyIdSchema,
  signCompact,
  toNumericDate,
  type Enrolment,
  type Invite,
  type Json,
  type PartyId,
  type ProblemCode,
  type Signer,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { withLink } from '../link-errors.ts';
import { defaultRetry } from '../transport/backoff.ts';
import { exchange, type Fetch, type RawAnswer } from '../transport/post.ts';

/** The invite, and the key that redeems it. */
export interface EnrolOptions {
  /** `recourse-invite-1.…`, as an admin of the party handed it over */
  readonly invite: string;
  /** The new key; its private half never leaves the signer */
  readonly signer: Signer;
  /** Where to reach the registry, if that is not the origin of the invite */
  readonly url?: string | undefined;

  /** Another `fetch`, for proxies and tests */
  readonly fetch?: Fetch | undefined;

  /** The time of this machine */
  readonly clock?: (() => Date) | undefined;
}

/** A key that the registry knows now. */
export interface EnrolledKey {
  /** The party that it belongs to */
  readonly party: PartyId;

  /** The person or service that holds it */
  readonly holder: string;

  /** RFC 7638 thumbprint of the key */
  readonly kid: string;
  /** `active` for the first admin key of a party; any other waits until an admin adds it */
  readonly state: 'active' | 'awaiting-admin';

  /** Role that it may sign for */
  readonly role: Invite['role'];

  /** Whether it adds and revokes keys */
  readonly admin: boolean;
  /** For `connect`: the origin, and the two pins of the invite: ledger key and witness policy */
  readonly registry: { readonly origin: string; readonly logKid: string; readonly policy: string };
}

/**
 * Redeems a one-time invite with proof of possession of a new key. It is sent once. If the answer is lost, look at the
 * key list of the party: the invite may be redeemed.
 * @throws RecourseError `invite-invalid`, `state-conflict`, `unavailable`, `answer-invalid`
 */
export async function enrol(options: EnrolOptions): Promise<EnrolledKey> {
  const invite = await readInvite(options.invite);
  return withLink(invite.origin, () => redeem(invite, options));
}

async function redeem(invite: Invite, options: EnrolOptions): Promise<EnrolledKey> {
  const { origin, code, role, admin, logKey, policy } = invite;
  const body = JSON.stringify({ code, enrolment: await prove(invite, options) });
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const answer = await exchange(fetch, {
    url: `${options.url ?? origin}/trpc/parties.enrol`,
    method: 'POST',
    contentType: 'application/json',
    body,
    timeoutSeconds: defaultRetry.timeoutSeconds,
  });
  if (answer.status !== 200) throw await refusalOf(answer);
  const enrolled = await failAs('answer-invalid', () => readEnrolled(parseStrictJson(answer.body)));
  if (enrolled.kid !== options.signer.kid || enrolled.party !== invite.party) {
    throw new RecourseError('answer-invalid');
  }
  return { ...enrolled, role, admin, registry: { origin, logKid: logKey, policy } };
}

/** No cause: the text of a mistyped invite holds the code. */
async function readInvite(text: string): Promise<Invite> {
  try {
    return decodeInvite(text);
  } catch {
    throw new RecourseError('invite-invalid');
  }
}

function prove(invite: Invite, options: EnrolOptions): Promise<string> {
  const { signer } = options;
  const payload: Enrolment = {
    aud: invite.origin,
    role: invite.role,
    admin: invite.admin,
    use: 'sig',
    jwk: signer.publicJwk,
    iat: toNumericDate(options.clock?.() ?? new Date()),
    invite: inviteKey(invite.code),
  };
  return signCompact(signer, 'recourse-enrol+jwt', payload);
}

/** `{"result":{"data":…}}`, as tRPC wraps it. */
function readEnrolled(json: Json): Pick<EnrolledKey, 'party' | 'holder' | 'kid' | 'state'> {
  const result = isJsonObject(json) ? json['result'] : undefined;
  const data = isJsonObject(result) ? result['data'] : undefined;
  if (!isJsonObject(data)) throw new RecourseError('answer-invalid');
  const { state } = data;
  if (state !== 'active' && state !== 'awaiting-admin') throw new RecourseError('answer-invalid');
  const party = partyIdSchema.parse(data['party']);
  return {
    party: party === 'panel' || party === 'operator' ? party : `plt_${party.slice(4)}`,
    holder: holderSchema.parse(data['holder']),
    kid: b64u32.parse(data['kid']),
    state,
  };
}

const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-input',
  403: 'invite-invalid',
  409: 'state-conflict',
  413: 'too-large',
  422: 'invalid-input',
  429: 'quota-exceeded',
};

/** A problem where the registry sent one; else what the status says. */
async function refusalOf(answer: RawAnswer): Promise<RecourseError> {
  const { status, retryAfterSeconds } = answer;
  const problem = await failAs('answer-invalid', () =>
    parseProblem(parseStrictJson(answer.body), retryAfterSeconds),
  ).catch(() => undefined);
  const code =
    problem?.code ??
    codeOfStatus[status] ??
    (status >= 500 ? ('unavailable' as const) : ('answer-invalid' as const));
  return new RecourseError(code, { status, retryAfterSeconds, issues: problem?.issues });
}
