import { errorCodes, eventKinds, methods, type Field, type NamedShape } from "@hermes/protocol";
import { errorMeanings } from "../src/rpc-error.ts";

/** `docs/protocol.md`, made from the table of methods. */
export function documentation(): string {
  return [
    "# The protocol",
    "<!-- Made from the table in packages/protocol by its tests: `npx pnpm@12 test packages/protocol/test/documentation.test.ts -u` -->",
    introduction,
    "## Methods",
    methodTable(),
    "## Parameters",
    ...Object.entries(methods).flatMap(([name, { params }]) =>
      Object.keys(params.fields).length === 0 ? [] : [`### \`${name}\``, fieldTable(params.fields)],
    ),
    "## Results",
    ...resultShapes().flatMap(({ name, fields }) => [`### ${name}`, fieldTable(fields)]),
    "## Events",
    ...eventSections(),
    "## Errors",
    errorTable(),
  ]
    .join("\n\n")
    .concat("\n");
}

const introduction = `JSON-RPC 2.0. A gateway answers at \`POST /rpc\` with \`Content-Type: application/json\`, and at \`/ws\` over a WebSocket, one message in each
text frame; the package [\`@hermes/protocol\`](../packages/protocol/README.md) has a typed client. Parameters have names, and one that is not known
is refused. A batch holds at most 32 requests, which are done one after the other. A request without \`id\` is done and not answered.

\`\`\`sh
curl -s http://127.0.0.1:8642/rpc -H "Authorization: Bearer $(cat ~/.hermes/gateway/token)" -H 'Content-Type: application/json' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"deliveries.list","params":{"state":"troubled"}}'
\`\`\`

The scope comes from the credential alone: the home's token has \`admin\`, which includes \`write\`, which includes \`read\`. Moments are
milliseconds since the epoch and end in \`Ms\`; \`timestamp\` and what ends in \`_at\` are texts of ISO 8601. A later version may add members to results.

## Over a WebSocket

Connect to \`ws://127.0.0.1:8642/ws\` (\`wss:\` where the gateway encrypts) with the header \`Authorization: Bearer …\`; a browser that has signed in
is known by its cookie. No token stands in an address. Who shows nothing may ask for \`health\` alone, and is let go after ten seconds.
The answers to requests come in any order; what is told by itself comes as notifications \`{"jsonrpc":"2.0","method":"event","params":{…}}\`, whose
\`params\` are one of the [events](#events). After \`chat.send_stream\` the answer comes that way; \`session.subscribe\` tells of everything in a conversation,
and after a break goes on from \`since\`, the last \`seq\` that was heard.

| the socket is closed with | because |
|---|---|
| 1003, 1009 | a frame was binary, or too large |
| 1008 | much more was asked than may be within a minute |
| 1012 | the gateway ends: connect again in a moment |
| 1013 | there are too many connections |
| 4401 | no credential was shown, or the one that was is no longer good |
| 4408 | what was told was not read: connect again and resume with \`since\` |`;

function methodTable(): string {
  const lines = Object.entries(methods).map(
    ([name, { scope, result, summary }]) =>
      `| \`${name}\` | ${scope === "none" ? "anybody" : `\`${scope}\``} | ${link(result.name)} | ${summary} |`,
  );
  return ["| method | scope | result | what it does |", "|---|---|---|---|", ...lines].join("\n");
}

function fieldTable(fields: Readonly<Record<string, Field>>): string {
  const lines = Object.entries(fields).map(
    ([name, { shape, isOptional, description }]) =>
      `| \`${name}\` | ${linked(shape.expects)}${isOptional ? ", or left out" : ""} | ${description} |`,
  );
  return ["| name | is | meaning |", "|---|---|---|", ...lines].join("\n");
}

function resultShapes(): readonly NamedShape[] {
  const byName = new Map(
    Object.values(methods).flatMap(({ result }) => result.uses.map((shape) => [shape.name, shape] as const)),
  );
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function eventSections(): readonly string[] {
  const placed =
    "Each has its `type`, the conversation's `session_key`, and `seq`, which grows by one with each event of that conversation. A later version may add kinds and members: what is not known is skipped.";
  const kinds = Object.entries(eventKinds).map(([type, { summary }]) => `| \`${type}\` | ${summary} |`);
  const sections = Object.entries(eventKinds).flatMap(([type, { members }]) => {
    const rows = Object.entries(members).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
    return rows.length === 0 ? [] : [`### \`${type}\``, ["| name | meaning |", "|---|---|", ...rows].join("\n")];
  });
  return [placed, ["| type | when it comes |", "|---|---|", ...kinds].join("\n"), ...sections];
}

function errorTable(): string {
  const lines = Object.entries(errorCodes).map(
    ([kind, code]) => `| ${code} | \`${kind}\` | ${errorMeanings[kind as keyof typeof errorCodes]} |`,
  );
  return [
    "An error has `code`, `message` (a sentence for people) and `data.kind` (the code's name).",
    ["| code | kind | means |", "|---|---|---|", ...lines].join("\n"),
  ].join("\n\n");
}

const names = new Set(Object.values(methods).flatMap(({ result }) => result.uses.map(({ name }) => name)));

function linked(expects: string): string {
  return expects.replaceAll(/`([A-Z]\w+)`/gu, (code, name: string) => (names.has(name) ? link(name) : code));
}

function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}
