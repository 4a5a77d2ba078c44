import { evidenceClasses, evidenceClassNames, reasonCodes, reasons } from '@recourse/protocol';
import type { Catalogue, TaxonomyTexts } from '../catalogue.ts';
import { enMessages } from './en-messages.ts';

const byName = <Name extends string, Text>(names: readonly Name[], text: (name: Name) => Text) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each name
  Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, Text>;

/** The taxonomy is data of the protocol, and so are its English texts. */
const taxonomy: TaxonomyTexts = {
  reasons: byName(reasonCodes, (code) => ({
    ...reasons[code].texts.en,
    isNot: reasons[code].isNot,
  })),
  evidence: byName(evidenceClassNames, (name) => evidenceClasses[name].what),
};

export const en: Catalogue = { ...taxonomy, messages: enMessages };
