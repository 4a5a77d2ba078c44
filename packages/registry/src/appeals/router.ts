import { items } from '../panel/items.ts';
import { vote } from '../panel/voting.ts';
import { implement } from '../procedure.ts';
import { claim } from './claiming.ts';
import { confirm, deliver, open, reject } from './delivering.ts';
import { dispute, disputed, recheck, settle } from './disputing.ts';
import { nextNotice, reviewNotice } from './notice-review.ts';
import { caseOfClaim, file, get, list, queue } from './reading.ts';
import { respond } from './responding.ts';
import { excuseReviewer, recuse } from './recusing.ts';
import { ask, relieve } from './reviewing.ts';

export const appeals = {
  list: implement('appeals.list', list),
  get: implement('appeals.get', get),
  respond: implement('appeals.respond', respond),
};

export const evidence = {
  deliver: implement('evidence.deliver', deliver),
  open: implement('evidence.open', open),
  confirm: implement('evidence.confirm', confirm),
  reject: implement('evidence.reject', reject),
  dispute: implement('evidence.dispute', dispute),
  recheck: implement('evidence.recheck', recheck),
  disputed: implement('evidence.disputed', disputed),
  settle: implement('evidence.settle', settle),
};

export const review = {
  queue: implement('review.queue', queue),
  claim: implement('review.claim', claim),
  get: implement('review.get', caseOfClaim),
  file: implement('review.file', file),
  ask: implement('review.ask', ask),
  relieve: implement('review.relieve', relieve),
  recuse: implement('review.recuse', recuse),
  excuse: implement('review.excuse', excuseReviewer),
  notice: implement('review.notice', nextNotice),
  confirmNotice: implement('review.confirmNotice', reviewNotice),
  items: implement('review.items', items),
  vote: implement('review.vote', vote),
};
