import { readEnvironment } from "../../config/environment.ts";
import { homeOf } from "../../config/sources.ts";
import { printable } from "../../log/printable.ts";
import { asJson } from "../ledger/as-json.ts";
import { currentView } from "../ledger/view.ts";
import { findGateway } from "./find-gateway.ts";
import { gatewayState, silentState, type ToldStatus } from "./gateway-state.ts";

/** What is not running, as `systemctl status` says it. */
const notRunning = 3;

/** `hermes gateway status`: the exit code is 0 where a gateway serves, and 3 where none does. */
export async function printGatewayStatus({ json }: { readonly json?: true }): Promise<void> {
  const home = homeOf(readEnvironment());
  const found = await findGateway(home);
  if (found.state === "serving") {
    await printServing(json === true);
    return;
  }
  const state = found.state === "absent" ? "stopped" : "starting";
  const words =
    found.state === "absent"
      ? `No gateway runs for ${home}. Start it: hermes gateway run`
      : `The gateway for ${home}${found.pid === undefined ? "" : ` (pid ${found.pid})`} is just starting or stopping. Ask again in a moment.`;
  process.stdout.write(json === true ? asJson(silentState(state, home, Date.now())) : `${printable(words)}\n`);
  process.exitCode = notRunning;
}

async function printServing(isJson: boolean): Promise<void> {
  // Only now: where none runs, no configuration is read.
  const [{ askGateway }, { showGatewayStatus }] = await Promise.all([
    import("./ask-gateway.ts"),
    import("./show-gateway-status.ts"),
  ]);
  const told = await askGateway(async ({ client, url }): Promise<ToldStatus> => {
    const [info, { rows }] = await Promise.all([client.call("gateway.status"), client.call("platforms.list")]);
    return { info, platforms: rows, url };
  });
  const view = currentView();
  process.stdout.write(isJson ? asJson(gatewayState(told, view.nowMs)) : showGatewayStatus(told, view));
}
