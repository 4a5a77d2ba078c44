import { dayText } from '@recourse/design';
import { reasons, type DecisionOutcome } from '@recourse/protocol';
import { isInspection, type ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';
import { causeTexts } from './words.ts';

/** Before it is signed: what happens to whom. */
export function consequenceOf(theCase: ReviewCase, draft: CaseDraft, platform: string): string[] {
  const { outcome } = draft;
  if (outcome === '') return [];
  if (isInspection(theCase)) return [ofInspection(outcome, platform)];
  if (outcome === 'passed' || outcome === 'failed') return [];
  const sentences = [ofAppeal(outcome, draft, platform)];
  if (theCase.reviewers > 1) {
    sentences.push('Another reviewer decides too, blind to you. Nothing happens before that.');
  }
  return [...sentences, `The creator and ${platform} read your reasons.`];
}

function ofInspection(outcome: string, platform: string): string {
  if (outcome === 'passed') return `The record of ${platform} goes on as it is.`;
  return `The record of ${platform} ends as reversed, and every platform that was told hears so.`;
}

function ofAppeal(outcome: DecisionOutcome, draft: CaseDraft, platform: string): string {
  const cause = draft.cause === '' ? '' : ` (${causeTexts[draft.cause].toLowerCase()})`;
  const texts: Readonly<Record<DecisionOutcome, () => string>> = {
    upheld: () => `The record of ${platform} goes on against this creator, as it is.`,
    reversed: () =>
      `The record of ${platform} ends now${cause}. Every platform that was told undoes what it did because of it.`,
    amended: () => `The record of ${platform} goes on, changed: ${changesOf(draft).join('; ')}.`,
    dismissed: () =>
      `The record of ${platform} goes on. The creator may have another reviewer look at it, once.`,
    finding: () =>
      `The record of ${platform} has ended; it is found wrong${cause}, and every platform that was told hears so.`,
  };
  return texts[outcome]();
}

function changesOf({ lesser, expires, detach }: CaseDraft): string[] {
  const changes: string[] = [];
  if (lesser !== '') changes.push(`its reason becomes “${reasons[lesser].texts.en.title}”`);
  if (expires !== '') changes.push(`it ends on ${dayText(endOfDay(expires))}`);
  if (detach.length > 0) {
    changes.push(`identifier ${detach.map((place) => place + 1).join(', ')} no longer matches`);
  }
  return changes;
}

/** The last second of a day by the clock of the reader. */
export const endOfDay = (day: string): Date => new Date(`${day}T23:59:59`);
