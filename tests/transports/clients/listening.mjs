// Only listens, with the client of house/ that is named; prints what it hears until standard input ends.
const [name, given, query] = process.argv.slice(2);
const { url, token, head } = JSON.parse(given);
const { connect } = await import(`./house/${name}.mjs`);

const say = (step, told) => process.stdout.write(`${JSON.stringify({ step, told })}\n`);
connect({ url, token, socket: url.replace("http", "ws") }).listen(query, { after: head }, (told) => say("heard", told));
process.stdin.resume().on("end", () => process.exit(0));
