import { reasons, type ReasonCode } from '@recourse/protocol';

/** A record of the own platform in a few words: why, and the label that the analyst gave it. */
export const nameOf = ({
  reason,
  ref,
}: {
  readonly reason: ReasonCode;
  readonly ref?: string | undefined;
}): string => {
  const why = `“${reasons[reason].texts.en.title}”`;
  return ref === undefined ? why : `${ref}, ${why}`;
};
