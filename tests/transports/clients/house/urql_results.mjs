// How urql is asked, whichever way its subscriptions go.
import { pipe, subscribe } from "wonka";
import { answered } from "./answers.mjs";

const told = ({ data, error }) => {
  if (error?.networkError && !error.graphQLErrors.length) throw error.networkError;
  return answered(data, error?.graphQLErrors);
};

export const asked = (client) => async (document, variables) =>
  document.trimStart().startsWith("mutation")
    ? told(await client.mutation(document, variables).toPromise())
    : told(await client.query(document, variables).toPromise());

export const listening = (client) => (document, variables, heard) =>
  pipe(
    client.subscription(document, variables),
    subscribe((result) => heard(told(result))),
  );
