import type { Scope, TenancyBootstrapper, Tenant, Undo, ValueKey } from "../../src/index.ts";
import { Connection } from "./connection.ts";
import { BootFailure, UndoFailure } from "./failures.ts";
import type { Oracles } from "./oracles.ts";
import type { BootstrapperPlan, Plan } from "./plan.ts";
import type { Stay } from "./stay.ts";
import type { World } from "./world.ts";

/** The current stay, for callbacks that have to find out in which one they are. */
export const STAY: ValueKey<Stay> = Symbol("test:stay");

/** The current tenant's database. */
export const CONNECTION: ValueKey<Connection> = Symbol("test:connection");

type Bootstrapper = TenancyBootstrapper<Tenant>;

/** The bootstrappers of a plan: one that keeps the journal, one for the connection, then whatever is planned. */
export function bootstrappers(plan: Plan, world: World, oracles: () => Oracles): Bootstrapper[] {
  const atWork = async (stay: Stay, label: string): Promise<void> => {
    stay.scope.transitions++;
    await world.pause(`${label} of ${stay.name}`);
    stay.scope.transitions--;
    oracles().within(stay, label);
  };

  const journal: Bootstrapper = {
    name: "journal",
    bootstrap(context) {
      const stay = world.enter(context);
      oracles().within(stay, "the first bootstrap");
      stay.boots(0);
      stay.owesUndo(0);
      context.provide(STAY, () => stay);
      return () => {
        oracles().within(stay, "the last undo");
        stay.undoes(0);
        stay.ends();
      };
    },
  };

  const connection: Bootstrapper = {
    name: "connection",
    bootstrap(context) {
      const stay = world.stayOf(context);
      stay.boots(1);
      const provide = () =>
        context.provide(
          CONNECTION,
          () => {
            stay.creates();
            return new Connection(context, stay, world);
          },
          () => {
            stay.disposes();
            if (plan.connection.dispose === "async") return atWork(stay, "disposal");
          },
        );
      if (plan.connection.boot === "sync") return provide();
      return atWork(stay, "bootstrap 1").then(provide);
    },
  };

  const planned = (each: BootstrapperPlan, position: number): Bootstrapper => {
    const index = position + 2;
    let boots = 0;
    let undos = 0;

    const booted = (stay: Stay): Undo | undefined => {
      if (boots++ === each.bootFailsAt) {
        stay.fails();
        throw new BootFailure();
      }
      if (each.undo === "none") return undefined;
      stay.owesUndo(index);
      return () => undo(stay);
    };
    const undo = (stay: Stay): Promise<void> | undefined => {
      oracles().within(stay, `undo ${index}`);
      stay.undoes(index);
      if (each.undo === "async") return atWork(stay, `undo ${index}`).then(undone);
      undone();
    };
    const undone = (): void => {
      if (undos++ === each.undoFailsAt) throw new UndoFailure();
    };

    return {
      name: `planned ${index}`,
      bootstrap(context: Scope<Tenant>) {
        const stay = world.stayOf(context);
        oracles().within(stay, `bootstrap ${index}`);
        stay.boots(index);
        if (each.boot === "sync") return booted(stay);
        return atWork(stay, `bootstrap ${index}`).then(() => booted(stay));
      },
    };
  };

  return [journal, connection, ...plan.bootstrappers.map(planned)];
}
