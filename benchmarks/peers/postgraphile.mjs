// PostGraphile 5 as its documentation has it for production: the Amber preset, Grafserv on Node's own server, no Ruru,
// no watching, no explaining; prepared statements and its caches are on by default.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const connections = Number(process.env.ROTUNDA_READERS);
const serving = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ schemas: ["peers"], poolConfig: { max: connections, min: connections } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, websockets: false, maxRequestLength: 100_000 },
  schema: { defaultBehavior: "+list" }, // lists without edges where nobody asks for cursors
  grafast: { explain: false },
}).createServ(grafserv);

const server = createServer();
await serving.addTo(server);
server.listen(Number(process.env.ROTUNDA_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
