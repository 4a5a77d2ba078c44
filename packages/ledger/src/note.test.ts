import { describe, expect, test, vi } from 'vitest';
import { codeOf, flipped, signerOf, utf8 } from '../tests/fixtures.ts';
import {
  addSignatures,
  encodeNote,
  encodeSignatures,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  signNote,
  verifyNote,
  type NoteSigner,
} from './index.ts';

/** The test vectors of golang.org/x/mod/sumdb/note. */
const peter = parseVerifierKey(
  'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
);
const enoch = parseVerifierKey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
const text =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const peterLine =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const enochLine =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const log = signerOf('log.example', 'ed25519', 1);
const other = signerOf('other.example', 'ed25519', 2);

describe('a note of another implementation', () => {
  test('verifies with each known key', async () => {
    const note = `${text}\n${peterLine}${enochLine}`;
    const both = await verifyNote(note, [enoch, peter]);
    expect(both).toEqual({ text, signatures: [{ key: peter }, { key: enoch }] });
    expect((await verifyNote(utf8(note), [peter])).signatures).toEqual([{ key: peter }]);
    expect(await codeOf(() => verifyNote(note, []))).toBe('signature-missing');
  });

  test('is what signing makes, byte by byte', async () => {
    // PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const { sign } = await ed25519Of(seed);
    expect(await signNote(text, [{ key: peter, sign }])).toBe(`${text}\n${peterLine}`);
  });

  test('is read: the example of signed-note', () => {
    const note =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
    const { text, signatures } = parseNote(note);
    expect(text).toBe(
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n',
    );
    expect(signatures).toMatchObject([{ name: 'quasimodo.example/salvatore', id: 0x367ba04b }]);
    expect(signatures[0]?.signature).toHaveLength(64);
    expect(encodeNote({ text, signatures })).toBe(note);
  });
});

describe('verifying a note', () => {
  test('refuses any single bit changed', async () => {
    const note = utf8(await signNote('one\n\ntwo\n', [log]));
    for (let bit = 0; bit < note.length * 8; bit++) {
      const code = await codeOf(() => verifyNote(flipped(note, bit), [log.key]));
      expect(['note-malformed', 'signature-invalid', 'signature-missing']).toContain(code);
    }
  });

  test('ignores unknown keys, also of a known name or a known id', async () => {
    const sameName = signerOf('log.example', 'ed25519', 3);
    const note = await signNote('text\n', [other, log, sameName]);
    const { signatures } = await verifyNote(note, [log.key]);
    expect(signatures).toEqual([{ key: log.key }]);
    const renamed = `text\n\n${lines(note)[1]!.replace('log.example', 'evil.example')}`;
    expect(await codeOf(() => verifyNote(renamed, [log.key]))).toBe('signature-missing');
  });

  test('rejects the note when one known key fails, whatever the others say', async () => {
    const [good, bad] = await Promise.all([
      signNote('text\n', [log]),
      signNote('another text\n', [other]),
    ]);
    const note = good + lines(bad)[0]!;
    expect(await codeOf(() => verifyNote(note, [log.key, other.key]))).toBe('signature-invalid');
    expect(await codeOf(() => verifyNote(note, [log.key]))).toBe('nothing thrown');
  });

  test('takes a signature of 64 bytes and no other', async () => {
    const { signatures } = parseNote(await signNote('text\n', [log]));
    const { name, id, signature } = signatures[0]!;
    for (const wrong of [
      signature.slice(0, 63),
      Uint8Array.of(...signature, 0),
      signature.slice(0, 1),
    ]) {
      const note = encodeNote({ text: 'text\n', signatures: [{ name, id, signature: wrong }] });
      const always = { verify: () => true };
      expect(await codeOf(() => verifyNote(note, [log.key], always))).toBe('signature-invalid');
    }
  });

  test('takes no second spelling of a signature: S plus the order of the group', async () => {
    const { signatures } = parseNote(await signNote('text\n', [log]));
    const signature = Uint8Array.from(signatures[0]!.signature);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = order;
    for (let i = 0; i < 32; i++) s += BigInt(signature[32 + i]!) << BigInt(8 * i);
    for (let i = 0; i < 32; i++) signature[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
    const note = encodeNote({ text: 'text\n', signatures: [{ ...signatures[0]!, signature }] });
    expect(await codeOf(() => verifyNote(note, [log.key]))).toBe('signature-invalid');
  });

  test('does not guess between two known keys of one name and id', async () => {
    const note = await signNote('text\n', [log]);
    expect(await codeOf(() => verifyNote(note, [log.key, other.key, log.key]))).toBe(
      'key-ambiguous',
    );
  });

  test('says so where the platform has no Ed25519', async () => {
    const note = await signNote('text\n', [log]);
    const refuse = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new Error('unsupported'));
    try {
      expect(await codeOf(() => verifyNote(note, [log.key]))).toBe('key-unusable');
    } finally {
      refuse.mockRestore();
    }
  });

  test('asks the injected verifier, with key, text and signature', async () => {
    const note = await signNote('text\n', [log]);
    const asked: unknown[] = [];
    const verify = (...question: unknown[]) => asked.push(question) === 1;
    await verifyNote(note, [log.key], { verify });
    const { signature } = parseNote(note).signatures[0]!;
    expect(asked).toEqual([[log.key.publicKey, utf8('text\n'), signature]]);
    const no = { verify: () => Promise.resolve(false) };
    expect(await codeOf(() => verifyNote(note, [log.key], no))).toBe('signature-invalid');
  });
});

