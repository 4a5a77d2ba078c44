import {
  toTimestamp,
  type OrderBody,
  type OrderEffect,
  type PanelKind,
  type PanelOutcome,
} from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ProposalsTable } from '../schema/parties.ts';
import { listParties, type DirectoryEntry } from './directory.ts';
import {
  newestActs,
  newestVotes,
  sittingReviewers,
  type ReviewerRow,
  type VoteRow,
} from './governance-store.ts';
import {
  allAttestations,
  allOrders,
  publishedDemands,
  type DemandRow,
} from './membership-store.ts';
import { publicPeople, type PeopleNames, type Person } from './people.ts';

/** The page of a registry that says who runs it, who takes part, and what was done with the power to change either. */
export interface Governance {
  readonly people: readonly Person[];
  /** Reviewers by their opaque ids, as decisions name them: no name and no term, which would tie one to the other */
  readonly reviewers: readonly {
    readonly holder: string;
    /** Platforms whose cases are barred, and until when the tie lasted */
    readonly affiliations: readonly { readonly party: string; readonly until?: string }[];
    readonly languages: readonly string[];
    /** Codes whose cases they are not assigned */
    readonly optOut: readonly string[];
  }[];
  readonly parties: readonly DirectoryEntry[];
  /** Acts of two operator holders, the newest first: proposed, and executed by another */
  readonly acts: readonly {
    readonly proposal: string;
    readonly op: string;
    readonly proposedBy: string;
    readonly proposedAt: string;
    readonly executedBy?: string;
    readonly executedAt?: string;
  }[];
  /** Questions to the panel about platforms, the newest first. Until one closes nobody reads a vote */
  readonly votes: readonly {
    readonly item: string;
    readonly kind: PanelKind;
    readonly party: string;
    readonly openedAt: string;
    readonly dueAt: string;
    readonly closedAt?: string;
    readonly outcome?: PanelOutcome;
    /** One for each reviewer who voted, in no order of theirs */
    readonly votes?: readonly PanelOutcome[];
  }[];
  readonly orders: readonly {
    readonly effect: OrderEffect;
    readonly body: OrderBody;
    readonly date: string;
    readonly reference: string;
    readonly executedAt: string;
  }[];
  readonly demands: readonly {
    readonly party: string;
    readonly kind: string;
    readonly quarter: string;
    readonly received: number;
    readonly complied: number;
    readonly refused: number;
  }[];
  /** Quarterly statements, each as it was signed */
  readonly attestations: readonly {
    readonly party: string;
    readonly quarter: string;
    readonly demands: number;
    readonly statement: string;
  }[];
}

/** Reads what is public about the running of a registry, at one instant. */
export async function readGovernance(
  db: Db,
  { now, names }: { now: Date; names: PeopleNames },
): Promise<Governance> {
  const [people, reviewers, parties, acts, votes, orders, demands, attestations] =
    await Promise.all([
      publicPeople(db, { now, names }),
      sittingReviewers(db, now),
      listParties(db, now),
      newestActs(db),
      newestVotes(db),
      allOrders(db),
      publishedDemands(db, now),
      allAttestations(db),
    ]);
  return {
    people,
    reviewers: reviewers.map(reviewerOf),
    parties,
    acts: acts.map(actOf),
    votes: votes.map(voteOf),
    orders: orders.map(({ effect, body, dated, reference, at }) => ({
      effect,
      body,
      date: toTimestamp(dated),
      reference,
      executedAt: toTimestamp(at),
    })),
    demands: demands.map(demandOf),
    attestations: attestations.map(({ party, quarter, demands: count, statement }) => ({
      party,
      quarter,
      demands: count,
      statement,
    })),
  };
}

type Item<K extends keyof Governance> = Governance[K][number];

const reviewerOf = (row: ReviewerRow): Item<'reviewers'> => ({
  holder: row.id,
  languages: row.languages,
  optOut: row.opt_out,
  affiliations: row.affiliations.map(({ party, until }) => ({
    party,
    ...(until === null ? {} : { until: toTimestamp(new Date(until)) }),
  })),
});

const actOf = (row: Selectable<ProposalsTable>): Item<'acts'> => ({
  proposal: row.id,
  op: row.op,
  proposedBy: row.proposed_by,
  proposedAt: toTimestamp(row.proposed_at),
  ...(row.executed_by !== null && row.executed_at
    ? { executedBy: row.executed_by, executedAt: toTimestamp(row.executed_at) }
    : {}),
});

const voteOf = (row: VoteRow): Item<'votes'> => ({
  item: row.id,
  kind: row.kind,
  party: row.party,
  openedAt: toTimestamp(row.opened_at),
  dueAt: toTimestamp(row.due_at),
  ...(row.closed_at && row.outcome
    ? { closedAt: toTimestamp(row.closed_at), outcome: row.outcome, votes: row.votes }
    : {}),
});

const demandOf = ({ party, kind, quarter, received, complied, refused }: DemandRow) => ({
  party,
  kind,
  quarter,
  received,
  complied,
  refused,
});
