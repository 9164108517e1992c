// Apollo Client 4: queries and acts by HttpLink, subscriptions by GraphQLWsLink.
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import { answered } from "./answers.mjs";

export function connect({ url, socket, token }) {
  const Authorization = `Bearer ${token}`;
  const live = createClient({ url: socket, connectionParams: { Authorization }, retryWait: async () => {} });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(live),
      new HttpLink({ uri: url, headers: { Authorization } }),
    ),
    defaultOptions: { query: { errorPolicy: "all" }, mutate: { errorPolicy: "all" } },
  });
  const told = ({ data, error }) => {
    if (error && !CombinedGraphQLErrors.is(error)) throw error;
    return answered(data, error?.errors);
  };
  return {
    ask: async (document, variables) =>
      document.trimStart().startsWith("mutation")
        ? told(await client.mutate({ mutation: gql(document), variables }))
        : told(await client.query({ query: gql(document), variables })),
    listen: (document, variables, heard) =>
      client.subscribe({ query: gql(document), variables }).subscribe((result) => heard(told(result))),
  };
}
