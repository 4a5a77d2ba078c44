/** An announced key of tokens, after the first. */
export interface RotationsTable {
  epoch: number;
  /** 32 bytes, base64url */
  public_key: string;
  announced_at: Date;
  opens_at: Date;
  /** When the epoch before closes */
  before_closes_at: Date;
  /** JCS of the `oprf-epoch` entry */
  entry: string;
}

/** The tokens of a record, made anew under a newer epoch. */
export interface RetokenisationsTable {
  sanction: string;
  epoch: number;
  at: Date;
  /** `recourse-subjects+jwt` */
  artefact: string;
  /** The eight leaf commitments of its tree, base64url */
  commitments: string[];
}
