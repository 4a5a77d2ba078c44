import sodium from 'libsodium-wrappers-sumo';
import type { MultiplyJob, MultiplyResult } from './multiply-floor.ts';

/** A process of its own for one core: nothing but the scalar multiplications of batches, by message for so long. */
process.on('message', (job: MultiplyJob) => {
  void run(job).then((result) => process.send?.(result));
});

async function run({ elements, seconds }: MultiplyJob): Promise<MultiplyResult> {
  await sodium.ready;
  const scalar = sodium.crypto_core_ristretto255_scalar_random();
  let element = sodium.crypto_core_ristretto255_random();
  const start = performance.now();
  const end = start + seconds * 1_000;
  const before = process.cpuUsage();
  let batches = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 2 * elements + 3; i++) {
      element = sodium.crypto_scalarmult_ristretto255(scalar, element);
    }
    batches++;
  }
  const { user, system } = process.cpuUsage(before);
  const took = (performance.now() - start) / 1_000;
  return { batches, seconds: took, cpuMicroseconds: user + system };
}
