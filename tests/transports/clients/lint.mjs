// Lints what ESLint is given (run from the root): the contract as a schema for Relay, the portal's documents against it.
import graphql from "@graphql-eslint/eslint-plugin";

const { configs, parser } = graphql;
const documents = "portal/pages/**/*.graphql";
const graphQLConfig = { schema: "schema/schema.graphql", documents };
const off = (...rules) => Object.fromEntries(rules.map((rule) => [`@graphql-eslint/${rule}`, "off"]));
const set = (rule, options) => ({ [`@graphql-eslint/${rule}`]: ["error", options] });

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser, parserOptions: { graphQLConfig } },
    plugins: { "@graphql-eslint": graphql },
  },
  {
    files: ["schema/schema.graphql"],
    rules: {
      ...configs["flat/schema-recommended"].rules,
      ...configs["flat/schema-relay"].rules,
      // Notices, problems, pages and moments are values: they have no identity. What has one is a Node, which
      // tests/transports/test_tools.py holds true.
      ...off("strict-id-in-types"),
      // `nodes` beside `edges`, as GitHub has it, for whoever wants no cursors. Relay itself does not mind.
      ...set("relay-edge-types", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }),
    },
  },
  {
    files: [documents],
    rules: {
      ...configs["flat/operations-recommended"].rules,
      // An id in every selection serves a client's cache; a page that is rendered here keeps none.
      ...off("require-selections"),
      // The endpoint's own limit judges depth; a page may go one deeper than the rule's 7.
      ...set("selection-set-depth", { maxDepth: 8 }),
    },
  },
];
