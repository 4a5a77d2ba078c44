/** A decision of an appeal, and whether it was drawn to be made again by another reviewer. */
export interface RedecisionsTable {
  appeal: string;
  sanction: string;
  leaf: Uint8Array;
  /** Of the checkpoint that seeds it, with its root; none before it was served */
  size: number | null;
  root: Uint8Array | null;
  drawn: boolean | null;
  /** When the submitter asked that two others decide it again */
  asked_at: Date | null;
}
