import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createTestServer } from "./mcp-server.ts";

const [, , mark = ""] = process.argv;
process.stdout.write("Something that is no message\n");
process.stderr.write(`starts with ${process.env["SECRET"] ?? "nothing"}\n`);
await createTestServer(mark).connect(new StdioServerTransport());
