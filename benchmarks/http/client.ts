import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Keep-alive connections to one server, each waiting for its answer before it asks again. */
export interface Client {
  /** Sends a request `count` times and gives the requests per second. Throws when an answer is not 200. */
  load(request: Buffer, count: number): Promise<number>;
  close(): void;
}

/** Connects on bare sockets, so that the client costs less than the server that it measures. */
export async function openClient(port: number, connections = 10): Promise<Client> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  return {
    async load(request, count) {
      let left = count - connections;
      const start = process.hrtime.bigint();
      const rest = stayAwake();
      try {
        await Promise.all(sockets.map((socket) => send(socket, request, () => left-- > 0)));
      } finally {
        rest();
      }
      return count / (Number(process.hrtime.bigint() - start) / 1e9);
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * Keeps the process from sleeping until the answer is called. A client that sleeps has to be woken by each answer, at the
 * cost of the server, and the slower server would meet a sleeping client more often.
 */
function stayAwake(): () => void {
  let turn = setImmediate(function again() {
    turn = setImmediate(again);
  });
  return () => clearImmediate(turn);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

function send(socket: Socket, request: Buffer, again: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const finish = (end: () => void) => {
      socket.removeListener("error", reject).removeListener("data", receive);
      end();
    };
    const receive = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!isWhole(text)) return;
      if (!text.startsWith("HTTP/1.1 200")) return finish(() => reject(new Error(text)));
      text = "";
      if (again()) socket.write(request);
      else finish(resolve);
    };
    socket.on("error", reject).on("data", receive);
    socket.write(request);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return text.length === end + 4 + Number(length);
}
