import type { Texts } from '@recourse/texts';

export interface CodeMail {
  readonly subject: string;
  readonly text: string;
}

/**
 * The mail with a one-time code. It goes out whether or not anything is held, and says nothing of it: whoever else reads
 * this mailbox learns only that somebody asked.
 */
export function codeMail(
  texts: Texts,
  mail: { origin: string; code: string; expiresAt: Date; about?: 'contact' | undefined },
): CodeMail {
  const { origin, code, expiresAt } = mail;
  const until = expiresAt.toISOString().slice(0, 16).replace('T', ', ');
  const isContact = mail.about === 'contact';
  const page = `${origin}${isContact ? '/case' : '/case/find'}`;
  const registry = new URL(origin).host;
  return {
    subject: texts.say('mail.subject'),
    text: [
      ...wrapped(texts.say(isContact ? 'mail.contact.why' : 'mail.why', { registry })),
      '',
      `    ${code}`,
      '',
      ...wrapped(texts.say(isContact ? 'mail.contact.use' : 'mail.use', { until })),
      '',
      ...(isContact ? [] : [...wrapped(texts.say('mail.what')), '']),
      ...wrapped(texts.say(isContact ? 'mail.contact.ignore' : 'mail.ignore')),
      '',
      ...unreviewed(texts, page),
      page,
      '',
    ].join('\n'),
  };
}

/** That a case has news, and nothing of it: whoever else reads this mailbox learns no more. */
export function newsMail(texts: Texts, mail: { origin: string; stop: string }): CodeMail {
  const { origin, stop } = mail;
  const page = `${origin}/case`;
  return {
    subject: texts.say('mail.news.subject'),
    text: [
      ...wrapped(texts.say('mail.news.what', { registry: new URL(origin).host })),
      '',
      page,
      '',
      ...unreviewed(texts, page),
      ...wrapped(texts.say('mail.news.stop')),
      '',
      `${origin}/case/stop#${stop}`,
      '',
    ].join('\n'),
  };
}

const unreviewed = (texts: Texts, page: string): string[] =>
  texts.facts.reviewed ? [] : [texts.say('notice.unreviewed', { english: `${page}?lang=en` }), ''];

const widest = 90;

/** Lines as plain mail has them; text without spaces stays one line. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= widest) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
