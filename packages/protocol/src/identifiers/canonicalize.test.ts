import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from './canonicalize.ts';
import { IdentifierError, type IdentifierErrorCode } from './errors.ts';
import { identifierKinds, type IdentifierKind } from './kinds.ts';

function outcome(kind: IdentifierKind, raw: string): string {
  try {
    return canonicalize(kind, raw);
  } catch (error) {
    if (error instanceof IdentifierError) return `refused: ${error.code}`;
    throw error;
  }
}

const refused = (code: IdentifierErrorCode): string => `refused: ${code}`;
const invalid = refused('not-canonicalisable');
const evm = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb';

type Vectors = readonly (readonly [raw: string, canonical: string])[];

const emails: Vectors = [
  ['creator@example.com', 'creator@example.com'],
  ['  Creator@EXAMPLE.com\n', 'creator@example.com'],
  ['a.b+tag@example.com', 'a.b+tag@example.com'],
  ['A.B+tag@GoogleMail.com', 'ab@gmail.com'],
  ['a.b+x+y@gmail.com', 'ab@gmail.com'],
  ['a.b+tag@mail.gmail.com', 'a.b+tag@mail.gmail.com'],
  ['me@münchen.de', 'me@xn--mnchen-3ya.de'],
  ['me@MU\u0308NCHEN.de', 'me@xn--mnchen-3ya.de'],
  ['jose\u0301@example.com', 'jos\u00e9@example.com'],
  ["o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"],
  ['me@example', invalid],
  ['me@example.com.', invalid],
  ['me@[192.0.2.1]', refused('ip-address')],
  ['me@192.0.2.1', refused('ip-address')],
  ['a@b@example.com', invalid],
  ['"a b"@example.com', invalid],
  ['Me <me@example.com>', invalid],
  ['me@example.com, you@example.com', invalid],
  ['.me@example.com', invalid],
  ['m..e@example.com', invalid],
  ['m\u200be@example.com', invalid],
  ['me@exa\u00admple.com', invalid],
  ['me@example.com/evil.example', invalid],
  ['me@example.com:25', invalid],
  ['me@ex%61mple.com', invalid],
  ['+tag@gmail.com', invalid],
  ['@example.com', invalid],
  ['me', invalid],
  ['', invalid],
  [`${'a'.repeat(65)}@example.com`, invalid],
  ['\ud800@example.com', invalid],
];

const phones: Vectors = [
  ['+49 30 901820', '+4930901820'],
  ['+1 (415) 555-2671', '+14155552671'],
  ['+390236618300', '+390236618300'],
  ['+4930901820', '+4930901820'],
  ['030 901820', invalid],
  ['0049 30 901820', invalid],
  ['+1 415 555 267', invalid],
  ['+1 000 555 2671', invalid],
  ['+44 20 7946 0958 ext 5', invalid],
  ['tel:+4930901820', invalid],
  ['call +4930901820', invalid],
  ['+1-800-FLOWERS', invalid],
  ['+４９３０９０１８２０', invalid],
  ['+4930901820\n', invalid],
  ['', invalid],
  ['+33 891 123456', refused('phone-range')],
  ['+979 123 456 789', refused('phone-range')],
  ['+870 773 111 632', refused('phone-range')],
  ['+883 5100 12345', refused('phone-range')],
  ['+44 7624 123456', '+447624123456'],
];

const domains: Vectors = [
  ['example.com', 'example.com'],
  ['EXAMPLE.co.uk.', 'example.co.uk'],
  ['münchen.de', 'xn--mnchen-3ya.de'],
  ['example。com', 'example.com'],
  ['creator.github.io', 'creator.github.io'],
  ['www.example.com', refused('not-registrable')],
  ['a.creator.github.io', refused('not-registrable')],
  ['co.uk', refused('not-registrable')],
  ['github.io', refused('shared-host')],
  ['tumblr.com', refused('shared-host')],
  ['creator.tumblr.com', refused('shared-host')],
  ['sites.google.com', refused('shared-host')],
  ['gmail.com', refused('shared-host')],
  ['192.0.2.1', refused('ip-address')],
  ['0xc0.0.2.1', refused('ip-address')],
  ['1.2.3.999', refused('ip-address')],
  ['１２７.0.0.1', refused('ip-address')],
  ['[2001:db8::1]', refused('ip-address')],
  ['localhost', invalid],
  ['com', invalid],
  ['https://example.com', invalid],
  ['example.com/path', invalid],
  ['example.com:443', invalid],
  ['user@example.com', invalid],
  ['exam ple.com', invalid],
  [' example.com', invalid],
  ['example.com..', invalid],
  ['a_b.com', invalid],
  ['-a.com', invalid],
  [`${'a'.repeat(64)}.com`, invalid],
  ['', invalid],
];

