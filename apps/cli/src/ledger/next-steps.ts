import type { VerifyErrorCode } from '@recourse/verify';

const show =
  'Keep the state file and what was printed, and show them to the review panel and to other readers of the ledger: compare checkpoints.';
const ask =
  'Run it once more. If it stays so, tell the operator and the review panel, and keep the state file.';

/** Next step for each code, at this command line. */
export const verifySteps: Readonly<Record<VerifyErrorCode, string>> = {
  'registry-unreachable':
    'Check that it runs and that --registry or --url is right, then run the same command again: it goes on where it stopped.',
  'checkpoint-missing': ask,
  'checkpoint-invalid':
    'Check --key against your invite or the published key. If it is right, do not act on anything this registry says, and tell the review panel.',
  'log-key-mismatch':
    'Check --key against your invite. A log key is never changed in place: where the pin is right, tell the review panel.',
  'policy-unknown':
    'Check the policy of the profile against your invite. Where the pin is right, tell the review panel.',
  'witnesses-missing':
    'Wait a minute, and run it again: witnesses may be down. If it stays so, ask their operators whether they refused it.',
  'rolled-back': show,
  forked: show,
  'entries-missing': ask,
  'entries-malformed': ask,
  'tile-missing': ask,
  'tile-mismatch': ask,
  'root-mismatch': show,
  'entry-invalid': show,
  'party-not-registered': show,
  'key-not-chained': `Accept nothing that it signed. ${show}`,
  'revocation-invalid': show,
  'registry-key-not-signed': show,
  'recalls-mismatch': show,
  'recall-undisclosed': show,
  'acknowledgement-forged': show,
  'overdue-forged': show,
  'recall-neglected': ask,
  'proof-invalid': 'Check that entry, proof and key belong together, or get the proof anew.',
  'opening-invalid':
    'Get the receipt of the case anew. If it stays so, keep both, and tell the review panel.',
  'entry-unproven':
    'Wait two minutes, and run it again: new entries are not under a checkpoint yet. If it stays so, keep the receipt, and tell the review panel.',
  'case-mismatch': 'Keep the receipt, and tell the review panel.',
  'receipt-invalid':
    'Check that the receipt is of this registry. If it is, keep it, and tell the review panel.',
  'not-promised':
    'The registry was recovering, or its witnesses were away. Keep the receipt, and try again later.',
  'merge-delay-exceeded':
    'Keep the receipt: it is proof of a broken promise. Try again in a minute, then show it to the review panel.',
};
