// Speaks to a URL with the official graphql-ws client; prints what each scenario gave.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { all, run } from "./scenarios.mjs";

const url = process.argv[2];
const closes = [];
const options = { url, webSocketImpl: WebSocket, retryAttempts: 0 };
const on = { closed: ({ code, reason }) => closes.push({ code, reason }) };

const client = createClient({ ...options, on, lazyCloseTimeout: 500, connectionParams: { Authorization: "Bearer good", "Rotunda-Acting-For": "cap_1" } });
const told = await all(client);
await new Promise((resolve) => setTimeout(resolve, 300));
told.closes = [...closes];
await client.dispose();

const forged = createClient({ ...options, connectionParams: { Authorization: "Bearer forged" } });
told.forged = await run(forged, "{ hello }");

process.stdout.write(JSON.stringify(told));
process.exit(0);
