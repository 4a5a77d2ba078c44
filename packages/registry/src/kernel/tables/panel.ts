import type {
  InspectionOutcome,
  InspectionReason,
  ChallengeGround,
  PanelKind,
  PanelOutcome,
} from '@recourse/protocol';

/** A decision of the panel about a party that is no appeal of a creator. */
export interface PanelItemsTable {
  id: string;
  kind: PanelKind;
  party: string;
  /** Of a challenge */
  sanction: string | null;
  /** Of an appeal against a suspension: the item that suspended */
  about: string | null;
  votes: 1 | 2 | 3;
  opened_at: Date;
  due_at: Date;
  closed_at: Date | null;
  closed_by: 'votes' | 'deadline' | 'end' | null;
  /** None of a challenge whose record ended first */
  outcome: PanelOutcome | null;
}

/** A vote that nobody is told before all are in. */
export interface PanelVotesTable {
  item: string;
  holder: string;
  kid: string;
  outcome: PanelOutcome;
  artefact: string;
  reasons: Uint8Array | null;
  at: Date;
}

/** What was drawn of a party in a quarter. */
export interface InspectionDrawsTable {
  party: string;
  quarter: string;
  /** Of the checkpoint that seeds it */
  size: number;
  root: string;
  eligible: number;
  drawn: number;
  at: Date;
}

/** The examination of one record. */
export interface InspectionsTable {
  id: string;
  sanction: string;
  why: InspectionReason;
  /** Whose decision is made again */
  appeal: string | null;
  opened_at: Date;
  due_at: Date;
  examine_by: Date | null;
  /** None while nobody has a key to seal evidence to, and none once all is delivered */
  evidence_due_at: Date | null;
  evidence_confirmed_at: Date | null;
  closed_at: Date | null;
  closed_as: 'decided' | 'undecided' | 'undelivered' | 'ended' | null;
  outcome: InspectionOutcome | null;
}

export interface PartyWarningsTable {
  party: string;
  decided: number;
  reversed: number;
  at: Date;
}

/** A platform says that an identifier of a record changed hands. */
export interface ChallengesTable {
  item: string;
  sanction: string;
  position: number;
  by_party: string;
  ground: ChallengeGround;
  changed_at: Date;
  at: Date;
  closed_at: Date | null;
}

/** A cause for which a party's submissions are suspended; `parties.submissions_suspended` says that there is one. */
export interface PartySuspensionsTable {
  party: string;
  cause: string;
  since: Date;
  item: string | null;
  lifted_at: Date | null;
  lifted_by: string | null;
}
