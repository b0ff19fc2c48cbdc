import { z } from "zod";

/** Visible ASCII only: a key with a blank or a line break in it cannot be sent in a header. */
const key = z
  .string()
  .regex(/^[\x21-\x7e]{16,512}$/u, "Expected 16 to 512 visible ASCII characters, such as `openssl rand -hex 32` makes");

const named = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/u, "Expected 1 to 64 of the characters A-Z, a-z, 0-9, _, . and -, a letter or digit first")
    .describe("Who calls with this key: the author of what comes with it. Stays when the key is changed."),
  key: key.describe("What is sent as `Authorization: Bearer …`."),
});

const origin = z
  .string()
  .refine(isOrigin, "Expected an origin such as https://chat.example.com, without a path")
  .describe("A web page's origin.");

/** What the API needs to be configured with. */
export const configurationSchema = z
  .strictObject({
    key: key.optional().describe("The key of the one caller, whose name is then `default`."),
    keys: z.array(named).min(1).max(1000).optional().describe("Several callers, each with a name and a key."),
    modelName: z
      .string()
      .regex(/^[\w./:@-]{1,128}$/u, "Expected 1 to 128 of the characters A-Z, a-z, 0-9, _, ., /, :, @ and -")
      .optional()
      .describe("The model that callers see. Default hermes-agent."),
    maxBodyBytes: z.int().min(1024).max(256_000_000).optional().describe("The largest request body. Default 10000000."),
    maxConcurrentRequests: z.int().min(1).max(10_000).optional().describe("Requests that are worked on at once. Default 64."),
    corsOrigins: z.array(origin).max(1000).optional().describe("Web pages that may call from a browser. Default none."),
  })
  .superRefine(({ key, keys = [] }, context) => {
    if (key === undefined && keys.length === 0) {
      context.addIssue({ code: "custom", path: ["key"], message: "Expected a key: the API does not run without one" });
    }
    const names = [...(key === undefined ? [] : ["default"]), ...keys.map(({ name }) => name)];
    if (new Set(names).size < names.length) {
      context.addIssue({ code: "custom", path: ["keys"], message: "Expected every key to have a name of its own" });
    }
    const secrets = [...(key === undefined ? [] : [key]), ...keys.map((each) => each.key)];
    if (new Set(secrets).size < secrets.length) {
      context.addIssue({ code: "custom", path: ["keys"], message: "Expected every name to have a key of its own" });
    }
  });

export type OpenAiApiConfiguration = z.output<typeof configurationSchema>;

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/u.test(url.protocol) && url.origin === text;
}
