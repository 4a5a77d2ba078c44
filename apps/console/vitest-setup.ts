import { buildDesk } from './build.ts';

/** vitest globalSetup: the desk that tests open is made of the sources of this run. */
export default buildDesk;
