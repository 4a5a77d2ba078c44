import { describe, expect, test } from 'vitest';
import { namedInText } from './named-in-text.ts';

describe('an account of facts names nobody', () => {
  test.each([
    ['names-an-address', 'Wrote as [best.deals@mail.example] to forty people.'],
    ['names-an-address', 'Wrote as [jörg+shop@müller.example].'],
    ['names-an-address', 'The account [acct:4711@video.example] did.'],
    ['names-a-link', 'Linked to [https://login.bank.example/a?b=c] from each video.'],
    ['names-a-link', 'Linked to [www.bank.example] too.'],
    ['names-a-handle', 'Posed as [@the_singer] for a week.'],
    ['names-a-number', 'Called from [+49 (171) 234-5678] at night.'],
    ['names-a-number', 'Called from [0049 171 2345678] at night.'],
    ['names-a-number', 'Called from [0171 2345678] at night.'],
    ['names-a-number', 'Paid to [NL91 ABNA 0417 1643 00] each time.'],
    ['names-a-number', 'Paid with [4111 1111 1111 1111] each time.'],
    ['names-a-number', 'Paid to [0x52908400098527886E0F7030069857D2E4169EE7] each time.'],
    ['names-a-number', 'Is number [123456789] of the house.'],
  ] as const)('%s: %s', (code, marked) => {
    const [from, to] = [marked.indexOf('['), marked.indexOf(']') - 1];
    expect(namedInText(marked.replaceAll(/[[\]]/g, ''))).toEqual([{ code, from, to }]);
  });

  test.each([
    'Took payment for eleven phones that were never in stock and never sent.',
    'Sold 1,200,000 views in 14 days for EUR 12.500,00, from 01.02.2026 to 2026-04-26.',
    'Seen at 14:05 on 26/04/2026, case 2026-004711, and again on 27-04-2026.',
    'Sent page.html and invoice.pdf to 40000 people; e.g. on day 3.',
    'Asked for 50 % @ once.',
  ])('not in: %s', (text) => {
    expect(namedInText(text)).toEqual([]);
  });

  test('each of several, in their order, and a link with an address in it once', () => {
    const text = 'From a@b.example and @c_d by https://x.example/?mail=e@f.example';
    expect(namedInText(text).map(({ code }) => code)).toEqual([
      'names-an-address',
      'names-a-handle',
      'names-a-link',
    ]);
  });
});
