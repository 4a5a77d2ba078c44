import { expect, test } from 'vitest';
import { signedTextIn } from './letters.ts';

test.each([
  ['a link', 'https://registry.test/letter#eyJ.eyK.c2ln', 'eyJ.eyK.c2ln'],
  ['a whole letter', 'Signed:\neyJ.eyK.c2ln\n\nIt rests on:\neyX.eyY.c2lo\n', 'eyJ.eyK.c2ln'],
  ['the text alone, with spaces around it', '  eyJ.eyK.c2ln ', 'eyJ.eyK.c2ln'],
  ['a text of four parts', 'eyJ.eyK.c2ln.x', ''],
  ['nothing signed', 'hello. you. there', ''],
])('%s', (_, typed, signed) => expect(signedTextIn(typed)).toBe(signed));

test('a long text holds nobody up', { timeout: 2_000 }, () => {
  expect(signedTextIn(`${'a'.repeat(120_000)} !`)).toBe('');
  expect(signedTextIn(`ey${'.'.repeat(120_000)}`)).toBe('');
});
