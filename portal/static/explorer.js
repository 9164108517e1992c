// GraphiQL in the page at /graphql, as whoever is signed in: the session's cookie goes along by itself.
(() => {
  "use strict";

  const told = JSON.parse(document.getElementById("explorer-told").textContent);
  const { createElement, createRoot, GraphiQL, createGraphiQLFetcher } = globalThis.GraphiQLKit;

  globalThis.MonacoEnvironment = {
    getWorker: (_id, label) => new Worker(told.workers[label] || told.workers[""]),
  };

  // Where the page is not served over https, browsers have no randomUUID.
  const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");

  const chosen = new URLSearchParams(location.search).get("example");
  const example = told.examples[chosen];
  const first = example ?? told.examples["mayor/who-am-i"];
  const tab = { query: first.query, variables: first.variables.replaceAll("a new key", newKey()) };

  const place = document.getElementById("graphiql");
  place.replaceChildren();
  createRoot(place).render(
    createElement(GraphiQL, {
      fetcher: createGraphiQLFetcher({
        url: "/graphql",
        subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`,
      }),
      // Opened by name, an example is a tab beside those of the last visit; otherwise it is only the first of all.
      ...(example ? { initialQuery: tab.query, initialVariables: tab.variables } : { defaultTabs: [tab] }),
      defaultEditorToolsVisibility: "variables",
    }),
  );
})();
