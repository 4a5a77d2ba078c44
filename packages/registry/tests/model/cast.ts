import { reasonCodes } from '@recourse/protocol';
import { seedPlatform, testOrigin, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { logSeeds } from '../doctor-fixture.ts';
import type { Kind } from './acts.ts';
import { RegistryRun } from './registry-run.ts';
import type { ModelSubmitter } from './state.ts';
import { ownWire, type Wire } from './wire.ts';

/** A submitter with what the model knows of it. */
export interface Cast {
  readonly submitter: TestPlatform;
  readonly model: ModelSubmitter;
}

/**
 * Who submits in the lives of one registry: somebody without a past, and so somebody new once one left, was found to
 * have recorded speech, or was on probation.
 */
export class Casting {
  readonly registry: TestRegistry;
  #unspent: Pick<Cast, 'submitter'> | undefined;

  constructor(registry: TestRegistry) {
    this.registry = registry;
  }

  async for(kind: Kind): Promise<Cast> {
    const { registry } = this;
    const isNew = kind === 'probation';
    const submitter = isNew ? await newSubmitter(registry, true) : await this.#member();
    const model: ModelSubmitter = {
      inProbation: isNew,
      speech: [],
      leftAt: null,
    };
    if (kind === 'spoke') model.speech.push(await reverseSpeech(registry, submitter));
    return { submitter, model };
  }

  async #member(): Promise<TestPlatform> {
    this.#unspent ??= { submitter: await newSubmitter(this.registry, false) };
    return this.#unspent.submitter;
  }

  /** The life is over. */
  spent({ model }: Cast): void {
    if (model.leftAt || model.speech.length > 0) this.#unspent = undefined;
  }
}

let submitters = 0;

async function newSubmitter(registry: TestRegistry, inProbation: boolean): Promise<TestPlatform> {
  const now = new Date(registry.now().getTime() - 3_600_000);
  const registeredFor = inProbation ? 15 : 365;
  const seed = { db: registry.db, audience: testOrigin, now, registeredFor };
  const submitter = await seedPlatform(seed, `Harbour${++submitters}`);
  await registry.ownerDb
    .updateTable('parties')
    .set({
      enabled_reasons: [...reasonCodes],
      submissions_per_day: 1_000_000,
    })
    .where('id', '=', submitter.id)
    .execute();
  await logSeeds({ db: registry.db, now, party: submitter.id });
  return submitter;
}

/** Two reviewers find that an earlier record of a submitter was about speech. @returns when */
async function reverseSpeech(registry: TestRegistry, submitter: TestPlatform): Promise<Date> {
  const wire: Wire = ownWire(registry);
  const run = await RegistryRun.start({
    registry,
    submitter,
    wire,
    kind: 'plain',
    jobs: 'stopped',
  });
  const answers = [
    await run.appeal({ ground: 'expression' }),
    await run.take(0),
    await run.take(1),
  ];
  const decision = { outcome: 'reversed', cause: 'expression', expires: registry.now() } as const;
  for (const reviewer of [0, 1]) answers.push(await run.decide(reviewer, decision));
  const failed = answers.find(({ status }) => status !== 200);
  if (failed) throw new Error(failed.raw.body);
  return registry.now();
}
