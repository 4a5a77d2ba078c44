import { toTimestamp } from '@recourse/protocol';
import { appealSuspension } from '../accountability/appealing.ts';
import { ownStanding } from '../accountability/own-standing.ts';
import { servedSize } from '../ledger/served-store.ts';
import { newestCheckpoint } from '../ledger/store.ts';
import { implement } from '../procedure.ts';
import { addKey } from './add-key.ts';
import { listAlarms } from './alarms.ts';
import { attest } from './attest.ts';
import { keyLink } from './directory.ts';
import { executeOrder } from './execute-order.ts';
import { invitePerson } from './invite-person.ts';
import { keysOf } from './key-store.ts';
import { leave } from './leave.ts';
import { objectToParty } from './object-to-party.ts';
import { inviteReviewer, removeReviewer } from './panel-acts.ts';
import { waitingEnrolments } from './people-store.ts';
import {
  enableReasons,
  registerPlatform,
  restorePlatform,
  setQuota,
  suspendPlatform,
} from './platform-acts.ts';
import { keepKeys, reenrol } from './reenrol.ts';
import { reportDemand } from './report-demand.ts';
import { revokeOwnKey } from './revoke-key.ts';
import { setGroup } from './set-group.ts';
import { setPolicies } from './set-policies.ts';
import { setWitness } from './set-witness.ts';
import { countRows } from './store.ts';

export const keys = {
  list: implement('keys.list', async ({ caller, db }) => {
    const waiting = await waitingEnrolments(db, caller.party);
    return {
      keys: (await keysOf(db, caller.party)).map(keyLink),
      waiting: waiting.map(({ kid, holder, role, admin, enrolment, enrolled_at: at }) => ({
        kid,
        holder,
        role,
        admin,
        enrolment,
        enrolledAt: toTimestamp(at),
      })),
    };
  }),
  add: implement('keys.add', addKey),
  revoke: implement('keys.revoke', revokeOwnKey),
};

export const people = { invite: implement('people.invite', invitePerson) };

export const parties = {
  setPolicies: implement('parties.setPolicies', (ctx, { policies }) => setPolicies(ctx, policies)),
  witness: implement('parties.witness', setWitness),
  object: implement('parties.object', objectToParty),
  keepKeys: implement('parties.keepKeys', keepKeys),
  demand: implement('parties.demand', reportDemand),
  attest: implement('parties.attest', attest),
  standing: implement('parties.standing', ownStanding),
  appealSuspension: implement('parties.appealSuspension', appealSuspension),
};

export const platforms = {
  register: implement('platforms.register', registerPlatform),
  reenrol: implement('platforms.reenrol', reenrol),
  suspend: implement('platforms.suspend', suspendPlatform),
  restore: implement('platforms.restore', restorePlatform),
  setQuota: implement('platforms.setQuota', setQuota),
  setGroup: implement('platforms.setGroup', setGroup),
  leave: implement('platforms.leave', leave),
};

export const orders = { execute: implement('orders.execute', executeOrder) };

export const panel = {
  invite: implement('panel.invite', inviteReviewer),
  remove: implement('panel.remove', removeReviewer),
};

export const taxonomy = { enable: implement('taxonomy.enable', enableReasons) };

export const registry = {
  stats: implement('registry.stats', async ({ db }) => {
    const [counts, newest, served] = await Promise.all([
      countRows(db),
      newestCheckpoint(db),
      servedSize(db),
    ]);
    return { counts: { ...counts, ledger_signed: newest?.size ?? 0, ledger_served: served } };
  }),
  alarms: implement('registry.alarms', listAlarms),
};
