import type { Texts } from '@recourse/texts';

/** Why something ended, paused or happened: codes that the registry may add to, so an unknown one is shown as it is. */
export function causeText(texts: Texts, code: string): string {
  const key = `cause.${code}`;
  return texts.has(key) ? texts.say(key) : texts.say('cause.unknown', { code });
}

export function eventText(texts: Texts, code: string): string {
  const key = `event.${code}`;
  return texts.has(key) ? texts.say(key) : texts.say('event.unknown', { code });
}
