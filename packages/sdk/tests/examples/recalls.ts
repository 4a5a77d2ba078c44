import { connect, type ConnectOptions } from '@recourse/sdk';

/** Undoes what was done after a match, by the own case ids that went with each check. */
export async function undoAll(options: ConnectOptions, undo: (ref: string) => Promise<void>) {
  const recourse = connect(options);
  for await (const { recall, kind, told } of recourse.recalls.open()) {
    if (kind !== 'undo') continue;
    for (const { ref } of told) if (ref !== undefined) await undo(ref);
    await recourse.recalls.acknowledge({ recall, action: 'undone', copies: 'deleted' });
  }
}
