import { randomBytes } from 'node:crypto';
import {
  isJsonObject,
  parseStrictJson,
  signCall,
  toNumericDate,
  utf8,
  type Json,
  type OpInput,
  type OpName,
  type OpOutput,
  type PartyId,
  type Role,
} from '@recourse/protocol';
import { publicApi, type CallHandler, type Services } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import type { SandboxSeed } from './sandbox-seed.ts';

/** A key of an invented party, whose label derives it. */
export interface SandboxKey {
  readonly label: string;
  readonly party: PartyId;
  readonly name: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
}

/** The registry as its members see it: signed calls and redeemed invites, without a socket between. */
export class SandboxRegistry {
  readonly services: Services;
  readonly seed: SandboxSeed;
  readonly clock: SandboxClock;
  readonly #calls: CallHandler;

  constructor(parts: {
    services: Services;
    calls: CallHandler;
    seed: SandboxSeed;
    clock: SandboxClock;
  }) {
    this.services = parts.services;
    this.seed = parts.seed;
    this.clock = parts.clock;
    this.#calls = parts.calls;
  }

  /** @throws ServerError `sandbox_failed` with the code of the problem */
  async call<N extends OpName>(
    key: SandboxKey,
    op: N,
    call: { in: OpInput<N>; idem?: string },
  ): Promise<OpOutput<N>> {
    const { signer } = await this.seed.key(key.label);
    const iat = toNumericDate(this.clock.now());
    const compact = await signCall(signer, {
      iss: key.party,
      aud: this.services.origin,
      iat,
      exp: iat + 60,
      jti: randomBytes(18).toString('base64url'),
      op,
      // What goes on the wire is JSON: members that are undefined are left out.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an input is what JSON can say
      in: JSON.parse(JSON.stringify(call.in)) as Record<string, Json>,
      ...(call.idem === undefined ? {} : { idem: `sandbox/${call.idem}` }),
    });
    const answer = await this.#calls.handle(op, compact);
    const body = parseStrictJson(utf8(answer.body));
    const { result, type } = isJsonObject(body) ? body : {};
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of this operation, from our own handler
    if (answer.status === 200) return result as OpOutput<N>;
    const code = typeof type === 'string' ? type.split('/').at(-1) : answer.status;
    throw new ServerError(
      'sandbox_failed',
      `Making the sandbox failed at ${op} (${code}): remove its data directory and start again.`,
    );
  }

  /** Redeems an invite; false when it was redeemed before. */
  async enrol(code: string, enrolment: string): Promise<boolean> {
    const { services } = this;
    const caller = publicApi.createCaller({ services, now: services.clock() });
    try {
      await caller.parties.enrol({ code, enrolment });
      return true;
    } catch (error) {
      const problem = error instanceof Error ? error.cause : undefined;
      const isUsed =
        problem instanceof Error && 'code' in problem && problem.code === 'invite-invalid';
      if (isUsed) return false;
      throw error;
    }
  }
}
