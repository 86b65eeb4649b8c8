import {
  lazyValue,
  type Scope,
  type TenancyBootstrapper,
  type TenantRecord,
  valueKey,
} from "@af-tenancy/core";

/** What the application sends mail with. */
export interface Mailer {
  send(to: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** The current tenant's mailer: `tenancy.get(MAILER)`. */
export const MAILER = valueKey<Mailer>("my-app:mailer");

/** Gives each tenant mail of its own: `connect` makes a mailer that sends from an address. */
export function mailerBootstrapper(
  connect: (from: string) => Mailer,
): TenancyBootstrapper<TenantRecord> {
  return {
    name: "mailer",
    values: [
      lazyValue(
        MAILER,
        // when somebody asks, at most once in a stay
        (_get, { tenant: { name, slug } }: Scope<TenantRecord>) =>
          connect(`"${name}" <no-reply@${slug}.example.com>`),
        (mailer) => mailer.close(), // at the end, if somebody asked
      ),
    ],
  };
}
