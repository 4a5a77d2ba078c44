/** Why a registry, its ledger, or a proof of it is not believed. */
export type VerifyErrorCode = keyof typeof verifyErrorTitles;

/** One rule that an entry, or the ledger as a whole, breaks. */
export interface Finding {
  readonly code: VerifyErrorCode;
  /** 0-based place of the entry; absent where it is about none in particular */
  readonly index?: number;
}

/**
 * Thrown when a registry, its ledger or a proof does not hold. `message` is for people, and holds nothing that the
 * registry sent; act on `code`.
 */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly code: VerifyErrorCode;
  /** All findings, this cause first; `path` is a file of the ledger or an entry */
  readonly issues: readonly { readonly path: string; readonly code: VerifyErrorCode }[];

  constructor(
    code: VerifyErrorCode,
    path = 'ledger',
    options?: ErrorOptions & { message?: string; issues?: VerifyError['issues'] },
  ) {
    super(options?.message ?? verifyErrorTitles[code], options);
    this.code = code;
    this.issues = options?.issues ?? [{ path, code }];
  }

  /** @param findings at least one */
  static of(findings: readonly Finding[]): VerifyError {
    const issues = findings.map(({ code, index }) => ({
      path: index === undefined ? 'ledger' : `entry/${index}`,
      code,
    }));
    return new VerifyError(issues[0]!.code, issues[0]!.path, { issues });
  }
}

/** The sentence for people of each code. */
export const verifyErrorTitles = {
  'registry-unreachable': 'The ledger is not served.',
  'checkpoint-missing': 'The ledger has no checkpoint.',
  'checkpoint-invalid':
    'The checkpoint is not signed by the pinned ledger key, or is of another ledger.',
  'log-key-mismatch': 'The ledger key is not the one that was pinned.',
  'policy-unknown': 'The registry does not publish the witness policy that was pinned.',
  'witnesses-missing': 'Too few of the witnesses that are believed have cosigned the checkpoint.',
  'rolled-back': 'The ledger is smaller than one that it signed before.',
  forked: 'The ledger has another history than one that it signed before.',
  'entries-missing': 'Entries under the checkpoint are not served.',
  'entries-malformed': 'A bundle of entries is not one.',
  'tile-missing': 'A tile of the tree is not served.',
  'tile-mismatch': 'A tile is not the hashes of what is below it.',
  'root-mismatch': 'The entries do not give the root that was signed.',
  'entry-invalid': 'An entry is not of the schema, or not canonical.',
  'party-not-registered': 'A key is of a party that never was registered.',
  'key-not-chained': "A key does not lead back to its party's enrolment key.",
  'revocation-invalid': 'A key is revoked that its party did not have.',
  'registry-key-not-signed': 'A key of the registry is not announced by the ledger key.',
  'recalls-mismatch': 'A change does not stand beside exactly the recalls that it says it owes.',
  'recall-undisclosed': 'A recall is of something never disclosed.',
  'acknowledgement-forged': 'A recall is acknowledged that was not open, or by a call used before.',
  'overdue-forged': 'A recall is called overdue that was not open, or had time left.',
  'recall-neglected': 'A recall is past every deadline and was not called overdue.',
  'proof-invalid': 'The proof does not show that the ledger has this entry.',
  'opening-invalid': 'An entry is not what the receipt of the case opens it as.',
  'entry-unproven': 'The ledger has no proof of an entry of the case.',
  'case-mismatch': 'The receipt tells another life of the case than its entries in the ledger.',
  'receipt-invalid': 'The receipt is not signed by an announced receipt key of this registry.',
  'not-promised':
    'The entry of the receipt is not in the ledger, and the receipt says no time for it.',
  'merge-delay-exceeded':
    'The entry of the receipt is not in the ledger after the time that the receipt promises.',
} as const;
