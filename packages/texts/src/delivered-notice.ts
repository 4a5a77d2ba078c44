import { rendered, type Block } from './blocks.ts';
import { data, type Notice, type NoticeFacts } from './record-notice.ts';
import type { Texts } from './texts.ts';

type DeliveredFacts = Pick<NoticeFacts, 'registry' | 'caseCode' | 'platform'>;

/**
 * The registry's own message to an address of a record: who made it, where to read why and to appeal, and the
 * information of GDPR, article 14. It never has the reason: addresses are shared and recycled.
 */
export function deliveredNotice(
  texts: Texts,
  facts: DeliveredFacts,
  channel: 'email' | 'sms',
): Omit<Notice, 'html'> {
  const { name: platform, domain } = facts.platform;
  const subject = texts.say('notice.subject', { platform });
  const registry = new URL(facts.registry).host;
  const link = `${facts.registry}/case#${facts.caseCode}`;
  if (channel === 'sms') {
    return { subject, text: texts.say('notice.sms', { platform, registry, link }) };
  }
  const english = `${facts.registry}/case?lang=en#${facts.caseCode}`;
  const blocks: Block[] = [
    paragraph(texts.say('notice.delivered.what', { platform, domain, registry })),
    ...(texts.facts.reviewed ? [] : [paragraph(texts.say('notice.unreviewed', { english }))]),
    paragraph(texts.say('notice.delivered.open', { link })),
    ...data(texts, { facts, registry }),
    paragraph(texts.say('notice.delivered.address', { platform, registry })),
  ];
  return { subject, text: rendered(blocks, texts).text };
}

const paragraph = (text: string): Block => ({ kind: 'paragraph', parts: [text] });
