import { implement } from '../procedure.ts';
import { rotate } from './rotating.ts';

export const oprf = { rotate: implement('oprf.rotate', rotate) };
