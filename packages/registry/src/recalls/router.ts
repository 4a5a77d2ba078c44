import { implement } from '../procedure.ts';
import { acknowledge } from './acknowledge.ts';
import { listRecalls } from './list-recalls.ts';

export const recalls = {
  list: implement('recalls.list', listRecalls),
  acknowledge: implement('recalls.acknowledge', acknowledge),
};
