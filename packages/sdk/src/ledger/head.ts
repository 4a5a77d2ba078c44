/** The ledger at one size, as a signed note says. */
export interface Head {
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
  readonly note: string;
}
