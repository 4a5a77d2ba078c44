import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAs, readPack } from '@recourse/cli';
import { codeOf } from '../code-of.ts';
import type { Stage } from './appeal-stage.ts';
import { deliverPack, packOf } from './deliver-pack.ts';
import type { SampleCase } from './sample-case.ts';

/** One byte of the evidence is not the one that was committed to: the SDK sends none of it. */
export async function tryWrongByte(stage: Stage, one: SampleCase, dir: string): Promise<void> {
  const { steps, harbourIdentity } = stage;
  const pack = await packOf(join(dir, 'wrong-byte'), one);
  const [item] = readPack(pack);
  const path = join(pack, item?.file ?? '');
  const bytes = readFileSync(path);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const sent: string[] = [];
  const watched = connectAs(harbourIdentity, {
    fetch: (url, init) => {
      sent.push(url);
      return fetch(url, init);
    },
  });
  const { appeal } = one;
  const code = appeal ? await codeOf(() => deliverPack(watched, { appeal, pack })) : 'no appeal';
  const left = sent.filter((url) => url.endsWith('/evidence.deliver')).length;
  steps.check(
    'refused: evidence with one wrong byte, before any of it leaves',
    code === 'evidence-mismatch' && left === 0,
    `${code}, ${left} sent`,
  );
}
