import { rendered, type Block } from './blocks.ts';
import { data, type Notice, type NoticeFacts } from './record-notice.ts';
import type { Texts } from './texts.ts';

type DeliveredFacts = Pick<NoticeFacts, 'registry' | 'caseCode' | 'platform'>;

/**
 * The registry's own message to an address of a record: who made it, where to read why and to appeal, and the
 * information of GDPR, article 14. It never has the reason: addresses are shared and recycled.
 *
 * The submitter chose the language and may have chosen one that its reader does not know: English follows.
 */
export function deliveredNotice(
  { texts, english }: { readonly texts: Texts; readonly english: Texts },
  facts: DeliveredFacts,
  channel: 'email' | 'sms',
): Omit<Notice, 'html'> {
  const all = texts.language === english.language ? [texts] : [texts, english];
  const platform = facts.platform.name;
  const written = channel === 'sms' ? textMessage : mail;
  return {
    subject: all.map((one) => one.say('notice.subject', { platform })).join(' / '),
    text: all.map((one) => written(one, facts)).join(channel === 'sms' ? '\n' : '\n----\n\n'),
  };
}

function textMessage(texts: Texts, facts: DeliveredFacts): string {
  const { host: registry } = new URL(facts.registry);
  const { name: platform } = facts.platform;
  return texts.say('notice.sms', { platform, registry, link: linkOf(facts) });
}

function mail(texts: Texts, facts: DeliveredFacts): string {
  const { name: platform, domain } = facts.platform;
  const { host: registry } = new URL(facts.registry);
  const english = `${facts.registry}/case?lang=en#${facts.caseCode}`;
  const blocks: Block[] = [
    paragraph(texts.say('notice.delivered.what', { platform, domain, registry })),
    ...(texts.facts.reviewed ? [] : [paragraph(texts.say('notice.unreviewed', { english }))]),
    paragraph(texts.say('notice.delivered.open', { link: linkOf(facts) })),
    ...data(texts, { facts, registry }),
    paragraph(texts.say('notice.delivered.address', { platform, registry })),
  ];
  return rendered(blocks, texts).text;
}

const linkOf = ({ registry, caseCode }: DeliveredFacts): string => `${registry}/case#${caseCode}`;

const paragraph = (text: string): Block => ({ kind: 'paragraph', parts: [text] });