describe('a note', () => {
  test('is split at its last empty line', () => {
    const inner = `quoted\n\n${peterLine}`;
    const { text, signatures } = parseNote(`${inner}\n${enochLine}`);
    expect(text).toBe(inner);
    expect(signatures.map(({ name }) => name)).toEqual(['EnochRoot']);
  });

  test.each([
    ['nothing', ''],
    ['text alone', text],
    ['no signature', `${text}\n`],
    ['no newline at the end', `${text}\n${peterLine.slice(0, -1)}`],
    ['no empty line', `${text}${peterLine}`],
    ['a control character', `\u0001${text}\n${peterLine}`],
    ['a tab', `a\tb\n\n${peterLine}`],
    ['a carriage return', `a\r\n\n${peterLine}`],
    ['a carriage return in the signature', `a\n\n${peterLine.replace('=\n', '=\r\n')}`],
    ['a lone surrogate', `\uD800\n\n${peterLine}`],
    ['a name with a space', `${text}\n${peterLine.replace('Peter', 'Bad ')}`],
    ['a name with an odd space', `${text}\n${peterLine.replace('Peter', 'Bad\u2003')}`],
    ['a name with a plus sign', `${text}\n${peterLine.replace('Peter', 'Bad+')}`],
    ['no name', `${text}\n${peterLine.replace('PeterNeumann', '')}`],
    ['another line', `${text}\n${peterLine}Unexpected line.\n`],
    ['a hyphen for the dash', `${text}\n${peterLine.replace('—', '-')}`],
    ['a word after the signature', `${text}\n${peterLine.replace('=\n', '= x\n')}`],
    ['a space after the signature', `${text}\n${peterLine.replace('=\n', '= \n')}`],
    ['two spaces', `${text}\n${peterLine.replace('n x08', 'n  x08')}`],
    ['no padding', `${text}\n${peterLine.replace('=\n', '\n')}`],
    ['trailing bits', `${text}\n${peterLine.replace('AM=\n', 'AN=\n')}`],
    ['base64url', `${text}\n${peterLine.replace('/ZJ', '_ZJ')}`],
    ['padding in the middle', `${text}\n— n AAA=AAAA\n`],
    ['an id without a signature', `${text}\n— n AAAAAA==\n`],
    ['one signature twice', `${text}\n${peterLine}${peterLine}`],
    [
      'two signatures of one key',
      `${text}\n${enochLine}${peterLine}${peterLine.replace('nAM=', 'nAQ=')}`,
    ],
  ])('is none with %s', async (_, note) => {
    expect(await codeOf(() => parseNote(note))).toBe('note-malformed');
    expect(await codeOf(() => verifyNote(note, [peter]))).toBe('note-malformed');
  });

  test.each([
    [Uint8Array.of(0xff)],
    [Uint8Array.of(0xc0, 0x8a)],
    [Uint8Array.of(0xed, 0xa0, 0x80)],
  ])('is none with bytes that are not UTF-8: %s', async (bytes) => {
    const note = Uint8Array.of(...bytes, ...utf8(`\n\n${peterLine}`));
    expect(await codeOf(() => parseNote(note))).toBe('note-malformed');
  });

  test('keeps a byte order mark: it is signed text like any other', () => {
    expect(parseNote(utf8(`\uFEFFa\n\n${peterLine}`)).text).toBe('\uFEFFa\n');
  });

  test('may have an empty line for text', () => {
    expect(parseNote(`\n\n${peterLine}`).text).toBe('\n');
  });

  test('has at most 100 signatures', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ name: 'n', id, signature: Uint8Array.of(1) }));
    expect(parseNote(encodeNote({ text, signatures: many(100) })).signatures).toHaveLength(100);
    expect(await codeOf(() => encodeNote({ text, signatures: many(101) }))).toBe('note-malformed');
    const line = (id: number) => encodeSignatures([{ name: 'n', id, signature: Uint8Array.of(1) }]);
    const note = `${text}\n${Array.from({ length: 101 }, (_, id) => line(id)).join('')}`;
    expect(await codeOf(() => parseNote(note))).toBe('note-malformed');
  });

  test('has room for 16 signatures of 5 kB', () => {
    const signatures = Array.from({ length: 16 }, (_, id) => ({
      name: 'witness.example',
      id,
      signature: new Uint8Array(5000),
    }));
    expect(parseNote(encodeNote({ text, signatures })).signatures).toEqual(signatures);
  });

  test('has at most 1,000,000 bytes', async () => {
    const tail = `\n\n${peterLine}`;
    const full = 'a'.repeat(1_000_000 - utf8(tail).length) + tail;
    expect(parseNote(full).signatures).toHaveLength(1);
    expect(parseNote(utf8(full)).signatures).toHaveLength(1);
    for (const over of [`a${full}`, utf8(`a${full}`), full.replace('a', 'è')]) {
      expect(await codeOf(() => parseNote(over))).toBe('too-large');
    }
  });

  test.each([
    ['text without an end', 'text'],
    ['no text', ''],
    ['a control character', 'a\tb\n'],
    ['a lone surrogate', '\uDC00\n'],
  ])('is not made of %s', async (_, text) => {
    expect(await codeOf(() => signNote(text, [log]))).toBe('note-malformed');
  });

  test('is not made without a signature, by a cosigner, or of other than 64 bytes', async () => {
    expect(await codeOf(() => signNote('text\n', []))).toBe('note-malformed');
    const witness = signerOf('w.example', 'cosignature', 1);
    expect(await codeOf(() => signNote('text\n', [witness]))).toBe('key-malformed');
    for (const length of [0, 63, 65]) {
      const broken: NoteSigner = { ...log, sign: () => new Uint8Array(length) };
      expect(await codeOf(() => signNote('text\n', [broken]))).toBe('signature-invalid');
    }
  });

  test('may end its text in an empty line, and is made of names that are names', async () => {
    const { signatures } = parseNote(`${text}\n${peterLine}`);
    const code = await codeOf(() => encodeNote({ text: 'a\n\n', signatures }));
    expect(code).toBe('nothing thrown');
    const names = ['a b', 'a\n\n— c', '', 'a+b'];
    for (const name of names) {
      const bad = [{ ...signatures[0]!, name }];
      expect(await codeOf(() => encodeNote({ text, signatures: bad }))).toBe('note-malformed');
    }
    const noBytes = [{ ...signatures[0]!, signature: new Uint8Array(0) }];
    expect(await codeOf(() => encodeSignatures(noBytes))).toBe('note-malformed');
  });
});

