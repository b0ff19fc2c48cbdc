import { errorCodes, methods, type Field, type NamedShape } from "@hermes/protocol";
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
    "## Errors",
    errorTable(),
  ]
    .join("\n\n")
    .concat("\n");
}

const introduction = `JSON-RPC 2.0. A gateway answers at \`POST /rpc\` with \`Content-Type: application/json\` and the bearer token of its home; the package
[\`@hermes/protocol\`](../packages/protocol/README.md) has a typed client. Parameters have names, and one that is not known is refused. A
batch holds at most 32 requests, which are done one after the other. A request without \`id\` is done and not answered.

\`\`\`sh
curl -s http://127.0.0.1:8642/rpc -H "Authorization: Bearer $(cat ~/.hermes/gateway/terminal.token)" -H 'Content-Type: application/json' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"deliveries.list","params":{"state":"troubled"}}'
\`\`\`

The scope comes from the credential alone: the home's token has \`admin\`, which includes \`write\`, which includes \`read\`. Moments are
milliseconds since the epoch and end in \`Ms\`. A later version may add members to results.`;

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
