import type { Client } from "pg";

/** Whether a session reads texts as SQL is written here, told by the server itself with each change. */
export class TextReading {
  readonly #others = new Set<string>();

  /** Has to be made before the client connects. */
  constructor(client: Client) {
    client.connection.on(
      "parameterStatus",
      ({ parameterName, parameterValue }: ParameterStatus) => {
        if (plain[parameterName]?.test(parameterValue) === false) this.#others.add(parameterName);
        else this.#others.delete(parameterName);
      },
    );
  }

  /** Otherwise a text may end where the server goes on reading it, and the other way round. */
  get isPlain(): boolean {
    return this.#others.size === 0;
  }
}

/** What the client emits for the message of that name. */
interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

const plain: Readonly<Record<string, RegExp>> = {
  client_encoding: /^utf-?8$/i,
  standard_conforming_strings: /^on$/,
};
