import { ServerError } from './errors.ts';

const least = 24;

/** @throws ServerError `node_too_old` */
export function assertNode(version: string): void {
  if (Number(version.split('.')[0]) >= least) return;
  throw new ServerError(
    'node_too_old',
    `Recourse runs on Node ${least} or newer, and this is ${version}: start it with npm start after npm ci, which brings its own Node, or install Node ${least}.`,
  );
}
