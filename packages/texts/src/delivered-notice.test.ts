import { expect, test } from 'vitest';
import { deliveredNotice } from './delivered-notice.ts';
import { languages, loadTexts } from './index.ts';

const facts = {
  registry: 'https://registry.example',
  caseCode: 'CODE-OF-A-CASE',
  platform: {
    name: 'Tubely',
    domain: 'tubely.example',
    contacts: { complaints: 'complaints@tubely.example', dataProtection: 'dpo@tubely.example' },
    legalBasis: 'none' as const,
  },
};

const english = await loadTexts('en');
const inEnglish = 'Tubely made a record about you';

test.each(languages)(
  'in %s a mail names registry, submitter, case and rights',
  async (language) => {
    const texts = await loadTexts(language);
    const { subject, text } = deliveredNotice({ texts, english }, facts, 'email');
    expect(subject).toContain('Tubely');
    for (const part of [
      'tubely.example',
      'registry.example',
      'https://registry.example/case#CODE-OF-A-CASE',
      'dpo@tubely.example',
      'https://registry.example/parties',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/[{}]/);
  },
);

test.each(languages)(
  'in %s a message says the same in English, once, whatever its submitter chose',
  async (language) => {
    const texts = await loadTexts(language);
    const alone = deliveredNotice({ texts: english, english }, facts, 'email');
    const mail = deliveredNotice({ texts, english }, facts, 'email');
    expect(mail.subject.split(' / ').at(-1)).toBe(inEnglish);
    expect(mail.text.split(alone.text)).toHaveLength(2);
    const sms = deliveredNotice({ texts, english }, facts, 'sms').text;
    expect(sms.split(inEnglish)).toHaveLength(2);
    expect(sms.split('\n')).toHaveLength(language === 'en' ? 1 : 2);
  },
);

test.each(languages)('in %s a text message is short, and says the same', async (language) => {
  const { text } = deliveredNotice({ texts: await loadTexts(language), english }, facts, 'sms');
  expect(text).toContain('Tubely');
  expect(text).toContain('https://registry.example/case#CODE-OF-A-CASE');
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(320);
});

test('a translation that nobody reviewed says so', async () => {
  const { text } = deliveredNotice({ texts: await loadTexts('de'), english }, facts, 'email');
  expect(text).toContain('https://registry.example/case?lang=en#CODE-OF-A-CASE');
});
