import { connect, type ConnectOptions } from '@recourse/sdk';

/** Asks at signup, about an address that the person has just proved to control. */
export async function checkSignup(options: ConnectOptions, email: string): Promise<string> {
  const recourse = connect(options);
  const { advice, matches, validUntil } = await recourse.check(
    { email },
    { purpose: 'signup', provenAt: new Date(), settleAfterMs: 300 },
  );
  // The registry is away: nothing is known, so go on, and check again later.
  if (advice === 'unavailable') return 'welcome, to be checked';
  if (advice === 'no-record') return `welcome, ask again after ${validUntil.toISOString()}`;

  // A match is a reason to look, never the sole basis of a decision: a person reviews it.
  await recourse.outcomes.report(matches.map(({ match }) => ({ match, outcome: 'pending' })));
  // Under some appeals nobody says why: then find out whether this is the person at all.
  return matches
    .map((match) =>
      match.reasonWithheld ? 'withheld' : `${match.submitter.name}: ${match.reason}`,
    )
    .join();
}
