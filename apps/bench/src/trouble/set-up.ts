/** A bot of the gateway that is measured. */
export interface BotSetUp {
  readonly id: string;
  readonly token: string;
  readonly apiRoot: string;
  readonly mode: "polling" | "webhook";
}

/** What that gateway is started with. */
export interface GatewaySetUp {
  readonly databasePath: string;
  readonly webhookSecret: string;
  readonly bots: readonly BotSetUp[];
}

const variable = "BENCH_TROUBLE";

/** The set-up as one variable of the environment. */
export function asEnvironment(setUp: GatewaySetUp): Readonly<Record<string, string>> {
  return { [variable]: JSON.stringify(setUp) };
}

/** The set-up this process was started with. */
export function gatewaySetUp(): GatewaySetUp {
  const text = process.env[variable];
  if (text === undefined) throw new Error("This program is started by the benchmark");
  // Written by `asEnvironment`, of the same version.
  return JSON.parse(text) as GatewaySetUp;
}

/** Says where the gateway takes webhooks: the line the benchmark waits for. */
export function tellAddress({ port }: { readonly port: number }): void {
  process.stdout.write(`gateway listens on ${port}\n`);
}

/** The line of `tellAddress`. */
export const addressLine = /^gateway listens on (\d+)$/u;
