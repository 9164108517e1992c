// urql 6: queries and acts by fetch, subscriptions by graphql-ws.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import { asked, listening } from "./urql_results.mjs";

export function connect({ url, socket, token }) {
  const Authorization = `Bearer ${token}`;
  const live = createClient({ url: socket, connectionParams: { Authorization }, retryWait: async () => {} });
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: live.subscribe({ query, variables }, sink) }),
  });
  const client = new Client({
    url,
    fetchOptions: { headers: { Authorization } },
    exchanges: [fetchExchange, subscriptionExchange({ forwardSubscription })],
  });
  return { ask: asked(client), listen: listening(client) };
}
