import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A balancer of TCP connections: each new one goes to the next server whose `/readyz` said 200 when it was asked last.
 * It knows nothing of HTTP, and tries nothing twice.
 */
export class Balancer {
  readonly #ports: readonly number[];
  readonly #ready = new Set<number>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#forward(socket));
  #turn = 0;
  #isOver = false;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  static async before(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    for (const port of ports) void balancer.#ask(port);
    return balancer;
  }

  get url(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get ready(): readonly number[] {
    return [...this.#ready].toSorted((a, b) => a - b);
  }

  close(): void {
    this.#isOver = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #ask(port: number): Promise<void> {
    while (!this.#isOver) {
      const headers = { Connection: 'close' };
      const status = await fetch(`http://127.0.0.1:${port}/readyz`, { headers }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 0,
      );
      if (status === 200) this.#ready.add(port);
      else this.#ready.delete(port);
      await sleep(100);
    }
  }

  #forward(socket: Socket): void {
    const ready = this.#ports.filter((port) => this.#ready.has(port));
    const port = ready[this.#turn++ % ready.length];
    if (port === undefined) return void socket.destroy();
    const behind = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
