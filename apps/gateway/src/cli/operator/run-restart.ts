import { GatewayError } from "../../config/problem.ts";
import { printable } from "../../log/printable.ts";
import { askGateway } from "./ask-gateway.ts";

/** `hermes gateway restart`: asks for it, and does not wait until it is done. */
export async function restartGateway(): Promise<void> {
  const { done, message } = await askGateway(({ client }) => client.call("gateway.restart"));
  if (!done) throw new GatewayError(message, { exitCode: 75 });
  process.stdout.write(`${printable(message)}\n`);
}
