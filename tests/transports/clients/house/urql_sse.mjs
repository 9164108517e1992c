// urql 6 with nothing but fetch: it reads subscriptions as an event stream.
import { Client, fetchExchange } from "@urql/core";
import { asked, listening } from "./urql_results.mjs";

export function connect({ url, token }) {
  const client = new Client({
    url,
    fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
    fetchSubscriptions: true,
    exchanges: [fetchExchange],
  });
  return { ask: asked(client), listen: listening(client) };
}
