import { Problem, toBase64url, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import type { SetChanges } from '@recourse/blind/prefixes';
import type { Version } from '../../context/published-sets.ts';
import { assertMayCheck } from '../../lookup/checks/check.rules.ts';
import { netChanges } from '../../lookup/prefixes/changes.ts';
import { isFullSmaller, isKept, minWaitSeconds } from '../../lookup/prefixes/prefix-list.rules.ts';
import {
  changesBetween,
  describeSnapshot,
  findVersion,
  newestVersion,
} from '../../lookup/prefixes/version-store.ts';

/**
 * Leads a copy of a set to its newest version: by a delta where there is one, else by a snapshot, from which the next
 * question leads on. Every member gets the same bytes.
 * @throws Problem `checks-stopped`, `unknown-epoch`; `overloaded` before the first version is published
 */
export async function sync(
  ctx: CallContext,
  { epoch, version }: OpInput<'prefixes.sync'>,
): Promise<OpOutput<'prefixes.sync'>> {
  assertMayCheck(ctx.caller, [epoch], ctx.services.tokens.epochs());
  const newest = await newestVersion(ctx.db, epoch);
  if (!newest) throw notYet();
  const common = { set: newest.header, minWaitSeconds };
  if (version === newest.version) return { ...common, partial: true };
  const snapshot = await describeSnapshot(ctx.db, { epoch, upTo: newest.version });
  if (!snapshot) throw notYet();
  const delta =
    version === undefined
      ? undefined
      : await deltaFrom(ctx, version, { newest, always: snapshot.version });
  if (delta) {
    const { removals, additions } = delta;
    return {
      ...common,
      partial: true,
      removals: toBase64url(removals),
      additions: toBase64url(additions),
    };
  }
  const of = await findVersion(ctx.db, { epoch, version: snapshot.version });
  if (!of) throw notYet();
  const sha256 = toBase64url(snapshot.sha256);
  return {
    set: of.header,
    partial: false,
    snapshot: { url: `/prefixes/${sha256}`, sha256, bytes: snapshot.length },
    minWaitSeconds: of.version === newest.version ? minWaitSeconds : 0,
  };
}

const notYet = (): Problem => new Problem('overloaded', { retryAfterSeconds: 5 });

/**
 * Undefined where a full set is smaller, or there is no way from that version. There always is one from the newest
 * snapshot on: whoever loaded that gets on by a delta.
 */
async function deltaFrom(
  ctx: CallContext,
  version: number,
  { newest, always }: { newest: Version; always: number },
) {
  const changes = await changesSince(ctx, version, { newest, always });
  if (!changes) return undefined;
  const { length } = changes.added;
  if (version < always && isFullSmaller(length + changes.removed.length, newest.size)) {
    return undefined;
  }
  const set = await ctx.services.sets.load(ctx.db, newest);
  return set && ctx.services.sets.delta(version, { version: newest, set, changes });
}

/** Reads what changed since a version that a member says it holds: any number, of any age. */
async function changesSince(
  { db, now }: CallContext,
  version: number,
  { newest, always }: { newest: Version; always: number },
): Promise<SetChanges | undefined> {
  if (version > newest.version) return undefined;
  const { epoch } = newest;
  const held = await findVersion(db, { epoch, version });
  if (!held || (version < always && !isKept(held.as_of, now))) return undefined;
  const changes = await changesBetween(db, { epoch, from: version, to: newest.version });
  return changes && netChanges(changes);
}
