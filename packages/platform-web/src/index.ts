export { createWebDoor } from "./web.ts";
export type { WebDoor, WebSurroundings } from "./web.ts";
export type {
  KnownAnswer,
  OwnMethod,
  Upload,
  Uploads,
  WebCaller,
  WebConnection,
  WebCredential,
  WebLimits,
  WebOptions,
} from "./options.ts";
export type { EventBody } from "./encode.ts";
