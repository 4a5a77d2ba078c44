import { describe, expect, test } from 'vitest';
import { codeOf, leavesOf, utf8 } from '../tests/fixtures.ts';
import { encodeAddCheckpoint, parseAddCheckpoint } from './index.ts';

/** The example of tlog-witness. */
const note = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

${note}`;

describe('the body of add-checkpoint', () => {
  test('is read and written: the example of tlog-witness', () => {
    const request = parseAddCheckpoint(body);
    expect(request).toMatchObject({
      oldSize: 20_852_014,
      note,
      checkpoint: { origin: 'example.com/behind-the-sofa', size: 20_852_163 },
    });
    expect(request.proof).toHaveLength(4);
    expect(encodeAddCheckpoint(request)).toBe(body);
    expect(parseAddCheckpoint(utf8(body))).toEqual(request);
  });

  test('has no hashes from nothing', () => {
    const first = encodeAddCheckpoint({ oldSize: 0, proof: [], note });
    expect(first).toBe(`old 0\n\n${note}`);
    expect(parseAddCheckpoint(first)).toMatchObject({ oldSize: 0, proof: [] });
  });

  test('has at most 63 hashes', async () => {
    const proof = leavesOf(64);
    const most = encodeAddCheckpoint({ oldSize: 1, proof: proof.slice(1), note });
    expect(parseAddCheckpoint(most).proof).toHaveLength(63);
    expect(await codeOf(() => encodeAddCheckpoint({ oldSize: 1, proof, note }))).toBe(
      'request-malformed',
    );
    const over = most.replace('\n\n', `\n${Buffer.from(proof[0]!).toString('base64')}\n\n`);
    expect(await codeOf(() => parseAddCheckpoint(over))).toBe('request-malformed');
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'request-malformed'],
    ['no old size', body.replace('old 20852014\n', ''), 'request-malformed'],
    ['another word', body.replace('old', 'new'), 'request-malformed'],
    ['no space', body.replace('old ', 'old'), 'request-malformed'],
    ['a leading zero', body.replace('old ', 'old 0'), 'request-malformed'],
    ['a sign', body.replace('old ', 'old +'), 'request-malformed'],
    ['no digits', body.replace('20852014', ''), 'request-malformed'],
    ['a size beyond 2^53', body.replace('20852014', '9007199254740992'), 'size-invalid'],
    ['a hash of 31 bytes', body.replace('PlRNCrwH', 'PlRN'), 'request-malformed'],
    ['a hash without padding', body.replace('aw=\n', 'aw\n'), 'request-malformed'],
    ['trailing bits', body.replace('aw=\n', 'ax=\n'), 'request-malformed'],
    ['an empty line too early', body.replace('aw=\n', 'aw=\n\n'), 'checkpoint-malformed'],
    ['carriage returns', body.replaceAll('\n', '\r\n'), 'request-malformed'],
    ['no note', body.slice(0, -note.length), 'note-malformed'],
    ['an unsigned checkpoint', body.slice(0, body.indexOf('— ')), 'note-malformed'],
    [
      'a checkpoint that is none',
      body.replace('\n20852163\n', '\n020852163\n'),
      'checkpoint-malformed',
    ],
    [
      'a checkpoint beyond 2^53',
      body.replace('\n20852163\n', '\n9007199254740992\n'),
      'size-invalid',
    ],
    ['too much', `${body}${'a'.repeat(1_000_000)}`, 'too-large'],
  ])('is refused with %s', async (_, wrong, code) => {
    expect(await codeOf(() => parseAddCheckpoint(wrong))).toBe(code);
  });

  test('is not made of what could not be read', async () => {
    const good = parseAddCheckpoint(body);
    const wrong = [{ proof: [new Uint8Array(31)] }, { note: 'a\0' }];
    for (const part of wrong) {
      expect(await codeOf(() => encodeAddCheckpoint({ ...good, ...part }))).toBe(
        'request-malformed',
      );
    }
    for (const oldSize of [-1, 0.5, 2 ** 53]) {
      expect(await codeOf(() => encodeAddCheckpoint({ ...good, oldSize }))).toBe('size-invalid');
    }
  });
});
