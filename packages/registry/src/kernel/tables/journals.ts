/** What journals of a platform are sealed to, for the holder of one of its trust keys. */
export interface SealingKeysTable {
  /** The trust key */
  kid: string;
  party: string;
  /** RFC 7638 thumbprint of the sealing key */
  sealing_kid: string;
  /** `recourse-sealing-key+jwt` */
  statement: string;
}

/** What an appeal will need of a record, sealed by its platform, then under the key of the case. */
export interface JournalsTable {
  sanction: string;
  sealed: Uint8Array;
}
