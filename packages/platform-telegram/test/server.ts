// Telegram's Bot API on loopback, as strict as the real one: for the tests of this package, of the gateway and of the benchmarks.
export { startBotApiServer } from "./server/bot-api-server.ts";
export type { BotApiServer, BotApiServerOptions, LoggedCall, Said } from "./server/bot-api-server.ts";
export type { Fault } from "./server/faults.ts";
export type { UploadedFile } from "./server/file-store.ts";
export { formatText } from "./server/formatted-text.ts";
export { png } from "./server/image-size.ts";
export { readRichMessage } from "./server/rich-message.ts";
export { loadSpecification } from "./server/specification.ts";
export { person } from "./server/world.ts";
