import { canonicalize } from '@recourse/protocol/identifiers';
import { keptCheckOrder, type KeptCheckOrder } from '../orders/schemas.ts';
import { proofMs } from '../questions/question.ts';
import { valueAt } from './pointer.ts';
import type { PointerMap, Reading, Skipped, Source } from './source.ts';

/** A webhook that its map does not fit. The text names members, never values. */
export class Unmapped extends Error {
  override readonly name = 'Unmapped';
}

/** Makes a question of a webhook, or says why it is none. @throws Unmapped */
export function readWebhook(
  { map, purpose }: Pick<Source, 'map' | 'purpose'>,
  body: unknown,
  now: Date,
): KeptCheckOrder | Skipped {
  const reading = typeof map === 'function' ? readBy(map, body) : pointed(map, body, now);
  if (typeof reading === 'string') return reading;
  const { ref, email, phone } = reading;
  const provenAt = timeOf(reading.provenAt);
  if (now.getTime() - provenAt.getTime() >= proofMs) return 'proof-too-old';
  const order = keptCheckOrder.safeParse({
    purpose,
    ref: typeof ref === 'number' ? String(ref) : ref,
    identifiers: { email: identifierOf('email', email), phone: identifierOf('phone', phone) },
    provenAt: provenAt.toISOString(),
  });
  if (order.success) return order.data;
  const [issue] = order.error.issues;
  throw new Unmapped(`${issue?.path.join('.') ?? 'the question'} does not fit`);
}

function readBy(read: Exclude<Source['map'], PointerMap>, body: unknown): Reading | Skipped {
  try {
    return read(body);
  } catch (cause) {
    throw new Unmapped('the body does not have the form of this source', { cause });
  }
}

function pointed(map: PointerMap, body: unknown, now: Date): Reading | Skipped {
  const { only = {}, changed } = map;
  const isOther = Object.entries(only).some(([at, value]) => valueAt(body, at) !== value);
  if (isOther) return 'other-event';
  if (changed) {
    const [before, after] = changed.map((at) => valueAt(body, at) ?? null);
    if (after === null) return 'not-proven';
    if (before === after) return 'other-event';
  }
  const needed = (at: string): unknown => {
    const value = valueAt(body, at);
    if (value === undefined) throw new Unmapped(`${at} leads nowhere`);
    return value;
  };
  const provenAt = map.provenAt === undefined ? now.toISOString() : needed(map.provenAt);
  if (provenAt === null) return 'not-proven';
  return {
    ref: needed(map.ref),
    email: map.email === undefined ? undefined : needed(map.email),
    phone: map.phone === undefined ? undefined : needed(map.phone),
    provenAt,
  };
}

/** An identifier as it was written, where it is one; nothing where the source has none. */
function identifierOf(kind: 'email' | 'phone', value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  try {
    if (typeof value !== 'string') throw new TypeError('no text');
    canonicalize(kind, value);
    return value;
  } catch {
    // No cause: it may quote the value.
    throw new Unmapped(`what stands for ${kind} is none`);
  }
}

/** Seconds since 1970 have ten digits for two hundred years, milliseconds more. */
function timeOf(value: unknown): Date {
  const number = typeof value === 'number' ? value * (value < 1e11 ? 1000 : 1) : Number.NaN;
  const time = new Date(typeof value === 'string' ? value : number);
  if (Number.isNaN(time.getTime()))
    throw new Unmapped('what stands for the time of the proof is none');
  return time;
}