describe('signatures on their own', () => {
  test('are read back, and join a note', async () => {
    const note = await signNote('text\n', [log]);
    const more = parseSignatures(lines(await signNote('text\n', [other])).join(''));
    const joined = addSignatures(note, more);
    expect(joined).toBe(await signNote('text\n', [log, other]));
    expect(addSignatures(joined, more)).toBe(joined);
  });

  test('take the place of an older one of the same key', async () => {
    const note = encodeNote({
      text: 'text\n',
      signatures: [{ name: 'a', id: 1, signature: Uint8Array.of(1) }],
    });
    const newer = { name: 'a', id: 1, signature: Uint8Array.of(2) };
    const apart = { name: 'a', id: 2, signature: Uint8Array.of(3) };
    expect(parseNote(addSignatures(note, [newer, apart])).signatures).toEqual([newer, apart]);
  });

  test.each(['', '\n', `${peterLine}\n`, peterLine.slice(0, -1), `\n${peterLine}`])(
    'are none: %j',
    async (wrong) => {
      expect(await codeOf(() => parseSignatures(wrong))).toBe('note-malformed');
    },
  );
});

/** The signature lines of a note, each with its newline. */
function lines(note: string): string[] {
  return note
    .slice(note.lastIndexOf('\n\n') + 2)
    .split(/(?<=\n)/)
    .filter((line) => line !== '');
}

async function ed25519Of(seed: Uint8Array) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return {
    sign: async (message: Uint8Array) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', key, Uint8Array.from(message))),
  };
}
