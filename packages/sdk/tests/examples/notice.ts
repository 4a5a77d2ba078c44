import { connect, type ConnectOptions, type Creator, type SubmittedSanction } from '@recourse/sdk';

/** Has the registry tell the creator, and says so where the record has no address to write to. */
export async function tellCreator(
  options: ConnectOptions,
  { sanction }: Pick<SubmittedSanction, 'sanction'>,
  creator: Creator<string>,
): Promise<string> {
  const { sanctions } = connect(options);
  const outcome = await sanctions.tell({ sanction, language: 'de', creator });
  if (outcome.by === 'registry') {
    return outcome.deliveries.map(({ channel, state }) => `${channel}: ${state}`).join(', ');
  }
  return 'no address: tell them in your product, then say so with `stated`';
}
