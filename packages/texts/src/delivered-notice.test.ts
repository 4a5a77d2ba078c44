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

test.each(languages)(
  'in %s a mail names registry, submitter, case and rights',
  async (language) => {
    const { subject, text } = deliveredNotice(await loadTexts(language), facts, 'email');
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

test.each(languages)('in %s a text message is short, and says the same', async (language) => {
  const { text } = deliveredNotice(await loadTexts(language), facts, 'sms');
  expect(text).toContain('Tubely');
  expect(text).toContain('https://registry.example/case#CODE-OF-A-CASE');
  expect(text.length).toBeLessThan(320);
});

test('a translation that nobody reviewed says so', async () => {
  const { text } = deliveredNotice(await loadTexts('de'), facts, 'email');
  expect(text).toContain('https://registry.example/case?lang=en#CODE-OF-A-CASE');
});
