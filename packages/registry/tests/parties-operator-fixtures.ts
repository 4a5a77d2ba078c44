import { inviteKey, type Id, type OpInput, type OpName, type PartyId } from '@recourse/protocol';
import { random32, registrationOf, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';

/** The same call by both operator holders: the answer of the second. */
export async function byBoth<N extends OpName>(
  registry: TestRegistry,
  op: N,
  input: OpInput<N>,
): Promise<TestAnswer> {
  const [first, second] = registry.parties.operator;
  await registry.call(first, op, input);
  return registry.call(second, op, input);
}

export const newRegistration = () => registrationOf(`Site${randomBytes(6).toString('hex')}`);

/** A registered platform, and the code of its first admin. */
export async function register(registry: TestRegistry): Promise<{ party: PartyId; code: string }> {
  const code = random32();
  const registration = newRegistration();
  const answer = await byBoth(registry, 'platforms.register', {
    registration,
    invite: inviteKey(code),
  });
  if (answer.status !== 200) throw new Error(`platforms.register: ${JSON.stringify(answer.body)}`);
  return { party: answer.body.result.party, code };
}

/** The id of a seeded platform as operator acts take it. */
export function platformId({ id }: { id: PartyId }): Id<'plt'> {
  if (id === 'panel' || id === 'operator') throw new TypeError('no platform');
  return id;
}
