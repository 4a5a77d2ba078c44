import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';

/** What a name is answered with; nothing is silence */
export type Answer = (name: string) => Partial<dnsPacket.Packet> | undefined;

/** A DNS server on a UDP port of this machine; it answers as it is told, and says what it was asked. */
export async function nameServer(answer: Answer) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const query = dnsPacket.decode(message);
    const name = query.questions?.[0]?.name ?? '';
    asked.push(name);
    const response = answer(name);
    if (!response) return;
    const packet = { ...query, type: 'response' as const, ...response };
    socket.send(dnsPacket.encode(packet), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    asked,
    server: `127.0.0.1:${socket.address().port}`,
    close: () => void socket.close(),
  };
}

export const txt = (name: string, data: (string | string[])[]): Partial<dnsPacket.Packet> => ({
  answers: data.map((one) => ({ type: 'TXT', name, ttl: 1, data: one })),
});
