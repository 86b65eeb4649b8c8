import type { TenancyComponent, TenancyHost } from "./contracts/component.ts";
import { startChannel } from "./diagnostics.ts";

/** Starts components in order, and closes them in reverse. */
export class Components {
  readonly #list: readonly TenancyComponent[];
  #started: TenancyComponent[] = [];

  constructor(list: readonly TenancyComponent[]) {
    this.#list = list;
  }

  attach(host: TenancyHost): void {
    for (const component of this.#list) component.attach?.(host);
  }

  /** Starts all or none: when one fails, those before it are closed and the failure surfaces. */
  async start(): Promise<void> {
    for (const component of this.#list) {
      try {
        tell("begun", component);
        await component.start?.();
        tell("done", component);
        this.#started.push(component);
      } catch (error) {
        const errors = await this.#closeStarted();
        if (errors.length === 0) throw error;
        throw new AggregateError([error, ...errors], `Starting "${component.name}" failed.`, {
          cause: error,
        });
      }
    }
  }

  /** Closes all, whatever some of them throw. */
  async close(): Promise<void> {
    const errors = await this.#closeStarted();
    if (errors.length > 0) throw new AggregateError(errors, "Closing the tenancy's parts failed.");
  }

  async #closeStarted(): Promise<unknown[]> {
    const errors: unknown[] = [];
    const started = this.#started.reverse();
    this.#started = [];
    for (const component of started) {
      try {
        await component.close?.();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}

function tell(event: "begun" | "done", { name: component }: TenancyComponent): void {
  if (startChannel.hasSubscribers) startChannel.publish({ event, component });
}
