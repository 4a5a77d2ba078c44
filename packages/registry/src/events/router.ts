import { implement } from '../procedure.ts';
import { poll } from './poll.ts';

export const events = { poll: implement('events.poll', poll) };
