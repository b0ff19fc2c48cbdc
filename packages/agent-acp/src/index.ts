export { acpAgent } from "./acp.ts";
export type { AcpOptions } from "./configuration.ts";
