import {
  peekArtefact,
  isId,
  keyStatementSchema,
  reasonCodes,
  reasons,
  signCompact,
  toNumericDate,
  type OpInput,
  type OpOutput,
  type Id,
  type Registration,
} from '@recourse/protocol';
import { bootstrapOperator } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import {
  addKey,
  addOwnKey,
  addPerson,
  addService,
  enrolRoot,
  enrolWaiting,
  inviteFor,
} from './keys.ts';
import type { SandboxKey, SandboxRegistry } from './sandbox-registry.ts';

/** The people and services of one sample platform. */
export interface SamplePlatform {
  readonly id: Id<'plt'>;
  readonly name: string;
  readonly admin: SandboxKey;
  readonly trust: SandboxKey;
  readonly service: SandboxKey;
  /** A second analyst, who confirms what the first drafted */
  readonly colleague: SandboxKey;
}

/** Two people, and the admin key of the second. */
export type Operators = readonly [SandboxKey, SandboxKey, SandboxKey];

/** Two operator holders, both of them admins: what needs two people needs two, and so does a key for one of them. */
export async function castOperators(registry: SandboxRegistry): Promise<Operators> {
  const operator = { party: 'operator', role: 'operator' } as const;
  // Once somebody enrolled there is no invite any more, and none is needed.
  const invite = await bootstrapOperator(registry.services);
  const code = invite?.code ?? registry.seed.text('invite/used');
  const first = await enrolRoot(
    registry,
    { ...operator, label: 'operator/1', name: 'Operator' },
    code,
  );
  const named = { ...operator, name: 'Operator' };
  const label = 'operator/2/admin';
  const admin = await addPerson(registry, { ...named, label, admin: true }, first);
  return [first, await addOwnKey(registry, { ...named, label: 'operator/2' }, admin), admin];
}

/**
 * Five reviewers: the first to enrol is an admin of the panel, and states the keys of the others. So is the second, who
 * was invited before anybody had enrolled. Two who sit sign for the fourth and the fifth. The third has worked for a
 * platform, and is assigned nothing that it submitted.
 */
export async function castPanel(
  registry: SandboxRegistry,
  operators: Operators,
  { affiliatedTo }: { affiliatedTo: Id<'plt'> },
): Promise<SandboxKey[]> {
  const panel = { party: 'panel', role: 'reviewer', name: 'Review panel' } as const;
  const invite = async (label: string): Promise<string> => {
    const { code, hash } = inviteFor(registry, label);
    const affiliations = label === 'panel/3' ? [{ party: affiliatedTo }] : [];
    const terms = { invite: hash, affiliations, languages: ['en'], optOut: [] };
    const seat = { ...terms, termUntil: toNumericDate(registry.seed.day(3 * 365)) };
    const countersignatures = firstSeats.includes(label) ? [] : await countersign(registry, seat);
    await byTwo(registry, operators, {
      op: 'panel.invite',
      in: { ...seat, countersignatures },
      idem: `invite/${label}`,
    });
    return code;
  };
  const code = { first: await invite('panel/1'), second: await invite('panel/2') };
  const chief = await enrolRoot(registry, { ...panel, label: 'panel/1' }, code.first);
  const deputy = await addReviewer(
    registry,
    { ...panel, label: 'panel/2/admin', admin: true },
    { by: chief, code: code.second },
  );
  const reviewers = [chief, await addOwnKey(registry, { ...panel, label: 'panel/2' }, deputy)];
  for (const label of ['panel/3', 'panel/4', 'panel/5']) {
    const key = { ...panel, label, admin: false };
    reviewers.push(await addReviewer(registry, key, { by: chief, code: await invite(label) }));
  }
  return [...reviewers, deputy];
}

/** Nobody sits yet who could sign for them. */
const firstSeats: readonly string[] = ['panel/1', 'panel/2', 'panel/3'];

/** The first two reviewers sign for a seat. */
const countersign = (
  { seed, services }: SandboxRegistry,
  seat: Omit<OpInput<'panel.invite'>, 'countersignatures'>,
): Promise<string[]> =>
  Promise.all(
    ['panel/1', 'panel/2'].map(async (label) => {
      const claims = { iss: 'panel', aud: services.origin, iat: toNumericDate(seed.bornAt) };
      const { signer } = await seed.key(label);
      return signCompact(signer, 'recourse-countersignature+jwt', { ...claims, ...seat });
    }),
  );

/** The invite of a reviewer names no holder: the admin reads it from the enrolment that waits, or from the chain. */
async function addReviewer(
  registry: SandboxRegistry,
  key: Omit<SandboxKey, 'holder'>,
  admission: { by: SandboxKey; code: string },
): Promise<SandboxKey> {
  await enrolWaiting(registry, key, admission.code);
  const { kid } = (await registry.seed.key(key.label)).signer;
  const { waiting, keys } = await registry.call(admission.by, 'keys.list', { in: {} });
  const stated = keys.find((link) => link.kid === kid)?.statement;
  const holder = stated
    ? peekArtefact(stated, { typ: 'recourse-key+jwt', schema: keyStatementSchema }).payload.holder
    : waiting.find((enrolled) => enrolled.kid === kid)?.holder;
  if (holder === undefined)
    throw new ServerError('sandbox_failed', `${key.label} could not enrol.`);
  const reviewer = { ...key, holder };
  await addKey(registry, reviewer, { by: admission.by });
  return reviewer;
}

/** Registers a platform by two operators, enrols its people and its service, and enables the reasons it may use. */
export async function castPlatform(
  registry: SandboxRegistry,
  operators: Operators,
  registration: Registration,
): Promise<SamplePlatform> {
  const { name } = registration;
  const label = name.toLowerCase();
  const { code, hash } = inviteFor(registry, `${label}/admin`);
  const registered = await byTwo(registry, operators, {
    op: 'platforms.register',
    in: { registration, invite: hash },
    idem: `register/${label}`,
  });
  const id = registered.state === 'executed' ? registered.party : undefined;
  if (!isId('plt', id)) {
    throw new ServerError('sandbox_failed', `${name} could not be registered.`);
  }
  const platform = { party: id, name };
  const admin = await enrolRoot(
    registry,
    { ...platform, label: `${label}/admin`, role: 'trust' },
    code,
  );
  const trust = await addPerson(
    registry,
    { ...platform, label: `${label}/trust`, role: 'trust' },
    admin,
  );
  const service = { ...platform, label: `${label}/service`, role: 'service' } as const;
  await byTwo(registry, operators, {
    op: 'taxonomy.enable',
    in: {
      party: id,
      reasons: reasonCodes.filter((reason) => reasons[reason].namesCriminalOffence),
    },
    idem: `enable/${label}`,
  });
  const served = await addService(registry, service, admin);
  const second = { ...platform, label: `${label}/trust/2`, role: 'trust' } as const;
  const colleague = await addPerson(registry, second, admin);
  return { id, name, admin, trust, service: served, colleague };
}

type TwoHolderOp = 'platforms.register' | 'panel.invite' | 'taxonomy.enable';

/** The first operator proposes, the second executes. */
async function byTwo<N extends TwoHolderOp>(
  registry: SandboxRegistry,
  [first, second]: Operators,
  act: { op: N; in: OpInput<N>; idem: string },
): Promise<OpOutput<N>> {
  await registry.call(first, act.op, { in: act.in, idem: `${act.idem}/propose` });
  return registry.call(second, act.op, { in: act.in, idem: `${act.idem}/execute` });
}
