import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../tests/fixtures.ts';
import { utf8 } from './bytes.ts';
import { isJsonObject, jcs, parseStrictJson } from './json.ts';

const parse = (text: string) => parseStrictJson(utf8(text));
const refusal = (text: string) => codeOf(() => parse(text));

describe('RFC 8785', () => {
  test.each([
    ['arrays', '[56,{"d":true,"10":null,"1":[ ]}]', '[56,{"1":[],"10":null,"d":true}]'],
    [
      'french',
      '{"sin":"locale","pêche":"MUST","peach":"order","péché":"wrong"}',
      '{"peach":"order","péché":"wrong","pêche":"MUST","sin":"locale"}',
    ],
    [
      'structures',
      '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{}],"A":{}}',
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
    ],
    [
      'unicode is not normalised',
      '{"Unnormalized Unicode":"\\u1e0d\\u0307"}',
      '{"Unnormalized Unicode":"\u1e0d\u0307"}',
    ],
    [
      'weird: order of UTF-16 units, so the smiley precedes the Hebrew letter (section 3.2.3)',
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","\u{1f600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    [
      'values (section 3.2.2)',
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
  ])('vector: %s', (_, input, output) => {
    expect(jcs(parse(input))).toBe(output);
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
  ])('number of appendix B: %s', (hex, expected) => {
    expect(jcs(Buffer.from(hex, 'hex').readDoubleBE())).toBe(expected);
  });

  test('is a fixed point of any JSON value, and keeps the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const text = jcs(value);
        expect(jcs(parse(text))).toBe(text);
        expect(parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('members that are undefined are left out', () => {
    expect(jcs({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  test.each([
    ['NaN', NaN],
    ['infinity', Infinity],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate as a name', { '\udc00': 1 }],
    ['undefined', undefined],
    ['undefined in an array', [undefined]],
    ['a function', () => 1],
    ['a Date, whose members are none', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['bytes', Uint8Array.of(1)],
  ])('what JSON cannot carry is refused: %s', async (_, value) => {
    expect(await codeOf(() => jcs(value))).toBe('json-invalid');
    expect(await codeOf(() => jcs({ a: [value] }))).toBe('json-invalid');
  });
});

describe('strict JSON', () => {
  test('reads every kind of value', () => {
    expect(parse(' {"a":[1,-2.5e3,"x\\"}:{",true,false,null,{}],"b":{"a":1}} ')).toEqual({
      a: [1, -2500, 'x"}:{', true, false, null, {}],
      b: { a: 1 },
    });
  });

  test.each([
    ['at the top', '{"a":1,"a":2}'],
    ['of equal value', '{"a":1,"a":1}'],
    ['in an escaped spelling', '{"a":1,"\\u0061":2}'],
    ['nested', '{"x":[{"op":"a","b":{},"op":"c"}]}'],
    ['of which the first holds members', '{"a":{"b":1},"a":1}'],
    ['of which the last holds members', '{"a":1,"a":{"b":1}}'],
    ['beside a string of colons', '{"a:":":","a:":"::"}'],
    ['empty', '{"":1,"":2}'],
  ])('a duplicate member is refused: %s', async (_, text) => {
    expect(await refusal(text)).toBe('json-invalid');
  });

  test('the same name in two objects is no duplicate', () => {
    expect(parse('[{"a":1},{"a":{"a":2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }]);
  });

  test('names that JavaScript orders or inherits count as members', () => {
    expect(parse('{"2":0,"1":0,"constructor":1,"toString":2}')).toEqual(
      Object.fromEntries([
        ['1', 0],
        ['2', 0],
        ['constructor', 1],
        ['toString', 2],
      ]),
    );
  });

  test.each([
    '{"__proto__":1}',
    '{"in":{"__proto__":{"admin":true}}}',
    '{"\\u005f_proto__":{}}',
    '{"__proto__":1,"__proto__":2}',
  ])('__proto__ is refused, because zod would drop it and sign off the rest: %s', async (text) => {
    expect(await refusal(text)).toBe('json-invalid');
  });

  test('16 levels are read, 17 refused', async () => {
    expect(parse('['.repeat(16) + ']'.repeat(16))).toBeInstanceOf(Array);
    expect(parse('{"a":'.repeat(16) + '1' + '}'.repeat(16))).toBeInstanceOf(Object);
    expect(await refusal('['.repeat(17) + ']'.repeat(17))).toBe('json-invalid');
    expect(await refusal('{"a":'.repeat(17) + '1' + '}'.repeat(17))).toBe('json-invalid');
    expect(await refusal('[],'.repeat(3) + '['.repeat(17))).toBe('json-invalid');
  });

  test('depth is refused before the parser recurses into it', async () => {
    expect(await refusal('['.repeat(1_000_000))).toBe('json-invalid');
  });

  test('brackets inside strings are no depth', () => {
    expect(parse(`["${'['.repeat(40)}"]`)).toEqual(['['.repeat(40)]);
  });

  test.each([
    ['a lone surrogate', '["\\ud800"]'],
    ['a lone surrogate in a name', '{"\\udc00":1}'],
    ['a reversed pair', '["\\ude00\\ud83d"]'],
    ['a number beyond a double', '[1e400]'],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['a tail', '{} {}'],
    ['a comment', '{}//'],
    ['a trailing comma', '[1,]'],
    ['single quotes', "{'a':1}"],
    ['NaN', '[NaN]'],
    ['a leading zero', '[01]'],
    ['a control character', '["\u0001"]'],
    ['an open string', '["abc'],
    ['an escape at the end', '["abc\\'],
    ['crossed brackets', '[{]}'],
    ['a stray bracket', ']['],
    ['a stray colon', '[:]'],
    ['a no-break space', '\u00a0{}'],
  ])('refused: %s', async (_, text) => {
    expect(await refusal(text)).toBe('json-invalid');
  });

  test('bytes that are no UTF-8 are refused inside a string', async () => {
    const bytes = Uint8Array.of(0x22, 0xc0, 0xaf, 0x22);
    expect(await codeOf(() => parseStrictJson(bytes))).toBe('json-invalid');
  });

  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('a member written once more is always refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 }),
        fc.jsonValue({ maxDepth: 2 }),
        async (object, other) => {
          const [name] = Object.keys(object);
          const text = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(other)}}`;
          expect(await refusal(text)).toBe('json-invalid');
        },
      ),
    );
  });
});

test('isJsonObject tells objects from the rest', () => {
  expect(isJsonObject({})).toBe(true);
  for (const other of [[], null, 'a', 1, true, undefined]) expect(isJsonObject(other)).toBe(false);
});
