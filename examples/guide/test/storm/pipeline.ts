import { once } from "node:events";
import { connect } from "node:net";

/** A connection that is kept alive and asks for several things at once. */
export interface Pipeline {
  /** Sends requests without waiting between them; gives the answers, in order. */
  ask(requests: readonly string[]): Promise<readonly PipelinedAnswer[]>;
  close(): void;
}

interface PipelinedAnswer {
  readonly status: number;
  readonly body: string;
}

/** Connects to a server of this machine, whose answers all have a `Content-Length`. */
export async function openPipeline(port: number): Promise<Pipeline> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return {
    ask(requests) {
      return new Promise((resolve, reject) => {
        let received = "";
        const answers: PipelinedAnswer[] = [];
        const left = () => reject(new Error(`the server left after ${answers.length} answers`));
        const receive = (chunk: Buffer) => {
          received += chunk.toString("latin1");
          for (let first = cut(received); first !== undefined; first = cut(received)) {
            answers.push(first);
            received = received.slice(first.length);
          }
          if (answers.length < requests.length) return;
          socket.off("data", receive).off("close", left).off("error", reject);
          resolve(answers);
        };
        socket.on("data", receive).on("close", left).on("error", reject);
        socket.write(requests.join(""));
      });
    },
    close: () => void socket.destroy(),
  };
}

/** The first whole answer, and how long it was. */
function cut(received: string): (PipelinedAnswer & { readonly length: number }) | undefined {
  const end = received.indexOf("\r\n\r\n") + 4;
  if (end < 4) return undefined;
  const head = received.slice(0, end);
  const length = end + Number(/^content-length: (\d+)/im.exec(head)?.[1]);
  if (received.length < length) return undefined;
  return { status: Number(head.slice(9, 12)), body: received.slice(end, length), length };
}
