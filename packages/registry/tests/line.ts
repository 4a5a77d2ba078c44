import { once } from 'node:events';
import {
  createConnection,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** A line between client and PostgreSQL that a test cuts, silences or leaves unanswered. */
export class Line {
  /** Where the client finds PostgreSQL, through this line */
  readonly url: string;
  /** What becomes of connections that are made from now on */
  newcomers: 'served' | 'unanswered' | 'hung up on' = 'served';
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  readonly #unanswered = new Set<Socket>();

  static async to(url: string): Promise<Line> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Line(server, url);
  }

  private constructor(server: Server, url: string) {
    const { port, hostname } = new URL(url);
    const near = new URL(url);
    near.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.url = near.href;
    this.#server = server.on('connection', (socket) => {
      socket.on('error', () => {});
      if (this.newcomers === 'hung up on') socket.destroy();
      if (this.newcomers === 'unanswered') this.#unanswered.add(socket);
      if (this.newcomers === 'served') this.#join(socket, createConnection(Number(port), hostname));
    });
  }

  /** Ends every connection at once: in order, or as the kernel does for a process that is gone. */
  cut(how: 'in order' | 'reset'): void {
    for (const { near, far } of this.#pairs) {
      if (how === 'reset') near.resetAndDestroy();
      else near.destroy();
      far.destroy();
    }
    this.#pairs.clear();
  }

  /** From now on nothing passes over the connections there are, and neither side is told. */
  silence(): void {
    for (const { near, far } of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  async close(): Promise<void> {
    this.cut('reset');
    for (const socket of this.#unanswered) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    const pair = { near, far: far.setNoDelay().on('error', () => {}) };
    this.#pairs.add(pair);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => {
      near.destroy();
      this.#pairs.delete(pair);
    });
  }
}
