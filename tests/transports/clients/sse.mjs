// Speaks to a URL with the official graphql-sse client, distinct connections mode; prints what each scenario gave.
import { createClient } from "graphql-sse";
import { all, run } from "./scenarios.mjs";

const url = process.argv[2];
const options = { url, retryAttempts: 0 };

const told = await all(createClient({ ...options, headers: { Authorization: "Bearer good", "Rotunda-Acting-For": "cap_1" } }));
told.forged = await run(createClient({ ...options, headers: { Authorization: "Bearer forged" } }), "subscription { forever }");

process.stdout.write(JSON.stringify(told));
process.exit(0);
