// A rule for @graphql-inspector/cli: a breaking change is let through where CHANGELOG.md says it, as the tool prints it.
const { readFileSync } = require("node:fs");

const plain = (text) => text.replace(/['`]/g, "");
const changelog = plain(readFileSync("CHANGELOG.md", "utf8"));

module.exports = ({ changes }) => changes.filter((change) => !changelog.includes(plain(change.message)));
