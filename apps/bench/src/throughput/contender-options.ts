/** What a contender is started with. */
export interface ContenderOptions {
  readonly apiRoot: string;
  readonly botToken: string;
  readonly botName: string;
  readonly webhookSecret: string;
}

const prefix = "BENCH_CONTENDER=";

/** The options as one variable of the environment. */
export function asEnvironment(options: ContenderOptions): Readonly<Record<string, string>> {
  return { BENCH_CONTENDER: JSON.stringify(options) };
}

/** The options this process was started with. */
export function contenderOptions(): ContenderOptions {
  const text = process.env["BENCH_CONTENDER"];
  if (text === undefined) throw new Error(`This program is started by the benchmark, with ${prefix}…`);
  // Written by `asEnvironment`, of the same version.
  return JSON.parse(text) as ContenderOptions;
}

/** Says where this contender listens: the line the benchmark waits for. */
export function tellAddress({ port }: { readonly port: number }): void {
  process.stdout.write(`contender listens on ${port}\n`);
}

/** The line of `tellAddress`. */
export const addressLine = /^contender listens on (\d+)$/u;
