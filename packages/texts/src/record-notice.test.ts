import { reasonCodes } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { languageFacts, languages } from './languages.ts';
import { recordNotice, type NoticeFacts } from './record-notice.ts';
import { loadTexts } from './texts.ts';

const caseCode = Array.from({ length: 8 }, () => 'abcd').join('-');
const facts: NoticeFacts = {
  registry: 'https://registry.example',
  sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0',
  caseCode,
  platform: {
    name: 'Harbour <b>"Ltd"</b>',
    domain: 'harbour.example',
    contacts: { complaints: 'complaints@harbour.example', dataProtection: 'dpo@harbour.example' },
    legalBasis: 'national-law',
    policy: 'https://harbour.example/rules#4',
  },
  reason: 'fraud.scam',
  action: 'account-terminated',
  decidedAt: new Date('2026-03-01T23:30:00Z'),
  incident: { from: new Date('2026-01-05T12:00:00Z'), to: new Date('2026-01-20T12:00:00Z') },
  expiresAt: new Date('2027-07-20T12:00:00Z'),
  visibleFrom: new Date('2026-03-05T22:30:00Z'),
  appealUntil: new Date('2028-01-16T12:00:00Z'),
  identifiers: ['email', 'phone'],
  evidence: ['payment-records', 'victim-report'],
  account: "Sold one ticket to forty people.\n<script>alert('x')</script>",
  origin: 'trusted-flagger',
  detectedByAutomatedMeans: false,
};

describe.each(languages)('the notice of a record in %s', (language) => {
  it('tells the facts, the redress and the rights', async () => {
    const texts = await loadTexts(language);
    const { subject, text } = recordNotice(texts, facts, 'email');
    const { title, meaning, isNot, appeal } = texts.reason('fraud.scam');
    for (const part of [
      title,
      meaning,
      isNot,
      appeal,
      facts.platform.name,
      facts.platform.domain,
      facts.platform.contacts.complaints,
      facts.platform.contacts.dataProtection,
      'https://harbour.example/rules#4',
      `https://registry.example/case#${caseCode}`,
      'https://registry.example/parties',
      texts.evidence('payment-records'),
      texts.say('kind.phone'),
      texts.day(facts.expiresAt),
      '> Sold one ticket to forty people.',
      facts.sanction,
    ]) {
      expect(text).toContain(part);
    }
    expect(subject).toContain('Harbour');
    // Articles: GDPR 6, 10, 15 to 18, 21; DSA 20, 21
    for (const article of [/6/, /10/, /15/, /18/, /20/, /21/]) expect(text).toMatch(article);
    expect(text).not.toMatch(/undefined|\[object|\{|notice\./);
  });

  it('escapes in HTML what others chose, and has the direction of the language', async () => {
    const texts = await loadTexts(language);
    const { html = '' } = recordNotice(texts, facts, 'in-app');
    expect(html).toContain(`<div lang="${language}" dir="${languageFacts[language].direction}">`);
    expect(html).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
    expect(html).not.toMatch(/<script|<b>/);
    expect(html).toContain(`<a href="https://registry.example/case#${caseCode}">`);
  });

  it('says that no person reviewed a translation, and where the English text is', async () => {
    const texts = await loadTexts(language);
    const { text } = recordNotice(texts, facts, 'email');
    const inEnglish = `https://registry.example/case?lang=en#${caseCode}`;
    expect(text.includes(inEnglish)).toBe(!languageFacts[language].reviewed);
  });

  it('puts neither reason nor account into a text message', async () => {
    const texts = await loadTexts(language);
    for (const reason of reasonCodes) {
      const { text, html } = recordNotice(texts, { ...facts, reason }, 'sms');
      expect(html).toBeUndefined();
      expect(text).toContain(`/case#${caseCode}`);
      expect(text).not.toContain(texts.reason(reason).title);
      expect(text).not.toContain('ticket');
      expect(text.length).toBeLessThan(330);
    }
  });
});

describe('dates in a notice', () => {
  it('are of the time zone and the language of the reader', async () => {
    const berlin = await loadTexts('de', { timeZone: 'Europe/Berlin' });
    const { text } = recordNotice(berlin, facts, 'email');
    expect(text).toContain('2. März 2026');
    expect(text).toMatch(/5\. März 2026 um 23:30 MEZ/);
    const utc = recordNotice(await loadTexts('en'), facts, 'email');
    expect(utc.text).toContain('1 March 2026');
    expect(utc.text).toMatch(/5 March 2026 at 22:30 UTC/);
  });

  it('say that a reason answered at once has no hold', async () => {
    const texts = await loadTexts('en');
    const { text } = recordNotice(texts, { ...facts, visibleFrom: undefined }, 'email');
    expect(text).toContain('as soon as the registry has heard');
  });
});

describe('a message', () => {
  it('throws where a value is missing, so that no gap is sent to anybody', async () => {
    const texts = await loadTexts('en');
    expect(() => texts.say('notice.subject')).toThrow();
  });
});
