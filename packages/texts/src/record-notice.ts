import type {
  Action,
  EvidenceClass,
  IdentifierKind,
  OriginKind,
  ReasonCode,
  Registration,
} from '@recourse/protocol';
import { rendered, type Block } from './blocks.ts';
import type { MessageKey } from './catalogue.ts';
import type { MessageValues, Texts } from './texts.ts';

/** The facts of a notice; the account is the platform's own words. */
export interface NoticeFacts {
  /** Origin of the registry, such as `https://registry.example` */
  readonly registry: string;
  readonly sanction: string;
  readonly caseCode: string;
  readonly platform: Pick<Registration, 'name' | 'domain' | 'contacts' | 'legalBasis'> & {
    /** Address of the rules that were broken */
    readonly policy?: string | undefined;
  };
  readonly reason: ReasonCode;
  readonly action: Action;
  readonly decidedAt: Date;
  readonly incident: { readonly from: Date; readonly to: Date };
  readonly expiresAt: Date;
  /** Before this no other platform is told; absent if the reason answers at once */
  readonly visibleFrom?: Date | undefined;
  readonly appealUntil: Date;
  readonly identifiers: readonly IdentifierKind[];
  readonly evidence: readonly EvidenceClass[];
  readonly account: string;
  readonly origin: OriginKind;
  readonly detectedByAutomatedMeans: boolean;
  /** The platform's own measure; by default everywhere and for good */
  readonly measure?:
    | { readonly countries?: readonly string[] | undefined; readonly ends?: Date | undefined }
    | undefined;
}

export interface Notice {
  readonly subject: string;
  readonly text: string;
  /** A fragment with its own `lang` and `dir`; every value in it is escaped. None for a text message */
  readonly html?: string;
}

/**
 * The notice of a record, with the information of GDPR, articles 13 and 14, and of the Digital Services Act, articles
 * 17, 20 and 21. A text message has neither reason nor account: numbers are recycled, and others read them.
 */
export function recordNotice(
  texts: Texts,
  facts: NoticeFacts,
  channel: 'email' | 'sms' | 'in-app',
): Notice {
  const { name: platform, domain } = facts.platform;
  const subject = texts.say('notice.subject', { platform });
  const registry = new URL(facts.registry).host;
  const link = `${facts.registry}/case#${facts.caseCode}`;
  if (channel === 'sms') {
    return { subject, text: texts.say('notice.sms', { platform, registry, link }) };
  }
  const say = sayingOf(texts);
  const blocks: Block[] = [
    say('notice.intro', { platform, domain, registry }),
    ...(texts.facts.reviewed
      ? []
      : [say('notice.unreviewed', { english: { href: inEnglish(facts) } })]),
    ...recorded(texts, facts),
    ...meaning(texts, facts),
    ...remedies(texts, { facts, link }),
    ...data(texts, { facts, registry }),
    say('notice.number', { sanction: facts.sanction }),
  ];
  return { subject, ...rendered(blocks, texts) };
}

interface Link {
  readonly href: string;
}

const inEnglish = ({ registry, caseCode }: NoticeFacts): string =>
  `${registry}/case?lang=en#${caseCode}`;

const sayingOf =
  (texts: Texts) =>
  (key: MessageKey, values: MessageValues<Link> = {}): Block => ({
    kind: 'paragraph',
    parts: texts.parts<Link>(key, values),
  });

const headingOf = (texts: Texts, key: MessageKey): Block => ({
  kind: 'heading',
  text: texts.say(key),
});

/** States the decision, its facts and ground, and how it was found (DSA, article 17(3) a to e). */
function recorded(texts: Texts, facts: NoticeFacts): Block[] {
  const say = sayingOf(texts);
  const { title, meaning } = texts.reason(facts.reason);
  const { policy } = facts.platform;
  const { countries, ends } = facts.measure ?? {};
  return [
    headingOf(texts, 'notice.recorded.heading'),
    say('notice.recorded.reason', { title, meaning }),
    say('notice.recorded.action', {
      action: texts.say(`action.${facts.action}`),
      decidedAt: facts.decidedAt,
    }),
    say('notice.recorded.scope', {
      countries: countries ? texts.list(countries.map((code) => countryName(texts, code))) : 'all',
      ends: ends ? texts.day(ends) : 'never',
    }),
    say('notice.recorded.incident', facts.incident),
    say('notice.recorded.account'),
    { kind: 'quote', text: facts.account },
    say('notice.recorded.evidence'),
    { kind: 'list', items: facts.evidence.map((name) => texts.evidence(name)) },
    ...(policy === undefined ? [] : [say('notice.recorded.policy', { policy: { href: policy } })]),
    say('notice.recorded.found', {
      origin: camel(facts.origin),
      automated: facts.detectedByAutomatedMeans ? 'yes' : 'no',
    }),
  ];
}

function meaning(texts: Texts, facts: NoticeFacts): Block[] {
  const say = sayingOf(texts);
  const { visibleFrom } = facts;
  return [
    headingOf(texts, 'notice.means.heading'),
    say('notice.means.visible', {
      kinds: texts.list(facts.identifiers.map((kind) => texts.say(`kind.${kind}`))),
      now: visibleFrom ? 'no' : 'yes',
      visibleFrom: visibleFrom ?? facts.decidedAt,
    }),
    say('notice.means.limits'),
    say('notice.means.isNot', { isNot: texts.reason(facts.reason).isNot }),
    say('notice.means.expires', { expiresAt: facts.expiresAt }),
  ];
}

/** Redress (DSA, articles 17(3) f, 20 and 21). */
function remedies(texts: Texts, { facts, link }: { facts: NoticeFacts; link: string }): Block[] {
  const say = sayingOf(texts);
  return [
    headingOf(texts, 'notice.can.heading'),
    say('notice.can.open', { link: { href: link } }),
    say('notice.can.appeal', { appealUntil: facts.appealUntil }),
    { kind: 'paragraph', parts: [texts.reason(facts.reason).appeal] },
    say('notice.can.complain', { complaints: facts.platform.contacts.complaints }),
  ];
}

/** GDPR, article 14(1) and (2). */
export function data(
  texts: Texts,
  notice: { facts: Pick<NoticeFacts, 'registry' | 'platform'>; registry: string },
): Block[] {
  const say = sayingOf(texts);
  const { platform, registry } = notice.facts;
  const { name, domain, contacts, legalBasis } = platform;
  return [
    headingOf(texts, 'notice.data.heading'),
    say('notice.data.controller', {
      platform: name,
      domain,
      dataProtection: contacts.dataProtection,
      registry: notice.registry,
      directory: { href: `${registry}/parties` },
    }),
    say('notice.data.purpose'),
    say('notice.data.basis', {
      basis: legalBasis,
      law: legalBasis === 'national-law' ? 'national' : 'authorised',
    }),
    say('notice.data.stored'),
    say('notice.data.sources'),
    say('notice.data.recipients'),
    say('notice.data.kept'),
    say('notice.data.rights'),
  ];
}

const countryName = ({ language }: Texts, code: string): string =>
  new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;

/** ICU takes no hyphen in the name of a choice. */
const camel = (origin: OriginKind): string =>
  origin.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
