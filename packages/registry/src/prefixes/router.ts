import { implement } from '../procedure.ts';
import { sync } from './sync.ts';

export const prefixes = { sync: implement('prefixes.sync', sync) };
