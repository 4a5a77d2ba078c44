import type { EvidenceClass, ReasonCode } from '@recourse/protocol';
import type { enMessages } from './catalogues/en-messages.ts';

/** The text of a reason: what it says about a person, what it is not, and what can make the record wrong. */
export interface ReasonText {
  readonly title: string;
  readonly meaning: string;
  readonly isNot: string;
  readonly appeal: string;
}

/** Texts of the taxonomy: plain, without placeholders. */
export interface TaxonomyTexts {
  readonly reasons: Readonly<Record<ReasonCode, ReasonText>>;
  readonly evidence: Readonly<Record<EvidenceClass, string>>;
}

/** The English catalogue names the messages; a translation that lacks one does not type-check. */
export type MessageKey = keyof typeof enMessages;

export interface Catalogue extends TaxonomyTexts {
  /** ICU messages (unicode-org.github.io/icu, "Formatting Messages") */
  readonly messages: Readonly<Record<MessageKey, string>>;
}
