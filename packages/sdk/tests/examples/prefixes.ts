import { connect, type ConnectOptions, type FollowOptions, type Recourse } from '@recourse/sdk';
import { fileSets } from '@recourse/sdk/node';

/** Keeps the prefix set new while a server runs, so that no signup waits for it. */
export function connectWithSet(options: ConnectOptions, how: FollowOptions): Recourse {
  const recourse = connect({ ...options, setStore: fileSets('/var/lib/platform/prefixes') });
  void recourse.prefixes.follow(how);
  return recourse;
}