const accounts: Vectors = [
  ['acct:12345@video.example', 'acct:12345@video.example'],
  ['ACCT:AbC@VIDEO.example', 'acct:AbC@video.example'],
  ['acct:a%2db%2fc@video.example', 'acct:a-b%2Fc@video.example'],
  ['acct:12345@münchen.example', 'acct:12345@xn--mnchen-3ya.example'],
  ['acct:@handle@video.example', invalid],
  ['acct:a%2@video.example', invalid],
  ['acct:a%@video.example', invalid],
  ['acct:%41a@video.example', invalid],
  ['acct:a b@video.example', invalid],
  ['acct:12345@192.0.2.1', refused('ip-address')],
  ['acct:12345@video.example:443', invalid],
  ['acct:12345@video.example/x', invalid],
  ['acct:12345', invalid],
  ['12345@video.example', invalid],
  [' acct:12345@video.example', invalid],
];

const wallets: Vectors = [
  ['eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', evm],
  [evm, evm],
  [
    'bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6',
    'bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6',
  ],
  [
    'cosmos:cosmoshub-3:cosmos1t2uflqwqe0fsj0shcfkrvpukewcw40yjj6hdc0',
    'cosmos:cosmoshub-3:cosmos1t2uflqwqe0fsj0shcfkrvpukewcw40yjj6hdc0',
  ],
  ['0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', invalid],
  ['EIP155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', invalid],
  ['eip155:01:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', invalid],
  ['eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcd', invalid],
  ['eip155:1:ab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', invalid],
  ['eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdg', invalid],
  [`${evm}\n`, invalid],
];

const ibans: Vectors = [
  ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
  ['gb29-nwbk-6016-1331-9268-19', 'GB29NWBK60161331926819'],
  ['NL91ABNA0417164300', 'NL91ABNA0417164300'],
  ['DE89 3704 0044 0532 0130 01', invalid],
  ['DE8937040044053201300', invalid],
  ['ZZ89370400440532013000', invalid],
  ['IBAN DE89370400440532013000', invalid],
  ['DE89370400440532013000\n', invalid],
  ['', invalid],
];

describe.each([
  ['email', emails],
  ['phone', phones],
  ['domain', domains],
  ['account', accounts],
  ['wallet', wallets],
  ['iban', ibans],
] as const)('%s', (kind, vectors) => {
  it.each(vectors.map(([raw, canonical]) => [raw, canonical] as const))(
    '%j is %s',
    (raw, canonical) => {
      expect(outcome(kind, raw)).toBe(canonical);
    },
  );

  it('canonicalises its canonical forms to themselves', () => {
    const forms = vectors.map(([, form]) => form).filter((form) => !form.startsWith('refused'));
    expect(forms.map((form) => outcome(kind, form))).toEqual(forms);
  });
});

interface Vector {
  readonly kind: IdentifierKind;
  readonly name: string;
  readonly raw: string;
  readonly canonical?: string;
  readonly refused?: IdentifierErrorCode;
}

describe('the vectors for other languages', () => {
  const { vectors } = JSON.parse(
    readFileSync(new URL('../../vectors/identifiers.json', import.meta.url), 'utf8'),
  ) as { vectors: Vector[] };

  it.each(vectors)(
    'the $kind of the vector “$name” is read or refused as there',
    ({ kind, raw, canonical, refused: code }) => {
      expect(outcome(kind, raw)).toBe(canonical ?? refused(code!));
    },
  );

  it('have each kind, and name each case once', () => {
    expect(new Set(vectors.map(({ kind }) => kind))).toEqual(new Set(identifierKinds));
    const names = vectors.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('any text', () => {
  const kind = fc.constantFrom(...identifierKinds);
  const noise = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
  const label = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const shaped = fc.oneof(
    noise,
    fc.emailAddress(),
    fc.domain(),
    fc.tuple(label, label).map(([local, host]) => `${local}@${host}.example`),
    label.map((name) => `${name}.example`),
    fc.tuple(label, label).map(([id, host]) => `acct:${id}@${host}.example`),
    fc.tuple(label, fc.constantFrom('gmail.com', 'googlemail.com')).map((parts) => parts.join('@')),
    fc.bigInt({ min: 10n ** 6n, max: 10n ** 14n }).map((digits) => `+${digits}`),
  );

  it('is refused with a code or has one form, which is its own form', () => {
    fc.assert(
      fc.property(kind, shaped, (kind, raw) => {
        const once = outcome(kind, raw);
        expect(once.startsWith('refused') ? once : outcome(kind, once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it('never comes back in the message of its refusal', () => {
    for (const kind of identifierKinds) {
      const raw = 'secret value/4930901820';
      expect(() => canonicalize(kind, raw)).toThrow(IdentifierError);
      expect(() => canonicalize(kind, raw)).not.toThrow(/secret|4930901820/);
    }
  });

  it('is bounded in length', () => {
    expect(outcome('account', `acct:${'a'.repeat(600)}@video.example`)).toBe(invalid);
  });
});
