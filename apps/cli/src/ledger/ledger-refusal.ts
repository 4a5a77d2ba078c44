/** Why a ledger, or a proof of it, is not believed. */
export type LedgerCause = keyof typeof ledgerCauses;

/** One rule that an entry, or the ledger as a whole, breaks. */
export interface Finding {
  readonly code: LedgerCause;
  /** 0-based place of the entry; absent where it is about none in particular */
  readonly index?: number;
}

/** The ledger does not hold what was signed, or what is signed is not what the rules allow. */
export class LedgerRefusal extends Error {
  override readonly name = 'LedgerRefusal';
  readonly code: LedgerCause;
  /** All that was found, this cause first; `path` is a file of the ledger or an entry */
  readonly issues: readonly { readonly path: string; readonly code: LedgerCause }[];

  constructor(
    code: LedgerCause,
    path = 'ledger',
    options?: ErrorOptions & Partial<Pick<LedgerRefusal, 'issues'>>,
  ) {
    super(code, options);
    this.code = code;
    this.issues = options?.issues ?? [{ path, code }];
  }

  /** @param findings at least one */
  static of(findings: readonly Finding[]): LedgerRefusal {
    const issues = findings.map(({ code, index }) => ({
      path: index === undefined ? 'ledger' : `entry/${index}`,
      code,
    }));
    return new LedgerRefusal(issues[0]!.code, issues[0]!.path, { issues });
  }
}

const show =
  'Keep the state file and what was printed, and show them to the review panel and to other readers of the ledger: compare checkpoints.';
const ask =
  'Run it once more. If it stays so, tell the operator and the review panel, and keep the state file.';

export const ledgerCauses = {
  'checkpoint-missing': { title: 'The ledger has no checkpoint.', next: ask },
  'checkpoint-invalid': {
    title: 'The checkpoint is not signed by the pinned ledger key, or is of another ledger.',
    next: 'Check --key against your invite or the published key. If it is right, do not act on anything this registry says, and tell the review panel.',
  },
  'log-key-mismatch': {
    title: 'The ledger key is not the one that was pinned.',
    next: 'Check --key against your invite. A log key is never changed in place: where the pin is right, tell the review panel.',
  },
  'policy-unknown': {
    title: 'The registry does not publish the witness policy that was pinned.',
    next: 'Check the policy of the profile against your invite. Where the pin is right, tell the review panel.',
  },
  'witnesses-missing': {
    title: 'Too few of the witnesses that are believed have cosigned the checkpoint.',
    next: 'Wait a minute, and run it again: witnesses may be down. If it stays so, ask their operators whether they refused it.',
  },
  'rolled-back': { title: 'The ledger is smaller than one that it signed before.', next: show },
  forked: { title: 'The ledger has another history than one that it signed before.', next: show },
  'entries-missing': { title: 'Entries under the checkpoint are not served.', next: ask },
  'entries-malformed': { title: 'A bundle of entries is not one.', next: ask },
  'tile-missing': { title: 'A tile of the tree is not served.', next: ask },
  'tile-mismatch': { title: 'A tile is not the hashes of what is below it.', next: ask },
  'root-mismatch': { title: 'The entries do not give the root that was signed.', next: show },
  'entry-invalid': { title: 'An entry is not of the schema, or not canonical.', next: show },
  'party-not-registered': { title: 'A key is of a party that never was registered.', next: show },
  'key-not-chained': {
    title: "A key does not lead back to its party's enrolment key.",
    next: `Accept nothing that it signed. ${show}`,
  },
  'revocation-invalid': { title: 'A key is revoked that its party did not have.', next: show },
  'registry-key-not-signed': {
    title: 'A key of the registry is not announced by the ledger key.',
    next: show,
  },
  'recalls-mismatch': {
    title: 'A change does not stand beside exactly the recalls that it says it owes.',
    next: show,
  },
  'recall-undisclosed': { title: 'A recall is of something never disclosed.', next: show },
  'acknowledgement-forged': {
    title: 'A recall is acknowledged that was not open, or by a call used before.',
    next: show,
  },
  'overdue-forged': {
    title: 'A recall is called overdue that was not open, or had time left.',
    next: show,
  },
  'recall-neglected': {
    title: 'A recall is past every deadline and was not called overdue.',
    next: ask,
  },
  'proof-invalid': {
    title: 'The proof does not show that the ledger has this entry.',
    next: 'Check that entry, proof and key belong together, or get the proof anew.',
  },
  'opening-invalid': {
    title: 'An entry is not what the receipt of the case opens it as.',
    next: 'Get the receipt of the case anew. If it stays so, keep both, and tell the review panel.',
  },
  'entry-unproven': {
    title: 'The ledger has no proof of an entry of the case.',
    next: 'Wait two minutes, and run it again: new entries are not under a checkpoint yet. If it stays so, keep the receipt, and tell the review panel.',
  },
  'case-mismatch': {
    title: 'The receipt tells another life of the case than its entries in the ledger.',
    next: 'Keep the receipt, and tell the review panel.',
  },
  'receipt-invalid': {
    title: 'The receipt is not signed by an announced receipt key of this registry.',
    next: 'Check that the receipt is of this registry. If it is, keep it, and tell the review panel.',
  },
  'not-promised': {
    title: 'The entry of the receipt is not in the ledger, and the receipt says no time for it.',
    next: 'The registry was recovering, or its witnesses were away. Keep the receipt, and try again later.',
  },
  'merge-delay-exceeded': {
    title:
      'The entry of the receipt is not in the ledger after the time that the receipt promises.',
    next: 'Keep the receipt: it is proof of a broken promise. Try again in a minute, then show it to the review panel.',
  },
} as const satisfies Readonly<Record<string, { title: string; next: string }>>;
