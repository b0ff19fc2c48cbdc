import { Option, type Command } from "commander";
import { examples } from "./examples.ts";

/** `hermes gateway status`. */
export function addGatewayStatus(gateway: Command): void {
  gateway
    .command("status")
    .description("tell how the gateway of this home is: platforms, turns, store, home channels, maintenance")
    .addOption(new Option("--json", "print one JSON object for scripts"))
    .addHelpText(
      "after",
      `
Exit codes: 0 it runs, 3 none runs (or it is just starting), 75 it does not answer, 78 wrong usage or configuration.
${examples("hermes gateway status", "hermes gateway status --json | jq .platforms")}`,
    )
    .action(async (options: { readonly json?: true }) => {
      const { printGatewayStatus } = await import("./operator/run-gateway-status.ts");
      await printGatewayStatus(options);
    });
}
