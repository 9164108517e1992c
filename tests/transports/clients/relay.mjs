// Compiles the Relay sources of relay/ against a schema, in a folder; prints the text of every operation by its name.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [schema, folder] = process.argv.slice(2);
const source = join(folder, "src");
mkdirSync(source, { recursive: true });
for (const name of readdirSync("relay")) copyFileSync(join("relay", name), join(source, name));
copyFileSync(schema, join(folder, "schema.graphql"));
writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }');
const config = { src: "src", schema: "schema.graphql", language: "javascript", eagerEsModules: false };
writeFileSync(join(folder, "relay.config.json"), JSON.stringify(config));

const compiler = join(import.meta.dirname, "node_modules", "relay-compiler", "cli.js");
try {
  execFileSync(process.execPath, [compiler], { cwd: folder, stdio: "pipe" });
} catch (error) {
  process.stderr.write(error.stderr?.toString() + error.stdout?.toString());
  process.exit(1);
}

const told = {};
const require = createRequire(import.meta.url);
for (const name of readdirSync(join(source, "__generated__"))) {
  const made = require(join(source, "__generated__", name));
  if (made.params) told[made.params.name] = made.params.text;
}
process.stdout.write(JSON.stringify(told));
