import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import * as dnsPacket from 'dns-packet';

/** Answers for the domains of the demo, which are other people's: what their owners would publish. */
export interface NameServer {
  /** `address:port`, of this machine alone */
  readonly address: string;
  /** Value of a TXT record, by its name */
  readonly records: Map<string, string>;
  close(): void;
}

export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, string>();
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const query = dnsPacket.decode(message);
    const [question] = query.questions ?? [];
    const name = question?.name ?? '';
    const data = records.get(name.toLowerCase());
    const answers: dnsPacket.Answer[] = data === undefined ? [] : [{ type: 'TXT', name, data }];
    socket.send(dnsPacket.encode({ ...query, type: 'response', answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    close: () => void socket.close(),
  };
}
