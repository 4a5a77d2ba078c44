import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeIdSuffix, encodeIdSuffix, idPrefixes, idSchema, isId, newId } from './typeid.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const fromUuid = (uuid: string): Uint8Array => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const random = (size: number): Uint8Array => new Uint8Array(size).fill(0xff);

describe('TypeID spec 0.3, valid.json', () => {
  it.each([
    ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
    ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
    ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
    ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
    ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
    ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
    ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('%s', (suffix, uuid) => {
    expect(encodeIdSuffix(fromUuid(uuid))).toBe(suffix);
    expect(hex(decodeIdSuffix(suffix)!)).toBe(hex(fromUuid(uuid)));
    expect(isId('snc', `snc_${suffix}`)).toBe(true);
  });
});

describe('TypeID spec 0.3, invalid.json', () => {
  it.each([
    'SNC_00000000000000000000000000',
    '123_00000000000000000000000000',
    's.c_00000000000000000000000000',
    'snç_00000000000000000000000000',
    '  snc_00000000000000000000000000',
    '_00000000000000000000000000',
    '_',
    'snc_1234567890123456789012345',
    'snc_123456789012345678901234567',
    'snc_1234567890123456789012345 ',
    'snc_0123456789ABCDEFGHJKMNPQRS',
    'snc_123456789-123456789-123456',
    'snc_ooooooiiiiiiuuuuuuulllllll',
    'snc_i23456789ol23456789oi23456',
    'snc_123456789-0123456789-0123456',
    'snc_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    '_snc_00000000000000000000000000',
    'snc__00000000000000000000000000',
    'snc_00000000000000000000000000\n',
    'plt_00000000000000000000000000',
    '00000000000000000000000000',
    7,
    undefined,
  ])('%s', (value) => {
    expect(isId('snc', value)).toBe(false);
    expect(idSchema('snc').safeParse(value).success).toBe(false);
  });
});

describe('newId', () => {
  it('makes a UUIDv7 of RFC 9562 (appendix A.6)', () => {
    const bytes = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    const id = newId('snc', { now: new Date(0x017f22e279b0), random: () => bytes });
    expect(hex(decodeIdSuffix(id.slice(4))!)).toBe('017f22e279b07cc398c4dc0c0c07398f');
  });

  it('makes ids that sort by time and are of their own kind alone', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(time, time, fc.constantFrom(...idPrefixes), (a, b, prefix) => {
        const first = newId(prefix, { now: new Date(a), random });
        const second = newId(prefix, { now: new Date(b), random });
        expect(first < second).toBe(a < b);
        expect(idPrefixes.filter((other) => isId(other, first))).toEqual([prefix]);
      }),
    );
  });

  it('refuses a random source that gives too few bytes', () => {
    const weak = (): Uint8Array => new Uint8Array(0);
    expect(() => newId('snc', { now: new Date(0), random: weak })).toThrow(RangeError);
  });

  it('refuses a time before 1970', () => {
    expect(() => newId('snc', { now: new Date(-1), random })).toThrow(RangeError);
  });
});

it('round-trips every 16 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (uuid) => {
      expect(decodeIdSuffix(encodeIdSuffix(uuid))).toEqual(uuid);
    }),
  );
});

it('is a plain pattern in JSON Schema', () => {
  expect(z.toJSONSchema(idSchema('rcl'))).toMatchObject({
    type: 'string',
    pattern: '^rcl_[0-7][0-9a-hjkmnp-tv-z]{25}$',
  });
});
