// PostGraphile 5 as its documentation has it for production: the Amber preset, Grafserv on Node's own server, no Ruru,
// no watching, no explaining; prepared statements and its caches are on by default. Whoever asks becomes a role and
// claims of the transaction, for row-level security to judge by (`policies.sql`); with BENCH_UNGUARDED nobody is judged.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { BENCH_ACCOUNT, BENCH_CAPACITY, BENCH_TOKEN, BENCH_UNGUARDED } = process.env;
const connections = Number(process.env.ROTUNDA_READERS);
const hashed = (token) => createHash("sha256").update(token).digest("base64");
const sessions = new Map([[hashed(BENCH_TOKEN), { account: BENCH_ACCOUNT, capacity: BENCH_CAPACITY }]]);

function claims({ node }) {
  const session = sessions.get(hashed(node?.req.headers.authorization?.slice("Bearer ".length) ?? ""));
  return {
    pgSettings: {
      role: "peers_reader",
      "jwt.claims.account_id": session?.account ?? "",
      "jwt.claims.capacity_id": session?.capacity ?? "",
    },
  };
}

const serving = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ schemas: ["peers"], poolConfig: { max: connections, min: connections } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, websockets: false, maxRequestLength: 100_000 },
  schema: { defaultBehavior: "+list" }, // lists without edges where nobody asks for cursors
  grafast: { explain: false, ...(BENCH_UNGUARDED ? {} : { context: claims }) },
}).createServ(grafserv);

const server = createServer();
await serving.addTo(server);
server.listen(Number(process.env.ROTUNDA_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
