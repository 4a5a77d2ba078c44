import { goesOn, Problem, maximumMergeDelay } from '@recourse/protocol';
import type { LogExtent, LogMemory } from '../commit/extent-store.ts';
import { LedgerFault, type LedgerFaultCode } from './ledger-fault.ts';
import type { Db } from '../kernel/database.ts';
import { readBacklog } from './store.ts';

/** Why a receipt would promise too much: what could be lost unseen, is not signed in time, or is not shown in time. */
export type LateReason = 'unprotected' | 'unsigned' | 'unshown';

/** Says whether the ledger can take what a call would write. One for each server. */
export class LedgerGuard implements LogMemory {
  readonly backlog = new Backlog();
  #fault: LedgerFaultCode | undefined;
  #onRolledBack: (fault: LedgerFault) => void = () => {};
  /** Size of the largest checkpoint that a transaction of this server has seen */
  #signed = 0;
  #unservedMs = 0;
  #unsignedSince: number | undefined;
  #isProtected = true;
  #isFolderLost = false;
  #isClockOff = false;
  #compareClocks = (): Promise<boolean> => Promise.resolve(true);

  /** Why this server is recovering, if it is; it does until it is started anew */
  get fault(): LedgerFaultCode | undefined {
    return this.#fault;
  }

  recover(fault: LedgerFaultCode): void {
    this.#fault ??= fault;
  }

  /** True while what is taken now will be in the log, and shown, within the time that a receipt promises */
  get keepsPromises(): boolean {
    return this.#fault === undefined && this.late.length === 0;
  }

  /** Why not, for an operator; a server that recovers has another reason. Nothing is signed while it is unprotected */
  get late(): readonly LateReason[] {
    const found: [boolean, LateReason][] = [
      [!this.#isProtected, 'unprotected'],
      [this.#isProtected && this.unsignedFor > halfMergeDelayMs, 'unsigned'],
      [this.#unservedMs > halfMergeDelayMs, 'unshown'],
    ];
    return found.flatMap(([isSo, reason]) => (isSo ? [reason] : []));
  }

  /** For how long in milliseconds something waits that could not be signed, by the clock of the process */
  get unsignedFor(): number {
    return this.#unsignedSince === undefined ? 0 : performance.now() - this.#unsignedSince;
  }

  /** Said before what waits is signed, and after: whatever holds it up in between counts. */
  signing(isWaiting: boolean): void {
    this.#unsignedSince = isWaiting ? (this.#unsignedSince ?? performance.now()) : undefined;
  }

  /** Notes whether what is signed now could not be lost unseen. */
  protects(isProtected: boolean): void {
    this.#isProtected = isProtected;
  }

  /** For how long nothing that was signed could be served, for want of cosignatures. */
  unserved(milliseconds: number): void {
    this.#unservedMs = milliseconds;
  }

  /** Notes whether what is kept outside of the database can be reached. */
  folderIs(usable: boolean): void {
    this.#isFolderLost = !usable;
  }

  /** Why the log is late, if it is: what is kept outside cannot be read or written */
  get isFolderLost(): boolean {
    return this.#isFolderLost;
  }

  /** How the clock of this server is compared with that of PostgreSQL: whether they agree, as far as it can be told now. */
  compareClocks(compare: () => Promise<boolean>): void {
    this.#compareClocks = compare;
  }

  /** Notes what was found out last */
  clockIs(isRight: boolean): void {
    this.#isClockOff = !isRight;
  }

  /**
   * Before anything is judged by a time. A wrong clock would refuse for good what is in time, and take what is not.
   * @throws Problem `overloaded`: another server answers, or this one once its clock is right
   */
  assertClock(): void {
    if (this.#isClockOff) throw new Problem('overloaded', { retryAfterSeconds: 5 });
  }

  /** True where somebody may be refused for a time. Asked then, since a clock jumps between two looks. */
  async judgesTimes(): Promise<boolean> {
    return !this.#isClockOff && (await this.#compareClocks());
  }

  /** @param tell told when a transaction finds that its database was rolled back */
  whenRolledBack(tell: (fault: LedgerFault) => void): void {
    this.#onRolledBack = tell;
  }

  /**
   * An old copy of the database can come in place of it at any moment, behind connections that open by themselves. It
   * ends before a checkpoint that this server saw in the newer one, whatever anybody wrote into it since: it does not
   * grow. A transaction stays on one database, so one look anywhere in it is enough.
   */
  comparing(ops: readonly string[]): (found: LogExtent) => void {
    const known = this.#signed;
    return ({ size, signed }) => {
      if (size < known && !this.#fault) {
        const fault = new LedgerFault('rolled-back');
        this.recover(fault.code);
        this.#onRolledBack(fault);
      }
      if (!ops.every((op) => this.mayAnswer(op))) throw recovering();
      this.#signed = Math.max(this.#signed, signed);
    };
  }

  /** True where an answer may leave, or anything of it be committed, with what this server knows by now. */
  mayAnswer(op: string): boolean {
    if (!this.#fault) return true;
    return goesOn(op) && !waitsForRecovery.has(op) && !this.#mayBeErased(op);
  }

  /** Before anything is written. @throws Problem `recovering` or `overloaded` */
  admit(op: string): void {
    if (!this.mayAnswer(op)) throw recovering();
    // Nothing is taken from the backlog of a server that recovers, and what goes on does so all the same.
    // A receipt would promise what nobody could be shown in time. A creator waits for no witness.
    if (!this.#fault && (this.backlog.isFull || (this.late.length > 0 && !goesOn(op)))) {
      throw new Problem('overloaded', { retryAfterSeconds: 5 });
    }
  }

  /** An old copy of the database may have cases that were erased since: they are erased again first. */
  #mayBeErased(op: string): boolean {
    const isOldCopy = this.#fault === 'rolled-back' || this.#fault === 'recovery-unfinished';
    return isOldCopy && op.startsWith('case.');
  }
}

/**
 * Operations whose entries the log may have already: written again into an old copy of the database and then logged,
 * they would stand there twice, and every reader of the log would take the second for forged.
 */
const waitsForRecovery: ReadonlySet<string> = new Set(['recalls.acknowledge']);

export const recovering = (): Problem => new Problem('recovering', { retryAfterSeconds: 60 });

const mostWaiting = 100_000;

/**
 * The backlog of the sequencer, as this server last saw it. Once it is full nothing more is taken: a receipt that
 * promises a place in the log within a minute would be broken. Waiting is measured by this process and not by the rows,
 * since clocks can be moved.
 */
class Backlog {
  #oldest: { readonly seq: number; readonly since: number } | undefined;
  #isFull = false;
  #hasLooked = false;

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Nothing waited when it was looked at last */
  get isEmpty(): boolean {
    return this.#oldest === undefined;
  }

  async look(db: Db): Promise<void> {
    const { oldest, atMost } = await readBacklog(db, { whole: !this.#hasLooked });
    this.#hasLooked = true;
    const now = performance.now();
    if (oldest === null) this.#oldest = undefined;
    else if (this.#oldest?.seq !== oldest) this.#oldest = { seq: oldest, since: now };
    const late = this.#oldest !== undefined && now - this.#oldest.since > halfMergeDelayMs;
    this.#isFull = late || atMost > mostWaiting;
  }
}

/** Half of what a receipt promises: what waits longer is held up, and there is time left to keep the promise. */
export const halfMergeDelayMs = (maximumMergeDelay * 1_000) / 2;
