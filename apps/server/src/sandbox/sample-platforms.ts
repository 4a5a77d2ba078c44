import type { Registration } from '@recourse/protocol';

/** Three platforms of three groups. Their domains are reserved for examples (RFC 2606). */
export const samplePlatforms = {
  harbour: registration('Harbour', { jurisdiction: 'NL', language: 'en' }),
  tubely: registration('Tubely', { jurisdiction: 'IE', language: 'en' }),
  marketo: registration('Marketo', { jurisdiction: 'DE', language: 'de' }),
} as const;

export type SampleName = keyof typeof samplePlatforms;

export const sampleNames: readonly SampleName[] = ['harbour', 'tubely', 'marketo'];

function registration(
  name: string,
  locale: Pick<Registration, 'jurisdiction' | 'language'>,
): Registration {
  const group = name.toLowerCase();
  const domain = `${group}.example`;
  return {
    name,
    domain,
    jurisdiction: locale.jurisdiction,
    group,
    owners: [],
    stateOwned: false,
    policies: [`https://${domain}/rules`],
    contacts: { complaints: `complaints@${domain}`, dataProtection: `privacy@${domain}` },
    legalBasis: 'gdpr-art-10-authorised',
    language: locale.language,
    checkOnly: false,
    signupsPerDay: 10_000,
  };
}
